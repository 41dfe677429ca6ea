"""Who is erased is found nowhere any more, and the log proves as much as it did: on either engine."""

import io
import zipfile
from collections.abc import AsyncIterator, Iterable
from typing import Any

import orjson
import pypdf
import pytest
from sqlalchemy import select

from bot.accounts import account_of
from bot.exercise.forms import Form
from bot.exercise.people import Person
from bot.report.forms import made
from bot.report.seals import printed
from bot.report.verifying import report, verify
from bot.report.written import read_record
from bot.service.erasing import By, CannotEraseError, Wanted, erase
from bot.store import log
from bot.store.schema import log as log_table
from bot.store.store import Store
from bot.verify_command import exercise_verified
from tests.builders import STARTEX
from tests.erasing.stage import (
    EVERYBODY,
    FILE,
    NUMBER,
    OF_HUMAS,
    OF_POSKO,
    WRITTEN,
    everything,
    meddle,
    rows_of,
    traces,
    username,
)
from tests.old_logs import seal_as_before_salts

ALL = Wanted(By.COMMAND)
_NOW = STARTEX.replace(year=2025)


async def erased(store: Store, wanted: Wanted = ALL, number: int = NUMBER) -> dict[str, int]:
    """Erase, and give what was removed."""
    done = await store.perform(lambda tx: erase(tx, number, wanted, _NOW))
    return dict(done.removed)


async def document(store: Store, number: int = NUMBER) -> dict[str, Any]:
    """The record, as JSON."""
    told = await store.read(lambda tx: account_of(tx, number))
    assert told is not None
    found: dict[str, Any] = orjson.loads(made(told, Form.JSON, "id"))
    return found


async def verdict(store: Store, seal: str | None = None, number: int = NUMBER) -> tuple[bool, list[str]]:
    """Whether the database holds the exercise whole, and what is said about it."""
    examined = await store.read(lambda tx: exercise_verified(tx, number, seal))
    assert examined is not None
    return examined[0], list(examined[1])


async def printed_seal(store: Store) -> str:
    """The seal that the summary shows."""
    return printed(await store.read(lambda tx: log.entries(tx, NUMBER))).head


@pytest.fixture(params=["with salts", "from before salts"])
async def played(store: Store, url: str, request: pytest.FixtureRequest) -> AsyncIterator[Store]:
    """The exercise in the database, its log of this version or of the one before."""
    await store.perform(everything)
    if request.param == "from before salts":
        await meddle(url, lambda connection: seal_as_before_salts(connection, NUMBER))
    # Nothing of it in memory.
    fresh = Store(url)
    await fresh.open()
    yield fresh
    await fresh.close()


async def test_everybody_is_found_nowhere_any_more(played: Store, url: str) -> None:
    before = await rows_of(url)
    assert {line.partition(":")[0] for line in traces(before, EVERYBODY)} >= {
        "exercise", "stop", "participant", "seat", "leader", "delivery", "log", "inbox", "outbox", "chat", "menu",
        "person", "join_try", "scenario",
    }  # fmt: skip
    assert all(traces(before, (), [word]) for word in (*WRITTEN, FILE))
    removed = await erased(played)
    assert removed["people"] == len(EVERYBODY) + 1  # The director of the builders is one more.
    assert min(removed[kind] for kind in ("entries", "names", "words", "files", "chats")) > 0
    assert min(removed[kind] for kind in ("messages", "updates", "directory")) > 0
    assert traces(await rows_of(url), EVERYBODY, (*WRITTEN, FILE, "Grup", "Direktur Sari", "-6.2,106.8")) == []


async def test_the_log_of_an_erased_exercise_is_whole_and_the_printed_seal_is_known(played: Store) -> None:
    seal = await printed_seal(played)
    assert (await verdict(played, seal))[0]
    await erased(played)
    whole, lines = await verdict(played, seal)
    assert whole, lines
    told = "\n".join(lines)
    assert "everybody was erased (command" in told
    assert "erased in part" in told
    assert "the seal given" in told
    assert not (await verdict(played, "0" * 64))[0]


