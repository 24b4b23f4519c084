"""Readers of the public, human-labelled sets that the signals are learned from.

Folders and columns are those of the data set's own releases (``epitome/``, ``annomi/``,
``uptake/``, ``maia/``; see README, "Training the scorer"). Every file in a folder that ends as
expected is read, so that another part of the same set can be put in its place. Rows whose label is
missing or a typing slip are dropped.
"""

from __future__ import annotations

import csv
import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from coachbot.errors import UsageError
from coachbot.scoring.interface import BEHAVIOURS, LEVELS, QUESTIONS, BehaviourLabel, QuestionLabel

_MECHANISM_FILES = {
    "emotional_reaction": "emotional-reactions",
    "interpretation": "interpretations",
    "exploration": "explorations",
}
# A talk turn of a client is read together with at most this many characters before it.
_CONTEXT_CHARACTERS = 600


@dataclass(frozen=True, slots=True)
class EpitomePair:
    """A post and a response to it, with the level (0 to 2) and rationales of each mechanism."""

    group: str
    post: str
    response: str
    levels: dict[str, int]
    rationales: dict[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class AnnoMIUtterance:
    """What a therapist said after ``context`` (the client's words just before)."""

    group: str
    context: str
    text: str
    behaviour: BehaviourLabel
    question: QuestionLabel


@dataclass(frozen=True, slots=True)
class UptakeExchange:
    """A student's words, the teacher's reply, and the mean rating of uptake (0 to 2)."""

    group: str
    student: str
    teacher: str
    uptake: float
    zscore: float


@dataclass(frozen=True, slots=True)
class SupportTurn:
    """An agent's turn in a support chat: its sentences, and which of them are canned."""

    client: str
    dialogue: str
    customer: str
    sentences: tuple[str, ...]
    templated: tuple[bool, ...]


def read_epitome(data: Path) -> list[EpitomePair]:
    """Read the pairs that all three mechanisms label. Raises UsageError when a file is missing."""
    rows: dict[tuple[str, str, int], dict[str, dict[str, str]]] = defaultdict(dict)
    for mechanism, stem in _MECHANISM_FILES.items():
        # A few pairs stand in the files twice; the count keeps both.
        seen: Counter[tuple[str, str]] = Counter()
        for row in _csv_rows(data / "epitome", f"{stem}*.csv", ("sp_id", "rp_id", "level")):
            pair = row["sp_id"], row["rp_id"]
            rows[*pair, seen[pair]][mechanism] = row
            seen[pair] += 1
    return [
        EpitomePair(
            group=key[0],
            post=next(iter(found.values()))["seeker_post"],
            response=next(iter(found.values()))["response_post"],
            levels={m: int(found[m]["level"]) for m in LEVELS},
            rationales={
                m: tuple(part.strip() for part in found[m]["rationales"].split("|") if part.strip())
                for m in LEVELS
            },
        )
        for key, found in rows.items()
        if len(found) == len(LEVELS)
    ]


def read_annomi(data: Path) -> list[AnnoMIUtterance]:
    """Read the therapists' utterances; where several people labelled one, the majority's label."""
    names: dict[str, BehaviourLabel] = {
        "reflection": "reflection",
        "question": "question",
        "therapist_input": "input",
        "other": "other",
    }
    rows = _csv_rows(
        data / "annomi", "*.csv", ("transcript_id", "utterance_id", "main_therapist_behaviour")
    )
    utterances: dict[tuple[str, int], list[dict[str, str]]] = defaultdict(list)
    for row in rows:
        utterances[row["transcript_id"], int(row["utterance_id"])].append(row)
    found: list[AnnoMIUtterance] = []
    context, transcript = "", ""
    for key in sorted(utterances, key=lambda k: (int(k[0]), k[1])):
        if key[0] != transcript:
            context, transcript = "", key[0]
        same = utterances[key]
        text = same[0]["utterance_text"].strip()
        if same[0]["interlocutor"] == "client":
            context = f"{context} {text}".strip()[-_CONTEXT_CHARACTERS:]
            continue
        labels = [row["main_therapist_behaviour"] for row in same]
        labels = [label for label in labels if label in names]
        asked = [row["question_subtype"] or "none" for row in same]
        if labels:
            behaviour = names[max(sorted(set(labels)), key=labels.count)]
            subtype = max(sorted(set(asked)), key=asked.count)
            question = next(q for q in QUESTIONS if q == subtype)
            found.append(AnnoMIUtterance(key[0], context, text, behaviour, question))
        context = ""
    assert {u.behaviour for u in found} <= set(BEHAVIOURS)  # noqa: S101 (an invariant)
    return found


def read_uptake(data: Path) -> list[UptakeExchange]:
    """Read the exchanges that have a rating."""
    rows = _csv_rows(data / "uptake", "*.csv", ("obs_id", "student_text", "teacher_text", "uptake"))
    return [
        UptakeExchange(
            group=row["obs_id"],
            student=row["student_text"],
            teacher=row["teacher_text"],
            uptake=float(row["uptake"]),
            zscore=float(row["uptake_zscore"]),
        )
        for row in rows
        if row["uptake"] and row["uptake_zscore"]
    ]


def read_maia(data: Path) -> list[SupportTurn]:
    """Read the agents' turns; the client is the name of the file."""
    folder = data / "maia"
    files = sorted(folder.glob("*.json"))
    if not files:
        raise UsageError(_missing(folder, "*.json"))
    found: list[SupportTurn] = []
    for file in files:
        for dialogue in json.loads(file.read_text(encoding="utf-8")):
            customer = ""
            for turn in dialogue["turns"]:
                if turn["floor"] != "outbound":
                    customer = " ".join(turn["text_mt"])
                    continue
                pairs = [
                    (text.strip(), label == 1)
                    for text, label in zip(turn["text_src"], turn["Templated"], strict=False)
                    if label in (0, 1) and text.strip()
                ]
                if pairs:
                    found.append(
                        SupportTurn(
                            client=file.stem,
                            dialogue=dialogue["id"],
                            customer=customer,
                            sentences=tuple(text for text, _ in pairs),
                            templated=tuple(label for _, label in pairs),
                        )
                    )
    return found


def _csv_rows(folder: Path, pattern: str, needed: tuple[str, ...]) -> Iterator[dict[str, str]]:
    files = sorted(folder.glob(pattern))
    if not files:
        raise UsageError(_missing(folder, pattern))
    for file in files:
        with file.open(encoding="utf-8", newline="") as lines:
            reader = csv.DictReader(lines)
            absent = [name for name in needed if name not in (reader.fieldnames or [])]
            if absent:
                message = (
                    f"{file} has no column {', '.join(absent)}. Is it another data set's file?"
                )
                raise UsageError(message)
            yield from reader


def _missing(folder: Path, pattern: str) -> str:
    return (
        f"No file {pattern} in {folder}. "
        "Give the folder that holds epitome/, annomi/, uptake/ and maia/ with --data."
    )
