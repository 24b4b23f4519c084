"""Lines of ``coachbot score``: what is read, what is refused and how."""

from __future__ import annotations

import json

import pytest

from coachbot.scoring.interface import LineError, ReplyScore, ReplyToScore, Turn
from coachbot.scoring.lines import read_line, write_line


def item(raw: str) -> ReplyToScore:
    """Read a line that must be usable."""
    read = read_line(raw.encode(), 2)
    assert read is not None
    assert read.item is not None, read.error
    return read.item


def error(raw: bytes) -> LineError:
    """Read a line that must not be usable."""
    read = read_line(raw, 7)
    assert read is not None
    assert read.error is not None
    return read.error


def test_only_the_reply_is_needed() -> None:
    """Everything else has a default."""
    assert item('{"reply": "Hello"}') == ReplyToScore(reply="Hello")


def test_nulls_count_as_absent() -> None:
    """A program that writes every key may write null."""
    raw = '{"id": null, "history": null, "reply": "Hello", "screen": null, "language": null}'
    assert item(raw) == ReplyToScore(reply="Hello")


@pytest.mark.parametrize("given", ['"a1"', "3", "2.5", "12345678901234567890", "-0.0", '"é😀"'])
def test_ids_come_back_as_they_came(given: str) -> None:
    """Strings and numbers of any size keep their value and kind."""
    read = item(f'{{"id": {given}, "reply": "x"}}')
    out = json.loads(write_line(ReplyScore(id=read.id, status="scored", scorer="s")))
    assert (json.loads(given), type(json.loads(given))) == (out["id"], type(out["id"]))


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"not json", "not JSON"),
        (b'["reply"]', "JSON object"),
        (b'{"id": 1}', "reply: is missing"),
        (b'{"reply": 5}', "reply: must be a string"),
        (b'{"reply": "x", "id": true}', "id: must be"),
        (b'{"reply": "x", "id": [1]}', "id: must be"),
        (b'{"reply": "x", "id": NaN}', "NaN"),
        (b'{"reply": "x", "history": "no"}', "array of turns"),
        (b'{"reply": "x", "history": [{"speaker": "boss", "text": "a"}]}', "history[0].speaker"),
        (b'{"reply": "x", "history": [{"speaker": "agent"}]}', "history[0].text: is missing"),
        (b'{"reply": "x", "history": ["hello"]}', "history[0]"),
        (b'{"reply": "\xff"}', "not UTF-8"),
        (b"[" * 100_000, "nested"),
    ],
)
def test_what_is_wrong_is_said(raw: bytes, words: str) -> None:
    """Each mistake is named, with its place, and the line's number is there."""
    found = error(raw)
    assert (7, True) == (found.line, words in found.message)


def test_the_id_of_a_broken_line_is_kept() -> None:
    """A line whose id can be read keeps it in its error."""
    assert error(b'{"id": "k", "reply": 1}').id == "k"


def test_blank_lines_are_nothing() -> None:
    """White space alone is skipped."""
    assert read_line(b"  \t\r\n", 1) is None


def test_unknown_keys_are_noticed_at_both_levels() -> None:
    """The line is used, and what nobody knows is named."""
    read = read_line(b'{"reply":"x","mood":1,"history":[{"speaker":"agent","text":"a","at":2}]}', 1)
    assert read is not None
    assert {"mood", "history[].at"} == read.unknown


def test_half_a_surrogate_pair_is_read() -> None:
    """Broken escapes from other programs don't stop the line, and offsets stay."""
    assert item('{"reply": "hi \\ud83d there"}').reply == "hi \ufffd there"


def test_a_byte_order_mark_on_the_first_line_is_no_part_of_it() -> None:
    """Windows editors put one there."""
    read = read_line(b'\xef\xbb\xbf{"reply": "x"}', 1)
    assert read is not None
    assert read.item == ReplyToScore(reply="x")


def test_turns_keep_their_order_and_text() -> None:
    """History is read as it stands."""
    turns = '[{"speaker":"customer","text":" a "},{"speaker":"agent","text":""}]'
    raw = f'{{"reply":"x","history":{turns}}}'
    assert item(raw).history == (
        Turn(speaker="customer", text=" a "),
        Turn(speaker="agent", text=""),
    )