async def test_the_figures_of_an_erased_exercise_are_what_they_were(played: Store) -> None:
    before = await document(played)
    await erased(played)
    after = await document(played)
    assert after["figures"] == before["figures"]
    for part in ("deliveries", "decisions", "reports", "notes", "ratings"):
        assert len(after[part]) == len(before[part])
    for was, now in zip(before["deliveries"], after["deliveries"], strict=True):
        for name in ("sent_at", "acknowledged_at", "option", "option_at", "latency_seconds"):
            assert now[name] == was[name]
    assert [line["kind"] for line in after["log"]] == [*(line["kind"] for line in before["log"]), "erased"]


async def test_a_person_has_one_pseudonym_throughout(played: Store) -> None:
    before = await document(played)
    await erased(played)
    after = await document(played)
    names: dict[int, set[tuple[int, str]]] = {}
    for was, now in zip(before["log"], after["log"], strict=False):
        if was["actor"] and was["actor"]["id"]:
            names.setdefault(was["actor"]["id"], set()).add((now["actor"]["id"], now["actor"]["name"]))
    assert all(len(given) == 1 for given in names.values())
    given = [next(iter(each)) for each in names.values()]
    assert len(set(given)) == len(given)
    assert all(name == f"orang {-number}" for number, name in given)


@pytest.mark.parametrize("person", EVERYBODY, ids=lambda person: person.name.split()[0])
async def test_one_person_is_found_nowhere_any_more(store: Store, url: str, person: Person) -> None:
    await store.perform(everything)
    seal = await printed_seal(store)
    others = [each for each in EVERYBODY if each is not person]
    known = {each for each in others if traces(await rows_of(url), [each])}
    await erased(store, Wanted(By.COMMAND, person.id))
    rows = await rows_of(url)
    assert traces(rows, [person]) == []
    assert {each for each in others if traces(rows, [each])} == known
    assert (await verdict(store, seal))[0]
    # And then the others, on top of it.
    await erased(store)
    assert traces(await rows_of(url), EVERYBODY, WRITTEN) == []
    whole, lines = await verdict(store, seal)
    assert whole, lines


async def test_of_one_person_the_writing_goes_and_others_writing_stays_without_their_name(store: Store) -> None:
    await store.perform(everything)
    await erased(store, Wanted(By.COMMAND, OF_POSKO.id, called=["sakit"]))
    after = await document(store)
    texts = {report["text"] for report in after["reports"]}
    assert "katasatu orang 1" in texts
    decided = next(delivery for delivery in after["deliveries"] if delivery["option"])
    assert (decided["option"], decided["reason"], decided["option_by"]["name"]) == ("pantau", "[dihapus]", "orang 1")
    skipped = next(line for line in after["log"] if line["kind"] == "skipped" and line["inject"] == "C-04")
    assert skipped["detail"]["why"] == f"{OF_HUMAS.name} orang 1"
    assert any(f"@{username(OF_HUMAS)}" in note["text"] for note in after["notes"])


async def test_one_person_after_another_leaves_a_log_that_is_whole(played: Store) -> None:
    seal = await printed_seal(played)
    for person in EVERYBODY:
        await erased(played, Wanted(By.COMMAND, person.id))
        whole, lines = await verdict(played, seal)
        assert whole, lines
    told = str((await document(played))["log"])
    assert all(f"'orang {number}'" in told for number in range(1, len(EVERYBODY) + 1))


async def test_no_form_of_the_record_names_anybody(store: Store) -> None:
    await store.perform(everything)
    before = {form: read(content) for form, content in (await every_form(store)).items()}
    for form in (Form.JSON, Form.CSV, Form.XLSX, Form.HTML, Form.PDF, Form.DECISIONS_PDF):
        assert OF_POSKO.name in before[form], form
    await erased(store)
    for form, content in (await every_form(store)).items():
        assert named_in(read(content)) == [], form


async def every_form(store: Store) -> dict[Form, bytes]:
    told = await store.read(lambda tx: account_of(tx, NUMBER))
    assert told is not None
    return {form: made(told, form, "id") for form in Form}


