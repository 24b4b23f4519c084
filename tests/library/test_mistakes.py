"""Mistakes in the form of a scenario: where they are and what to write instead."""

from __future__ import annotations

import pytest

from tests.library.conftest import OPEN_CASE, Edit, Remarks, marked

SAYS = '- "It\'s 4471."'


@pytest.mark.parametrize(
    ("old", "new", "message", "instead"),
    [
        ("patience: 6", "¦patiance: 6", "'patiance' is not known here", "mean 'patience'"),
        ("\npatience: 6", "", "'patience' is missing", "'patience: ' and a number"),
        (
            '    about: "when it is needed"\n',
            "",
            "'about' is missing in 'facts' > deadline (What it is",
            'about: "..."',
        ),
        ("patience: 6", "patience: 6\n¦warm_mood: 40", "not known here", "belongs in 'resolution'"),
        (SAYS, "- ¦4471", "without quotes 4471 is a number", 'around it: "4471"'),
        (SAYS, "- ¦true", "without quotes true is a truth value", '"true"'),
        (SAYS, "- ¦2026-01-05", "without quotes 2026-01-05 is a date", '"2026-01-05"'),
        ('value: "4471"', "value: ¦4471", "without quotes 4471 is a number", '"4471"'),
        ('value: "4471"', "value: ¦0x1F", "without quotes 0x1F is a number", '"0x1F"'),
        ('value: "4471"', "¦value:", "There is nothing after 'value:'", "or delete the line"),
        (SAYS, "-¦", "There is nothing after this dash", "delete the dash"),
        (SAYS, '- ¦""', "The text is empty", "write a text"),
        (SAYS, '- ¦"   "', "The text is empty", "write a text"),
        (SAYS, "- ¦Right: 4471", "The colon after 'Right' makes a key", "quotes"),
        (SAYS, "- ¦{agent}", "In braces, 'agent' is a key", "quotes"),
        (SAYS, "- {say: Well, ¦it's 4471, mood: low}", "The comma before 'it's 4471'", "quotes"),
        (SAYS, "- {say: 4471 is it, mood: low, ¦mid}", "Several moods", "[low, mid]"),
        (SAYS, "- {say: 4471 is it, mood: ¦lo}", "'lo' is none of those", "mean 'low'"),
        (SAYS, "- {say: [a, b, c, d]}", "'say' has more than the 3", "keep 3"),
        ("language: en", "language: ¦de", "The language 'de' is not supported", "write en"),
        ("difficulty: medium", "difficulty: ¦Medium", "none of those", "mean 'medium'"),
        ("difficulty: medium", "difficulty: ¦7", "none of those", "easy, medium, hard, brutal"),
        ("patience: 6", "patience: ¦60", "'patience' is 60", "a number from 2 to 12"),
        ("mood: 28", "mood: ¦-1", "'mood' is -1", "a number from 0 to 100"),
        ("mood: 28", "mood: ¦.nan", "must be a number", "a number"),
        ("mood: 28", 'mood: ¦"28"', '"28" is a text', "without quotes"),
        ("version: 1", "version: ¦1.5", "must be a whole number", "a whole number"),
        ("version: 1", "version: ¦true", "must be a whole number", "a whole number"),
        ('value: "4471"', "in_opening: ¦yes", '"yes" is a text', "true or false"),
        ("id: reference", "id: ¦the reference", "can't be an id", "order-number"),
        ("id: open-case", "id: ¦other", "The id is 'other', but the file", "id: open-case"),
        ("when: upset", "when: ¦angry", "'angry' is no moment", "need last-year"),
        ("pass_marks: {empathy", "pass_marks: {¦empathie", "not known", "mean 'empathy'"),
    ],
)
def test_form(
    edited: Edit, remarks: Remarks, old: str, new: str, message: str, instead: str
) -> None:
    """A mistake is reported alone, at its place, with what to write instead."""
    before, _, after = OPEN_CASE.read_text(encoding="utf-8").partition(old)
    _, line, column = marked(before + new + after)

    [found] = remarks(edited((old, new.replace("¦", ""))))

    assert "mistake" == found.severity
    if "¦" in new:
        assert (line, column) == (found.problem.line, found.problem.column)
    assert message in found.problem.message
    assert instead in found.problem.instead


@pytest.mark.parametrize(
    ("old", "message"),
    [
        ('      - "It has to be there on Friday."\n', "'say' has two, and at least three"),
        ('      - "Which case is this about?"\n', "'ask' has five, and at least six"),
        (
            '        - "Somebody will look into it."\n',
            "'counter_examples' has four, and at least five",
        ),
    ],
)
def test_too_few(edited: Edit, remarks: Remarks, old: str, message: str) -> None:
    """A list that is too short is reported with how many there are and how many are needed."""
    [found] = remarks(edited((old, "")))

    assert message in found.problem.message
    assert "write one more" == found.problem.instead


def test_one_wrong_entry_is_one_mistake(edited: Edit, remarks: Remarks) -> None:
    """An entry that can't be used doesn't count as one that is missing too."""
    [found] = remarks(edited((SAYS, "- 4471")))

    assert "a number" in found.problem.message


def test_all_at_once(edited: Edit, remarks: Remarks) -> None:
    """Mistakes all over the file come in one go, in its order."""
    path = edited(
        ("version: 1", "version: one"),
        (SAYS, "- 4471"),
        ("patience: 6", "patience: 600"),
        ("    cost: 10", "    cots: 10"),
        ('  told_to: "the others, at lunch"\n', ""),
    )

    found = remarks(path)

    assert ["version", "patience", "4471", "cots", "told_to"] == [
        next(
            w for w in ("version", "patience", "4471", "cots", "told_to") if w in r.problem.message
        )
        for r in found
    ]


def test_mistakes_beside_a_syntax_error(edited: Edit, remarks: Remarks) -> None:
    """A syntax error in one section leaves the others to be checked, and hides no key."""
    found = remarks(edited(('  name: "Robin"', '  name: "Robin'), ("patience: 6", "patience: 60")))

    assert 2 == len(found)
    assert "no quote mark" in found[0].problem.message
    assert "'patience' is 60" in found[1].problem.message


def test_what_comes_after_is_found_at_once(edited: Edit, remarks: Remarks) -> None:
    """Names that lead nowhere are told beside wrong values, and not only once those are right."""
    path = edited(
        ("difficulty: medium", "difficulty: heavy"),
        ("patience: 6", "patience: six"),
        ("    when: closing", "    when: act no-such-act"),
    )

    found = remarks(path)

    assert ["'heavy'", "'patience'", "no-such-act"] == [
        next(w for w in ("'heavy'", "'patience'", "no-such-act") if w in r.problem.message)
        for r in found
    ]


def test_only_close_words_are_suggested(edited: Edit, remarks: Remarks) -> None:
    """A slip of the pen is put right; for any other word there is the list."""
    for written, instead in (
        ("heavy", "write one of: easy, medium, hard, brutal"),
        ("hrad", "did you mean 'hard'? It can be: easy, medium, hard, brutal"),
    ):
        [found] = remarks(edited(("difficulty: medium", f"difficulty: {written}")))
        assert instead == found.problem.instead
