"""What the models object to in a file, as problems with a place and a way out."""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ValidationError

from coachbot.errors import Problem
from coachbot.library.document import Document, NotText, Place
from coachbot.library.fields import example, field_at, homes, is_line, model_at, purpose
from coachbot.scenario.finding import Step
from coachbot.scenario.models import LANGUAGES, Band, Line

M = TypeVar("M", bound=BaseModel)

Wrong = tuple[Place, str, str]

MOST = 200
"""Mistakes that are described; nobody reads on after so many."""

CLOSE = 0.72
"""Likeness (difflib's, 0 to 1) from which a word is a slip for another: two letters of four that
have changed places, or one of five that is wrong. "heavy" is no slip for "easy"."""

FEW = 6
"""Values that are all named beside the one that was probably meant."""

_LENGTHY = 40
"""Characters of a value that a message quotes."""


def validated(model: type[M], document: Document, shown: str) -> tuple[M | None, list[Problem]]:
    """Make a model of a document; None and every mistake where that can't be done."""
    found: M | None = None
    mistakes: list[_Mistake] = []
    try:
        # Strict, because a text in quotes is no number and a number is no text; the document has
        # tuples where the models have them.
        found = model.model_validate(document.data, strict=True)
    except ValidationError as error:
        errors = error.errors(include_url=False, include_context=True)
        mistakes = [_Mistake(model, document, one) for one in errors]
    # A key without a value would count as left out; whoever wrote it meant something else.
    known = {mistake.path for mistake in mistakes}
    mistakes += [
        _Mistake(model, document, {"type": "nothing", "loc": path})
        for path in document.empty()
        if path not in known
    ]
    shortened, mistakes = mistakes[MOST:], mistakes[:MOST]
    mistyped = {mistake.meant for mistake in mistakes}
    described = [one.described() for one in mistakes if one.path not in mistyped]
    if shortened:
        last = document.value(mistakes[-1].path)
        described.append((last, f"And {len(shortened)} more mistakes like these", ""))
    problems = [
        Problem(shown, place.line, place.column, message, instead)
        for place, message, instead in filter(None, described)
        # What is wrong with the text that stands in for an unreadable one is nobody's mistake.
        if place.line not in document.mended
    ]
    return found if not problems and not document.mended else None, problems