def read(content: bytes) -> str:
    """The words of a file of whatever kind."""
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return " ".join(archive.read(name).decode(errors="replace") for name in archive.namelist())
    if content.startswith(b"%PDF"):
        return " ".join(" ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(content)).pages).split())
    return content.decode(errors="replace")


def named_in(text: str) -> Iterable[str]:
    parts = [part for person in EVERYBODY for part in (*person.name.split(), str(person.id), username(person))]
    return [part for part in (*parts, *WRITTEN, FILE) if part.casefold() in text.casefold()]


async def test_a_record_on_its_own_shows_what_was_erased_and_that_it_is_whole(played: Store) -> None:
    seal = await printed_seal(played)
    await erased(played)
    found = verify(read_record(orjson.dumps(await document(played))), seal)
    assert found.problems == []
    assert found.erased > 0
    assert any("everybody was erased" in line for line in report(found))


async def test_nothing_is_left_by_which_a_guess_could_be_confirmed(played: Store, url: str) -> None:
    """Neither a salt of what was erased, nor a hash with names in it but the last, over all of them."""
    entries = await played.read(lambda tx: log.entries(tx, NUMBER))
    by_name = {entry.hash for entry in entries if not entry.salt and entry.fact.actor and entry.fact.actor.id}
    await erased(played)
    gone = {entry.seq for entry in await played.read(lambda tx: log.entries(tx, NUMBER)) if entry.commitment}
    salts = {entry.salt for entry in entries if entry.salt and entry.seq in gone}
    kept = {str(value) for rows in (await rows_of(url)).values() for row in rows for value in row}
    text = "\n".join(kept)
    assert [salt for salt in salts if salt in text] == []
    assert len([hash_ for hash_ in by_name if hash_ in text]) <= 1


async def test_an_exercise_that_is_erased_again_stays_as_it_is(played: Store) -> None:
    await erased(played)
    before = await document(played)
    assert await erased(played) == {}
    after = await document(played)
    assert after["log"][: len(before["log"])] == before["log"]
    assert (await verdict(played))[0]


async def test_who_is_named_in_another_exercise_too_is_known_there(store: Store, url: str) -> None:
    await store.perform(everything)
    await store.perform(lambda tx: everything(tx, NUMBER + 1))
    done = await store.perform(lambda tx: erase(tx, NUMBER, ALL, _NOW))
    assert done.elsewhere == [NUMBER + 1]
    rows = await rows_of(url)
    assert len(rows["person"]) == len(EVERYBODY)
    own = {name: [row for row in rows[name] if row[0] == NUMBER] for name in rows if name not in _BESIDE}
    own["outbox"] = [row for row in rows["outbox"] if row[2] == NUMBER]
    assert traces(own, EVERYBODY, WRITTEN) == []
    assert (await verdict(store, number=NUMBER + 1))[0]
    await erased(store, number=NUMBER + 1)
    assert traces(await rows_of(url), EVERYBODY, WRITTEN) == []


_BESIDE = {"outbox", "inbox", "chat", "menu", "person", "join_try", "scenario", "upload", "ledger", "lease"}


async def test_nobody_is_erased_who_is_not_there(store: Store) -> None:
    await store.perform(everything)
    with pytest.raises(CannotEraseError, match="Nobody of the id 12345"):
        await erased(store, Wanted(By.COMMAND, 12345))
    with pytest.raises(CannotEraseError, match="no exercise 8"):
        await erased(store, number=8)


async def test_what_was_wrong_with_a_log_before_stays_known(played: Store, url: str) -> None:
    """An erasure that has to seal the log anew hides nobody's meddling."""
    await meddle(
        url, lambda connection: connection.execute(log_table.update().where(log_table.c.seq == 40).values(unit="medis"))
    )
    assert not (await verdict(played))[0]
    await erased(played)
    whole, lines = await verdict(played)
    assert not whole
    assert any("entry 40: is not what was written" in line for line in lines)


async def test_an_entry_that_cannot_be_read_is_emptied(store: Store, url: str) -> None:
    await store.perform(everything)
    await meddle(
        url,
        lambda connection: connection.execute(
            log_table.update().where(log_table.c.seq == 40).values(detail="{Hendra", actor_name="Hendra", actor_id=4)
        ),
    )
    await erased(store)
    assert traces(await rows_of(url), EVERYBODY) == []
    assert not (await verdict(store))[0]
    await store.read(lambda tx: tx.read(select(log_table)).all())
