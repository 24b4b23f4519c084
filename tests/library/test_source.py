"""YAML that is none, in words and with a place."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from coachbot.errors import Problem, ScenarioError
from coachbot.library.source import LARGEST, read_document
from tests.library.conftest import marked


def problems(path: Path) -> list[Problem]:
    """What is wrong with the YAML of a file."""
    try:
        return read_document(path, "x.yaml")[1]
    except ScenarioError as error:
        return list(error.problems)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a: 1\n¦\tb: 2\n", "indented with a tab"),
        ("a: 1\n  ¦\tb: 2\n", "indented with a tab"),
        ('a: ¦"x\nb: 2\nc: "y"\n', 'begins here with " has no quote mark at its end'),
        ("a: ¦'x\nb: y\n", "begins here with ' has no quote mark at its end"),
        ('a:\n  - ¦"x\n  - "y"\n', 'begins here with " has no quote mark'),
        ('a:\n  - {say: ¦"x, mood: low}\n  - {say: "y", mood: low}\n', "has no quote mark"),
        ('a: "She said ¦"no" to me"\n', 'This " ends the text, and then more follows: no" to me'),
        ("a: 'it¦'s'\n", "This ' ends the text"),
        ('a: >-\n  "x\n  y"z\nb: c¦: d\n', "A colon followed by a space splits"),
        ("a: b¦: c\n", "A colon followed by a space splits"),
        ("a:\n  - He says: no¦: really\n", "A colon followed by a space splits"),
        ("a¦\nb: 1\n", "A colon is missing after this key"),
        ("a:¦1\nb: 2\n", "There must be a space after the colon of 'a'"),
        ("a: x\n  ¦b: c\n", "read as a part of the text in the line above"),
        ("a: 1\n¦hello\nb: 2\n", "there is no colon after it"),
        ("a: ¦@home\n", "can't begin with @ unless it is in quotes"),
        ("a: ¦%\n", "can't begin with %"),
        ("a:\n  - ¦*sigh* fine\n", "can't begin with *"),
        ("a:\n  - ¦[laughs] fine\n", "can't begin with ["),
        ("a:\n  - ¦{agent}, thanks\n", "can't begin with {"),
        ("a:\n  - ¦> really\n", "can't begin with >"),
        ("a:\n  - ¦[laughs]\n", "the brackets are not said"),
        ("a: ¦[1, 2\nb: 3\n", "doesn't end as it should"),
        ("a:\n  - ¦{say: yes, mood: low\n  - b\n", "doesn't end as it should"),
        ("a: ¦- b\n", "A list can't begin on the same line as its key"),
        ('a: "x\\¦q"\n', "only certain letters can follow a backslash"),
        ("a:\n  b: 1\n ¦c: 2\n", "doesn't line up"),
        ("a:\n  - x\n  ¦b: 3\n", "doesn't line up"),
        (" a: 1\n¦b: 2\n", "doesn't line up|begin where the lines above"),
        ("a: 1\nb: order ¦#4\n", "The text ends before the #; '#4' is taken for a comment"),
        ("a: 1\n¦a: 2\n", "'a' stands here a second time; the first is in line 1, column 1"),
        ("a: 1\n¦---\nb: 1\n", "a file holds only one"),
        ("a: ¦&x 1\nb: *x\n", "'&x' names this place"),
        ("a: ¦!x y\n", "'!x' at the beginning is a sign for programs"),
        ("? ¦[a, b]\n: 1\n", "A key must be a single word"),
        ("a: x¦\x01\n", "can't be seen or printed (U+0001)"),
        ("¦- a\n- b\n", "but it is a list"),
        ("¦hello\n", "but it is a single text"),
    ],
)
def test_syntax(tmp_path: Path, text: str, message: str) -> None:
    """Each slip of YAML is named in plain words, at the place where it was made."""
    text, line, column = marked(text)
    path = tmp_path / "x.yaml"
    path.write_text(text, encoding="utf-8")

    found = problems(path)

    assert [(line, column)] == [(problem.line, problem.column) for problem in found]
    assert any(part in found[0].message for part in message.split("|"))
    assert found[0].instead


def test_all_syntax_errors_at_once(tmp_path: Path) -> None:
    """A slip in one part of a file doesn't hide those in the others."""
    path = tmp_path / "x.yaml"
    path.write_text('a: "He said "no""\nb: 1\nc: "x\nd: e: f\n', encoding="utf-8")

    document, found = read_document(path, "x.yaml")

    assert [(1, 13), (3, 4), (4, 5)] == [(p.line, p.column) for p in found]
    assert {"b": 1} == document.data
    assert {"a", "c", "d"} == document.unread