class _Mistake:
    """One error of pydantic's, with what it is about."""

    def __init__(self, model: type[BaseModel], document: Document, found: Any) -> None:
        self.document = document
        self.kind: str = found["type"]
        self.context: dict[str, Any] = found.get("ctx", {})
        self.about_key = found["loc"][-1:] == ("[key]",)
        self.path: tuple[Step, ...] = tuple(found["loc"][:-1] if self.about_key else found["loc"])
        self.parent: tuple[Step, ...] = self.path[:-1]
        self.model = model
        self.field = field_at(model, self.path)

    @property
    def meant(self) -> tuple[Step, ...] | None:
        """The key that was meant by one that is mistyped; it is not reported as missing too."""
        close = self._close() if self.kind == "extra_forbidden" else None
        return (*self.parent, close) if close else None

    @property
    def key(self) -> str:
        return str(self.path[-1]) if self.path else ""

    def described(self) -> Wrong | None:
        """Place, message and advice; None for what follows from another mistake."""
        if self.kind == "missing":
            return self._missing()
        if self.kind == "extra_forbidden":
            return self._unknown_key()
        if self.about_key:
            return self._wrong_key()
        if self.kind == "too_short":
            return self._too_few()
        if self.kind == "too_long":
            return self._too_many()
        given = self.document.at(self.path)
        if given is None:
            return self._nothing()
        if self.kind in _MEANT:
            return self._wrong_type(given)
        return self._wrong_value(given)

    def _value(self, message: str, instead: str = "") -> Wrong:
        return self.document.value(self.path), message, instead

    def _missing(self) -> Wrong | None:
        if not self.parent and self.key in self.document.unread:
            return None
        around = self.document.at(self.parent)
        stand = around if isinstance(around, dict) else {}
        known = any(name in stand for name in Line.model_fields)
        if is_line(self.model, self.parent) and stand and not known:
            return None  # a text that became a key by its colon; that is said already
        where = f" in {spoken(self.parent, self.document)}" if self.parent else ""
        return (
            self.document.key(self.parent),
            f"'{self.key}' is missing{where}{purpose(self.field)}",
            f"add a line {example(self.key, self.field)}",
        )

    def _unknown_key(self) -> Wrong:
        place = self.document.key(self.path)
        holder = model_at(self.model, self.parent)
        known = list(holder.model_fields) if holder else []
        around = self.document.at(self.parent)
        taken = around if isinstance(around, dict) else {}
        braces = self.document.in_braces(self.parent)
        if holder is Line and not any(name in taken for name in known):
            if braces and self.document.at(self.path) is None:
                return (
                    self.document.value(self.parent),
                    f"In braces, '{_short(self.key)}' is a key and not a text",
                    'put the whole text in quotes: "..."',
                )
            return (
                self.document.value(self.parent),
                f"The colon after '{_short(self.key)}' makes a key and a value of this text",
                'put the whole text in quotes: "..."',
            )
        if braces and self.document.at(self.path) is None:
            if self.key in get_args(Band):
                advice = f"put the moods in brackets: [low, {self.key}]"
                return place, "Several moods must stand in brackets", advice
            return (
                place,
                f"The comma before '{_short(self.key)}' ends the text, because it stands in braces",
                'put the whole text in quotes: "..."',
            )
        close = self._close()
        where = spoken(self.parent, self.document)
        if not self.parent:
            where = _FILES.get(self.model.__name__, "a file of agents")
        message = f"'{_short(self.key)}' is not known here"
        if close:
            return place, message, f"did you mean '{close}'?"
        elsewhere = [name for name in homes(self.model, self.key) if name != _name(self.parent)]
        if elsewhere:
            return (
                place,
                message,
                f"it belongs in {_listed(elsewhere)}; check how far it is indented",
            )
        unused = [name for name in known if name not in taken] or known
        return place, message, f"in {where} there can still be: {', '.join(unused)}"

    def _close(self) -> str | None:
        """A key that can stand here, doesn't yet, and is written nearly the same."""
        holder = model_at(self.model, self.parent)
        around = self.document.at(self.parent)
        taken = around if isinstance(around, dict) else {}
        known = [name for name in (holder.model_fields if holder else ()) if name not in taken]
        return next(iter(difflib.get_close_matches(self.key, known, n=1, cutoff=CLOSE)), None)

    def _wrong_key(self) -> Wrong:
        place = self.document.key(self.path)
        if self.kind == "literal_error":
            return (
                place,
                f"'{_short(self.key)}' is not known here",
                _did_you_mean(self.key, _expected(self.context)),
            )
        return place, f"'{_short(self.key)}' can't be an id", _ID_RULE

    def _too_few(self) -> Wrong | None:
        given = self.document.at(self.path)
        count = len(given) if isinstance(given, tuple) else 1
        least = int(self.context["min_length"])
        if count >= least:
            return None  # enough were written; the ones that can't be used are reported themselves
        needed = f"at least {_number(least)} {'is' if least == 1 else 'are'} needed"
        message = f"'{self.key}' has {_number(count)}, and {needed}{purpose(self.field)}"
        return self.document.key(self.path), message, f"write {_number(least - count)} more"

    def _too_many(self) -> Wrong:
        most = int(self.context["max_length"])
        return (
            self.document.key(self.path),
            f"'{self.key}' has more than the {most} that are possible{purpose(self.field)}",
            f"keep {most}",
        )

    def _nothing(self) -> Wrong:
        if isinstance(self.path[-1], int):
            return self._value(
                "There is nothing after this dash", "write a text, or delete the dash"
            )
        return (
            self.document.key(self.path),
            f"There is nothing after '{self.key}:'{purpose(self.field)}",
            f"write {example(self.key, self.field)}"
            + ("" if self.field and self.field.is_required() else ", or delete the line"),
        )

    def _wrong_type(self, given: Any) -> Wrong:
        meant = _MEANT[self.kind]
        if isinstance(given, dict) and meant == "a text":
            return self._value(
                "A text is meant here, and the colon with a space makes a key and a value of it",
                'put the whole text in quotes: "..."',
            )
        written = self.document.written(self.path)
        line = is_line(self.model, self.path)
        if (meant == "a text" or line) and written is not None:
            return self._value(
                f"A text is meant here, and without quotes {_short(written)} is {_sort(given)}",
                f'put quotes around it: "{written}"',
            )
        if self.kind == "tuple_type":
            return self._value(
                f"A list is meant here, and this is {_sort(given)}{purpose(self.field)}",
                "put each entry on a line of its own, beginning with '- '"
                + (f": - {_short(written)}" if written else ""),
            )
        if meant == "a group of keys":
            keys = model_at(self.model, self.path)
            names = f" ({', '.join(keys.model_fields)})" if keys else ""
            return self._value(
                f"Keys are meant here{names}, and this is {_sort(given)}",
                "write each key on a line of its own, indented by two spaces",
            )
        advice = f"write {meant}, without quotes" if "number" in meant else f"write {meant}"
        quote = '"' if isinstance(given, str) else ""
        this = f"{quote}{_short(written)}{quote} is" if written else "this is"
        return self._value(f"'{self.key}' must be {meant}, and {this} {_sort(given)}", advice)

    def _wrong_value(self, given: Any) -> Wrong:
        if self.kind == "literal_error":
            expected = _expected(self.context)
            if self.key == "language":
                return self._value(
                    f"The language '{_short(str(given))}' is not supported",
                    f"write {' or '.join(LANGUAGES)}, and the texts in English",
                )
            if len(expected) == 1:
                return self._value(f"'{self.key}' can only be {expected[0]}")
            return self._value(
                f"'{_short(str(given))}' is none of those that '{self.key_in_words()}' can be",
                _did_you_mean(str(given), expected),
            )
        if self.kind == "string_too_short":
            return self._value("The text is empty", "write a text, or delete the line")
        if self.kind == "string_too_long":
            return self._value(
                f"'{_short(str(given))}' is longer than the {self.context['max_length']} "
                "characters that are possible",
                "make it shorter",
            )
        if self.kind == "string_pattern_mismatch":
            if self.key == "when":
                return self._value(
                    f"'{_short(str(given))}' is no moment",
                    "write opening, upset or closing, or fact, need or act with the id of one, "
                    "such as: need last-year",
                )
            return self._value(f"'{_short(str(given))}' can't be an id", _ID_RULE)
        if self.kind in _RANGES:
            return self._value(
                f"'{self.key}' is {given}{purpose(self.field)}", f"write a number {self._range()}"
            )
        return self._value(f"'{self.key}' can't be used as it is written here")

    def key_in_words(self) -> str:
        """The name of the key, of the list's key for an entry of a list."""
        names = [step for step in self.path if isinstance(step, str)]
        return names[-1] if names else self.key

    def _range(self) -> str:
        low = high = None
        for item in self.field.metadata if self.field else ():
            for attribute in ("ge", "gt"):
                low = getattr(item, attribute, None) if low is None else low
            for attribute in ("le", "lt"):
                high = getattr(item, attribute, None) if high is None else high
        if low is None and high is None:
            return f"{_RANGES[self.kind]} {next(iter(self.context.values()))}"
        if high is None:
            return f"from {low:g}"
        return f"from {low:g} to {high:g}" if low is not None else f"up to {high:g}"


