"""Messages are cut to what Telegram takes, and measured as Telegram measures them."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coachbot.telegram.messages import LONGEST_TEXT, html, length, pages, plain

TEXTS = st.text(alphabet=st.sampled_from("ab <&>\n.é😀"), max_size=400)


@pytest.mark.parametrize(
    ("text", "units"),
    [
        ("plain", 5),
        ("<b>bold</b>", 4),
        ("a &lt; b", 5),
        ("😀", 2),
        ('<a href="https://x.test/?a=1">link</a>', 4),
        ("", 0),
        ("5 &amp; 6", 5),
    ],
)
def test_length_counts_utf16_units_without_tags(text: str, units: int) -> None:
    """Tags take no room, an entity takes one unit, a character beyond the first plane two."""
    assert units == length(text)


@given(TEXTS)
def test_length_of_peoples_text_is_that_of_utf16(text: str) -> None:
    """Escaped text is as long as the text itself in UTF-16."""
    assert len(text.encode("utf-16-le")) // 2 == length(html(text))


@given(TEXTS)
def test_plain_undoes_html(text: str) -> None:
    """Text that was escaped comes back as it was."""
    assert text == plain(html(text))


def test_plain_takes_tags_away() -> None:
    """What is left when Telegram refuses the tags reads the same."""
    assert "5 < 6, she said" == plain("<b>5 &lt; 6</b>, <i>she said</i>")


def test_control_characters_are_taken_out() -> None:
    """Telegram would not show them, and a terminal that shows a log would obey them."""
    assert "a\nb\tc" == html("a\nb\x07\tc\x1b")


def test_a_short_text_is_one_page() -> None:
    """Nothing is cut that fits."""
    assert ["<b>x</b>"] == pages("<b>x</b>")


def test_no_text_is_no_page() -> None:
    """Telegram refuses an empty message."""
    assert [] == pages("  \n ")


def test_a_text_is_cut_between_paragraphs() -> None:
    """A page ends where a paragraph does, if that leaves it more than half full."""
    first, second = "a" * 3000, "b" * 3000
    assert [first, second] == pages(f"{first}\n\n{second}")


def test_a_tag_that_is_open_at_a_cut_goes_on() -> None:
    """Each page is whole HTML by itself."""
    found = pages("<b><i>" + "word " * 1500 + "</i></b>")
    assert len(found) == 2
    assert found[0].startswith("<b><i>word")
    assert found[0].endswith("</i></b>")
    assert found[1].startswith("<b><i>word")


@given(st.lists(st.sampled_from(["word ", "<b>", "</b>", "&amp;", "\n\n", "😀", "x" * 40])))
def test_every_page_fits_and_no_word_is_lost(parts: list[str]) -> None:
    """Whatever is cut, pages are short enough and have all letters in order."""
    text, opened = "", 0
    for part in parts:
        # Tags as the program writes them: closed after they were opened.
        if part == "</b>" and not opened:
            continue
        opened += {"<b>": 1, "</b>": -1}.get(part, 0)
        text += part
    text += "</b>" * opened
    found = pages(text, longest=50)
    assert all(0 < length(page) <= 50 for page in found if plain(page).strip())
    letters = re.sub(r"\s", "", plain(text))
    assert letters == re.sub(r"\s", "", "".join(plain(page) for page in found))


def test_the_longest_text_is_telegrams() -> None:
    """4,096 units are one message, one more makes two."""
    assert 1 == len(pages("x" * LONGEST_TEXT))
    assert 2 == len(pages("x" * (LONGEST_TEXT + 1)))