def test_lines_count_as_in_an_editor(tmp_path: Path) -> None:
    """Windows line ends don't shift the places."""
    path = tmp_path / "x.yaml"
    path.write_bytes(b"a:\r\n  b: 1\r\n c: 2\r\n")

    assert [(3, 2)] == [(problem.line, problem.column) for problem in problems(path)]


def test_byte_order_mark(tmp_path: Path) -> None:
    """A file that Notepad saved as UTF-8 reads like any other."""
    path = tmp_path / "x.yaml"
    path.write_bytes(b"\xef\xbb\xbfa: caf\xc3\xa9\n")

    document, found = read_document(path, "x.yaml")

    assert ({"a": "café"}, []) == (document.data, found)


def test_not_utf8(tmp_path: Path) -> None:
    """A file in another encoding is refused with the place of the first such letter."""
    path = tmp_path / "x.yaml"
    path.write_bytes(b"a: 1\nb: caf\xe9\n")

    [found] = problems(path)

    assert (2, 7) == (found.line, found.column)
    assert "UTF-8" in found.message


@pytest.mark.parametrize("text", ["", "# nothing yet\n", "\n\n"])
def test_empty(tmp_path: Path, text: str) -> None:
    """An empty file is said to be empty."""
    path = tmp_path / "x.yaml"
    path.write_text(text, encoding="utf-8")

    [found] = problems(path)

    assert "The file is empty" == found.message


def test_too_large(tmp_path: Path) -> None:
    """A file that can't be a scenario isn't read at all."""
    path = tmp_path / "x.yaml"
    path.write_bytes(b"a" * (LARGEST + 1))

    [found] = problems(path)

    assert "larger than 1 MB" in found.message


def test_folder_and_nothing(tmp_path: Path) -> None:
    """A folder and a file that isn't there are told apart."""
    assert ["This is a folder"] == [p.message for p in problems(tmp_path)]
    assert ["There is no such file"] == [p.message for p in problems(tmp_path / "x.yaml")]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_no_permission(tmp_path: Path) -> None:
    """A file that may not be read is refused with a sentence."""
    path = tmp_path / "x.yaml"
    path.write_text("a: 1\n", encoding="utf-8")
    path.chmod(0)

    assert ["You may not read this file"] == [p.message for p in problems(path)]


def test_many_aliases(tmp_path: Path) -> None:
    """A few lines that stand for billions of texts take no time and are refused."""
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 12)]
    path = tmp_path / "x.yaml"
    path.write_text("\n".join(lines), encoding="utf-8")

    found = problems(path)

    assert 12 == len(found)
    assert "which scenario files don't have" in found[0].message


def test_deep_nesting(tmp_path: Path) -> None:
    """Brackets without end are refused, not followed."""
    path = tmp_path / "x.yaml"
    path.write_text("a: " + "[" * 1500, encoding="utf-8")

    assert 1 == len(problems(path))


def test_words_of_yaml_that_are_text(tmp_path: Path) -> None:
    """What other readers of YAML take for a truth value or a time stays the text it is."""
    path = tmp_path / "x.yaml"
    path.write_text("a: [no, Yes, off, 12:30, '40218']\n", encoding="utf-8")

    document, found = read_document(path, "x.yaml")

    assert ({"a": ("no", "Yes", "off", "12:30", "40218")}, []) == (document.data, found)


def test_syntax_errors_of_one_section(tmp_path: Path) -> None:
    """Each text that can't be read is told, not only the first; the rest of the section is read."""
    path = tmp_path / "x.yaml"
    lines = ["facts:", '  - say: "He said "no""', "    b: 1", "    c: d: e", "    f: %x", "g: 1"]
    path.write_text("\n".join([*lines, ""]), encoding="utf-8")

    document, found = read_document(path, "x.yaml")

    assert [2, 4, 5] == [p.line for p in found]
    assert {2, 4, 5} == document.mended
    assert 1 == document.data["facts"][0]["b"]


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("say: “Look: it’s here”", "Look: it's here"),
        ("say: “It’s #3, I think”  # a comment", "It's #3, I think"),
        ("say: {a: “Well”}", {"a": "Well"}),
        ('say: "He said “no” twice"', 'He said "no" twice'),
        ("say: “One” and “two”", '"One" and "two"'),
        ('say: "no\u00a0space, no\u200bthing"', "no space, nothing"),
    ],
)
def test_signs_of_word_processors(tmp_path: Path, written: str, read: object) -> None:
    """Curly quotes around a text are quotes, and inside it they are read as the plain ones."""
    path = tmp_path / "x.yaml"
    path.write_text(f"{written}\n", encoding="utf-8")

    document, found = read_document(path, "x.yaml")

    assert [] == found
    assert {"say": read} == document.data
