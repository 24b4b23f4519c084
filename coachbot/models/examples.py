"""The project's own graded examples: situations, replies with grades, and pairs."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from coachbot.errors import UsageError
from coachbot.scoring.conversation import Conversation
from coachbot.scoring.interface import DIMENSIONS, Dimension, DismissalKind, Turn

# One small example in this many is kept aside as the test part, chosen by its name alone, so that
# it stays the same when others are added, and is never trained on. Situations that are kept aside
# have files of their own.
TEST_ONE_IN = 5

Model = TypeVar("Model", bound=BaseModel)


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class MarkedWords(_Strict):
    """Words of ``history[turn]`` that a mark is about."""

    turn: int = Field(ge=0)
    text: str = Field(min_length=1)


class GradedReply(_Strict):
    """One reply with its grades (null where the conversation does not call for the dimension)."""

    id: str
    text: str
    shows: str
    grades: dict[Dimension, float | None]
    dismissal: DismissalKind | None
    templated: float = Field(ge=0, le=1)
    asks_again: tuple[MarkedWords, ...]
    unanswered: tuple[MarkedWords, ...]
    contradicts: tuple[MarkedWords, ...]


class Pair(_Strict):
    """Two replies to the same customer that differ in one thing, with their grades if given."""

    dimension: Dimension
    better: str
    worse: str
    differs_in: str
    better_grade: float | None = Field(default=None, ge=0, le=100)
    worse_grade: float | None = Field(default=None, ge=0, le=100)


class Situation(_Strict):
    """A conversation up to the customer's turn, with graded replies and pairs.

    ``only_grades``: nobody said more about the replies than their grades. Then dismissal, canned
    text and marks are not known, and a dimension without a grade may be called for all the same.
    """

    situation: str
    industry: str
    kind: Literal["external", "internal"]
    voice: str
    language: str
    history: tuple[Turn, ...]
    screen: str = ""
    called_for: dict[Dimension, bool]
    replies: tuple[GradedReply, ...]
    pairs: tuple[Pair, ...]
    only_grades: bool = False

    @model_validator(mode="after")
    def _marks_point_at_words(self) -> Situation:
        for reply in self.replies:
            for mark in (*reply.asks_again, *reply.unanswered, *reply.contradicts):
                if mark.turn >= len(self.history) or mark.text not in self.history[mark.turn].text:
                    message = f"reply {reply.id}: “{mark.text}” is not in turn {mark.turn}"
                    raise ValueError(message)
            for dimension in DIMENSIONS:
                graded = reply.grades.get(dimension) is not None
                known = self.called_for[dimension] or not self.only_grades
                if graded != self.called_for[dimension] and known:
                    message = f"reply {reply.id}: grade of {dimension} against called_for"
                    raise ValueError(message)
        return self

    @property
    def conversation(self) -> Conversation:
        """The conversation as the scorer sees it."""
        return Conversation(self.history, self.screen)


class _Named(_Strict):
    """A small example, learned from or kept aside by its name."""

    id: str

    @property
    def held_out(self) -> bool:
        """Whether this example belongs to the test part."""
        digest = hashlib.sha256(self.id.encode()).hexdigest()
        return int(digest[:8], 16) % TEST_ONE_IN == 0


class InjectionExample(_Named):
    """A sentence, and whether it speaks to the scorer instead of the customer."""

    text: str
    injection: bool


class Opening(_Named):
    """A customer's message alone, whether it calls for empathy, and whether all is settled."""

    text: str
    empathy: bool
    settled: bool


class SameMeaning(_Named):
    """A reply, and the same said in a dialect, by a learner of English, or typed in a hurry."""

    kind: Literal["dialect", "non_native", "typing", "spelling"]
    history: tuple[Turn, ...]
    screen: str = ""
    text: str
    other: str