_ID_RULE = "use small letters, digits, - and _, beginning with a letter: order-number"

_MEANT = {
    "string_type": "a text",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "bool_type": "true or false",
    "tuple_type": "a list",
    "dict_type": "a group of keys",
    "model_type": "a group of keys",
    "model_attributes_type": "a group of keys",
}

_RANGES = {
    "greater_than_equal": "from",
    "greater_than": "above",
    "less_than_equal": "up to",
    "less_than": "below",
    "finite_number": "such as",
}


_FILES = {"Scenario": "a scenario", "Temperament": "a temperament"}
"""What a file is, by its model; the others hold agents."""


def spoken(path: Sequence[Step], document: Document) -> str:
    """A path in words: fact order-number, act refund > thanks, entry 2."""
    parts: list[str] = []
    for depth, step in enumerate(path):
        if isinstance(step, str):
            parts.append(f"'{step}'")
            continue
        entry = document.at(path[: depth + 1])
        named = entry.get("id") if isinstance(entry, dict) else None
        parts.append(str(named) if isinstance(named, str) and named else f"entry {step + 1}")
    return " > ".join(parts) if parts else "the file"


def _name(path: Sequence[Step]) -> str:
    names = [step for step in path if isinstance(step, str)]
    return names[-1] if names else ""


def _listed(names: Sequence[str]) -> str:
    words = [f"'{name}'" if name else "the outermost part (not indented)" for name in names[:3]]
    return " or ".join(words)


def _sort(given: Any) -> str:
    if isinstance(given, bool):
        return "a truth value"
    if isinstance(given, int | float):
        return "a number"
    if isinstance(given, NotText):
        return f"a {given.kind}"
    if isinstance(given, tuple):
        return "a list"
    if isinstance(given, dict):
        return "a group of keys"
    return "nothing" if given is None else "a text"


def _expected(context: dict[str, Any]) -> list[str]:
    return re.findall(r"'([^']*)'", str(context.get("expected", "")))


def _did_you_mean(given: str, expected: Sequence[str]) -> str:
    close = difflib.get_close_matches(given.lower(), expected, n=1, cutoff=CLOSE)
    if not close:
        return f"write one of: {', '.join(expected)}"
    rest = f" It can be: {', '.join(expected)}" if len(expected) <= FEW else ""
    return f"did you mean '{close[0]}'?{rest}"


def _number(count: int) -> str:
    words = "none one two three four five six seven eight nine ten eleven twelve".split()
    return words[count] if count < len(words) else str(count)


def _short(text: str) -> str:
    one_line = " ".join(text.split())
    return one_line if len(one_line) <= _LENGTHY else f"{one_line[:_LENGTHY].rstrip()}…"
