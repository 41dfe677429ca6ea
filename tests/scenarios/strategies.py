"""Scenarios made up by hypothesis: valid, with everything that the format has."""

from datetime import timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from scenarios.model import (
    Acknowledge,
    Condition,
    Decision,
    Evidence,
    EvidenceKind,
    Inject,
    Kind,
    Language,
    Location,
    Medium,
    Objective,
    Option,
    Phase,
    Requires,
    Scenario,
    Text,
    Unit,
)

slugs = st.from_regex(r"[a-z0-9_-]{1,40}", fullmatch=True).filter(lambda slug: slug != "all")
inject_ids = st.from_regex(r"[A-Za-z0-9-]{1,16}", fullmatch=True)
windows = st.timedeltas(timedelta(microseconds=1), timedelta(days=2))
offsets = st.timedeltas(timedelta(0), timedelta(days=2))
words = st.one_of(
    st.sampled_from(
        ["no", "null", "~", "12", "01:05:30", "a: b", "- x", "# x", "x #y", "{", "'", "<<", "TPS 3?", "x\n\n", "\nx"]
    ),
    st.text(st.characters(exclude_categories=["Cs", "Cc"], include_characters="\n\t"), min_size=1, max_size=200),
    st.lists(st.sampled_from(["Situasi", "KUNING:", "lapis", "ganti", "-", "Posko,"]), min_size=15, max_size=60).map(
        " ".join
    ),
).filter(lambda text: bool(text.strip()))
file_names = st.from_regex(r"[a-z]{1,8}/[a-z]{1,8}\.[a-z]{3}", fullmatch=True)


def some_of(names: list[str]) -> SearchStrategy[tuple[str, ...]]:
    """Some of ``names``, each once."""
    return st.lists(st.sampled_from(names), unique=True, max_size=4).map(tuple) if names else st.just(())


@st.composite
def texts(draw: DrawFn, languages: tuple[Language, ...]) -> Text:
    """Words for all languages, or for each."""
    if draw(st.booleans()):
        return Text(draw(words))
    return Text({language: draw(words) for language in languages})


def maybe(strategy: SearchStrategy[Any]) -> SearchStrategy[Any]:
    """``None``, or what ``strategy`` makes."""
    return st.none() | strategy


@st.composite
def scenarios(draw: DrawFn) -> Scenario:
    """A scenario that passes every check."""
    both: list[Language] = ["id", "en"]
    languages = tuple(draw(st.permutations(both))[: draw(st.integers(1, 2))])
    text = texts(languages)
    units = draw(st.lists(slugs, min_size=1, max_size=5, unique=True))
    groups = draw(st.lists(slugs.filter(lambda slug: slug not in units), max_size=2, unique=True))
    phases = draw(st.lists(slugs, max_size=3, unique=True))
    situations = draw(st.lists(slugs, max_size=3, unique=True))
    objectives = draw(st.lists(slugs, max_size=3, unique=True))
    ids = draw(st.lists(inject_ids, min_size=1, max_size=6, unique_by=str.casefold))
    members = st.lists(st.sampled_from(units), min_size=1, unique=True).map(tuple)

    def acknowledges() -> SearchStrategy[Any]:
        return st.builds(
            lambda remind, more, by, escalate: Acknowledge(
                within=more + (remind or timedelta(0)), by=by, remind=remind, escalate=escalate
            ),
            maybe(windows),
            windows,
            st.sampled_from(["anyone", "leader"]),
            maybe(offsets),
        )

    @st.composite
    def decisions(draw: DrawFn, inject_id: str) -> Decision:
        others = [other for other in ids if other != inject_id]
        options = [
            Option(
                id=slug,
                text=draw(text),
                then=draw(some_of(others)),
                reason=draw(st.sampled_from([None, "required"])),
            )
            for slug in draw(st.lists(slugs, min_size=2, max_size=4, unique=True))
        ]
        return Decision(by=draw(st.sampled_from(units)), within=draw(windows), options=tuple(options))

    @st.composite
    def injects(draw: DrawFn, inject_id: str) -> Inject:
        others = [other for other in ids if other != inject_id]
        kind = draw(st.sampled_from(Kind))
        decision = draw(decisions(inject_id)) if kind is Kind.DECISION else None
        acknowledge = draw(maybe(acknowledges()))
        to = draw(st.lists(st.sampled_from([*units, *groups, "all"]), min_size=1, max_size=4))
        media = draw(st.lists(st.sampled_from(["photo", "document", "video", "voice"]), max_size=2))
        evidence = draw(st.lists(st.sampled_from(EvidenceKind), unique=True, max_size=3))
        return Inject(
            id=inject_id,
            to=(*to, decision.by) if decision else tuple(to),
            text=draw(text),
            at=draw(maybe(offsets)),
            phase=draw(st.sampled_from([None, *phases])),
            sender=draw(maybe(text)),
            kind=kind,
            situation=draw(st.sampled_from([None, *situations])),
            objectives=draw(some_of(objectives)),
            expect=draw(maybe(text)),
            notes=draw(maybe(text)),
            media=tuple(Medium(**{medium: draw(file_names)}) for medium in media),
            location=draw(
                maybe(st.builds(Location, lat=st.floats(-90, 90), lon=st.floats(-180, 180), name=maybe(text)))
            ),
            acknowledge=acknowledge,
            progress=tuple(draw(st.lists(slugs, max_size=3, unique=True))),
            evidence=tuple(Evidence(kind=kind, within=draw(maybe(windows))) for kind in evidence),
            decision=decision,
            if_silent=draw(some_of(others)) if acknowledge or decision else (),
        )

    drawn = [draw(injects(inject_id)) for inject_id in ids]
    return Scenario(
        format=1,
        id=draw(slugs),
        title=draw(text),
        description=draw(maybe(text)),
        duration=draw(maybe(st.just(timedelta(days=2)))),
        languages=languages,
        situations=tuple(situations),
        objectives=tuple(Objective(id=slug, title=draw(text)) for slug in objectives),
        units={slug: Unit(name=draw(text), description=draw(maybe(text)), leader=draw(maybe(text))) for slug in units},
        groups={slug: draw(members) for slug in groups},
        phases=tuple(Phase(id=slug, title=draw(text)) for slug in phases),
        injects=tuple(inject.model_copy(update={"requires": draw(maybe(gates(inject.id, drawn)))}) for inject in drawn),
    )


@st.composite
def gates(draw: DrawFn, inject_id: str, injects: list[Inject]) -> Requires | None:
    """A gate on the answers to other injects, where there are any."""
    possible = [
        Condition(inject=inject.id, option=option.id)
        for inject in injects
        if inject.decision and inject.id != inject_id
        for option in inject.decision.options
    ] + [
        Condition(inject=inject.id, acknowledged=True)
        for inject in injects
        if inject.acknowledge and inject.id != inject_id
    ]
    if not possible:
        return None
    conditions = tuple(draw(st.lists(st.sampled_from(possible), min_size=1, max_size=3)))
    otherwise = draw(st.sampled_from(["skip", "ask"]))
    if draw(st.booleans()):
        return Requires(any=conditions, otherwise=otherwise)
    return Requires(all=conditions, otherwise=otherwise)