class SuiteTest(_Strict):
    """One test of a behaviour suite: see ``coachbot.models.suites``."""

    suite: str
    kind: Literal["direction", "invariance", "minimum"]
    history: tuple[Turn, ...]
    screen: str = ""
    reply: str
    other: str | None = None
    at_least: float | None = Field(default=None, ge=0, le=100)
    at_most: float | None = Field(default=None, ge=0, le=100)
    dimensions: tuple[Dimension, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _has_what_its_kind_needs(self) -> SuiteTest:
        bounded = self.at_least is not None or self.at_most is not None
        if (self.kind == "minimum") != bounded or (self.kind == "minimum") == bool(self.other):
            message = "a minimum needs at_least or at_most, the other kinds need other"
            raise ValueError(message)
        return self


class SecondGrades(_Strict):
    """The second grading of a situation, blind to the first and to what was meant.

    ``pairs`` says of each pair, in order, how far the half that was written as the better one was
    found better: 1, 0, or a half for no difference; None where it was not asked.
    """

    situation: str
    replies: tuple[SecondGrade, ...]
    pairs: tuple[float | None, ...]


class SecondGrade(_Strict):
    """The second grades of one reply, where the first grading has one."""

    id: str
    empathy: float | None = Field(default=None, ge=0, le=100)
    active_listening: float | None = Field(default=None, ge=0, le=100)
    individualized_treatment: float | None = Field(default=None, ge=0, le=100)
    dismissal: DismissalKind | None


def read_situations(examples: Path) -> list[Situation]:
    """Read every ``graded-*.jsonl`` of a folder: what is learned from.

    A grade is the mean of the first and the second one. Raises UsageError with file and line.
    """
    return _averaged(read_first_grades(examples, "graded-*.jsonl"), examples)


def read_held_out(examples: Path) -> list[Situation]:
    """Read every ``held-out-*.jsonl`` of a folder: the test part, never trained or tuned on.

    A grade is the mean of the first and the second one. Raises UsageError with file and line.
    """
    return _averaged(read_first_grades(examples, "held-out-*.jsonl"), examples)


def read_exported(files: Sequence[Path], own: Sequence[Situation]) -> list[Situation]:
    """Read files of graded situations beside the project's ``own``, as grades were exported.

    Raises UsageError with file and line, and where one has the name of an own one.
    """
    found: dict[str, Situation] = {}
    names = {s.situation for s in own}
    for file in files:
        if not file.is_file():
            raise UsageError(f"{file} is not there. Give a file that `coachbot review` exported.")
        for number, line in _lines(file):
            one = _parse(Situation, file, number, line)
            if one.situation in names:
                raise UsageError(
                    f"{file}, line {number}: there is a situation {one.situation} already."
                )
            found[one.situation] = one
            names.add(one.situation)
    return list(found.values())


def read_second_grades(examples: Path) -> dict[str, SecondGrades]:
    """Read ``second-grades.jsonl`` by situation; nothing when there is no such file."""
    file = examples / "second-grades.jsonl"
    if not file.is_file():
        return {}
    return {g.situation: g for g in _read_one(SecondGrades, file)}


def _averaged(situations: list[Situation], examples: Path) -> list[Situation]:
    second = read_second_grades(examples)
    return [
        _with_second(s, second[s.situation]) if s.situation in second else s for s in situations
    ]


def _with_second(situation: Situation, second: SecondGrades) -> Situation:
    again = {grade.id: grade for grade in second.replies}
    replies = []
    for reply in situation.replies:
        other = again.get(reply.id)
        grades = {
            d: grade if grade is None or other is None or (g := getattr(other, d)) is None
            else (grade + g) / 2
            for d, grade in reply.grades.items()
        }  # fmt: skip
        replies.append(reply.model_copy(update={"grades": grades}))
    return situation.model_copy(update={"replies": tuple(replies)})


def read_same_meaning(examples: Path) -> list[SameMeaning]:
    """Read ``same-meaning.jsonl`` of a folder. Raises UsageError with file and line."""
    return _read_one(SameMeaning, examples / "same-meaning.jsonl")


def read_suites(examples: Path) -> list[SuiteTest]:
    """Read ``suites.jsonl`` of a folder. Raises UsageError with file and line."""
    return _read_one(SuiteTest, examples / "suites.jsonl")


def read_first_grades(examples: Path, pattern: str) -> list[Situation]:
    """Read situations with the first grading alone. Raises UsageError with file and line."""
    files = sorted(examples.glob(pattern))
    if not files:
        message = f"No {pattern} in {examples}. Give the folder of graded examples."
        raise UsageError(message)
    found = [
        _parse(Situation, file, number, line) for file in files for number, line in _lines(file)
    ]
    names = [s.situation for s in found]
    twice = sorted({n for n in names if names.count(n) > 1})
    if twice:
        message = f"Situations with the same name in {examples}: {', '.join(twice)}."
        raise UsageError(message)
    return found


def read_injections(examples: Path) -> list[InjectionExample]:
    """Read ``injection.jsonl`` of a folder. Raises UsageError with file and line."""
    return _read_one(InjectionExample, examples / "injection.jsonl")


def read_innocent(examples: Path) -> list[InjectionExample]:
    """Read ``innocent.jsonl`` of a folder: greetings and the like, which a name must not disturb.

    Only the last fitting of the head uses them. Raises UsageError with file and line.
    """
    return _read_one(InjectionExample, examples / "innocent.jsonl")


def read_openings(examples: Path) -> list[Opening]:
    """Read ``called-for.jsonl`` of a folder. Raises UsageError with file and line."""
    return _read_one(Opening, examples / "called-for.jsonl")


def _read_one(model: type[Model], file: Path) -> list[Model]:
    return [one for _, one in numbered(model, file)]


def numbered(model: type[Model], file: Path) -> list[tuple[int, Model]]:
    """The lines of a file of examples, each with its number. Raises UsageError with both."""
    if not file.is_file():
        raise UsageError(f"{file} is missing. Give the folder of examples with --examples.")
    return [(number, _parse(model, file, number, line)) for number, line in _lines(file)]


def _lines(file: Path) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1):
        if line.strip():
            yield number, line


def _parse(model: type[Model], file: Path, number: int, line: str) -> Model:
    try:
        return model.model_validate(json.loads(line))
    except (json.JSONDecodeError, ValidationError) as error:
        what = error.errors()[0]["msg"] if isinstance(error, ValidationError) else error.msg
        message = f"{file}, line {number}: {what}."
        raise UsageError(message) from error
