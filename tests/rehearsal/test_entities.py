"""Telegram's HTML, read as Telegram reads it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rehearsal.standin.entities import find_entities, format_text, parse_html, utf16_length, utf16_slice
from bot.rehearsal.standin.errors import ApiError


@pytest.mark.parametrize(
    ("markup", "text", "entity"),
    [
        ("<strong>a</strong>", "a", {"type": "bold", "offset": 0, "length": 1}),
        ("🚨<em>a</em>", "🚨a", {"type": "italic", "offset": 2, "length": 1}),
        ("<u>&lt;a&gt;</u>", "<a>", {"type": "underline", "offset": 0, "length": 3}),
        ("<S>a</S>", "a", {"type": "strikethrough", "offset": 0, "length": 1}),
        ('<span class="tg-spoiler">a</span>', "a", {"type": "spoiler", "offset": 0, "length": 1}),
        ("<tg-spoiler>a</tg-spoiler>", "a", {"type": "spoiler", "offset": 0, "length": 1}),
        ("<code>I-01</code>", "I-01", {"type": "code", "offset": 0, "length": 4}),
        ("<blockquote>a</blockquote>", "a", {"type": "blockquote", "offset": 0, "length": 1}),
        (
            "<blockquote expandable>a</blockquote>",
            "a",
            {"type": "expandable_blockquote", "offset": 0, "length": 1},
        ),
        (
            '<a href="https://kpu.go.id/?a=1&amp;b=2">KPU</a>',
            "KPU",
            {"type": "text_link", "offset": 0, "length": 3, "url": "https://kpu.go.id/?a=1&b=2"},
        ),
        (
            '<pre><code class="language-yaml">a: 1</code></pre>',
            "a: 1",
            {"type": "pre", "offset": 0, "length": 4, "language": "yaml"},
        ),
        (
            '<tg-time unix="1697421600" format="t">09.00</tg-time>',
            "09.00",
            {"type": "date_time", "offset": 0, "length": 5, "unix_time": 1697421600, "date_time_format": "t"},
        ),
        (
            '<tg-emoji emoji-id="5368324170671202286">👍</tg-emoji>',
            "👍",
            {"type": "custom_emoji", "offset": 0, "length": 2, "custom_emoji_id": "5368324170671202286"},
        ),
    ],
)
def test_each_tag_becomes_its_entity(markup: str, text: str, entity: dict[str, object]) -> None:
    assert parse_html(markup) == (text, [entity])


@pytest.mark.parametrize(
    ("markup", "fault"),
    [
        ("a <b>x", 'Can\'t find end tag corresponding to start tag "b"'),
        ("é</b>", "Unexpected end tag at byte offset 2"),
        ("<b>x</i>", 'Unmatched end tag at byte offset 4, expected "</b>", found "</i>"'),
        ("<br>", 'Unsupported start tag "br" at byte offset 0'),
        ("1 < 2", 'Unsupported start tag "" at byte offset 2'),
        ("<b", "Unclosed start tag at byte offset 0"),
        ("<a href='x", "Unexpected end of name token at byte offset 0"),
        ("<b>x</b", "Unclosed end tag at byte offset 4"),
        ('<span class="big">x</span>', 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
    ],
)
def test_bad_markup_is_refused_with_its_place(markup: str, fault: str) -> None:
    with pytest.raises(ApiError) as refusal:
        parse_html(markup)
    assert refusal.value.description == f"Bad Request: can't parse entities: {fault}"


def test_white_space_around_the_text_goes_and_entities_move_along() -> None:
    text, entities = format_text("\n <b> x </b> ", "HTML")
    assert (text, entities) == ("x", ({"type": "bold", "offset": 0, "length": 1},))


def test_an_unknown_named_entity_stays_as_it_is() -> None:
    assert parse_html("a &nbsp; &amp;&#33;")[0] == "a &nbsp; &!"


def test_commands_mentions_links_and_hashtags_are_found_in_plain_text() -> None:
    text = "🚨 /fire@geladi_bot I-01 lalu @sari lihat https://kpu.go.id/a #siaga a/b"
    found = [(one["type"], utf16_slice(text, one["offset"], one["length"])) for one in find_entities(text)]
    assert found == [
        ("bot_command", "/fire@geladi_bot"),
        ("mention", "@sari"),
        ("url", "https://kpu.go.id/a"),
        ("hashtag", "#siaga"),
    ]


def test_nothing_is_found_inside_code() -> None:
    _, entities = format_text("<code>/join x</code> /status", "HTML")
    assert [(one["type"], one["offset"]) for one in entities] == [("code", 0), ("bot_command", 8)]


@given(st.lists(st.tuples(st.sampled_from(["", "b", "i", "u", "s", "code"]), st.text(min_size=1, max_size=12))))
def test_every_piece_is_found_again_at_its_entity(pieces: list[tuple[str, str]]) -> None:
    def escaped(text: str) -> str:
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")

    markup = "".join(f"<{tag}>{escaped(text)}</{tag}>" if tag else escaped(text) for tag, text in pieces)
    text, entities = parse_html(markup)
    assert text == "".join(piece for _, piece in pieces)
    marked = [utf16_slice(text, one["offset"], one["length"]) for one in entities]
    assert marked == [piece for tag, piece in pieces if tag]
    assert utf16_length(text) == len(text.encode("utf-16-le")) // 2
