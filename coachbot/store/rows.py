"""How a session becomes rows, and rows a session. Nothing here knows SQL."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from coachbot.errors import StoreError
from coachbot.reporting.progress import ProgressRow
from coachbot.scoring.interface import (
    DIMENSIONS,
    DimensionScore,
    DimensionScores,
    Evidence,
    ReplyScore,
)
from coachbot.session.models import ActVerdict, Session, Turn
from coachbot.store.schema import Table

Row = dict[str, Any]
"""A table's row by column: str, int, float or None."""

FIXED = (
    "person",
    "scenario",
    "scenario_version",
    "seed",
    "scorer",
    "started",
    "retry_of",
    "branched_at",
)
"""Columns of a session that never change, under the names of the session's own fields."""

_LISTS = ("facts", "needs_revealed", "needs_met")
_MATCHES = ("acts", "over_promises")


def to_json(value: object) -> str:
    """JSON that reads back as the same value; ``StoreError`` for NaN and infinity."""
    try:
        return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    except ValueError as error:
        raise StoreError(
            "The session was not saved, because it holds a number that is not finite. This is a "
            "mistake in CoachBot; please report it."
        ) from error


def session_row(session: Session) -> Row:
    """The row of ``sessions``, without the store's own columns."""
    return {
        "id": session.id,
        **{column: getattr(session, column) for column in FIXED},
        "opening": to_json(session.opening),
        "opening_state": to_json(session.opening_state.model_dump()),
        **changing(session),
    }


def changing(session: Session) -> Row:
    """The columns of ``sessions`` that a later save may change."""
    return {
        "phase": session.phase,
        "pending": session.pending,
        "outcome": session.outcome,
        "passed": None if session.passed is None else int(session.passed),
    }


def turn_rows(session_id: str, turn: Turn, saved: str) -> dict[Table, list[Row]]:
    """The rows of one turn; ``turns`` first, since the others refer to it."""
    score = turn.score
    key = {"session_id": session_id, "number": turn.number}
    row: Row = {
        **key,
        "customer": to_json(turn.customer),
        "agent": turn.agent,
        "answer": to_json(turn.answer),
        "hinted": int(turn.hinted),
        "mood_before": turn.mood_before,
        "mood_after": turn.mood_after,
        "status": score.status,
        "reason": score.reason,
        "scorer": score.scorer,
        "score_id": to_json(score.id),
        "signals": None if score.signals is None else to_json(score.signals.model_dump()),
        "has_evidence": int(score.evidence is not None),
        **{column: to_json(getattr(turn, column)) for column in _LISTS},
        **{
            column: to_json([match.model_dump() for match in getattr(turn, column)])
            for column in _MATCHES
        },
        "state": to_json(turn.state.model_dump()),
        "wording": None if turn.wording is None else to_json(turn.wording.model_dump()),
        "saved": saved,
    }
    return {
        "turns": [row],
        "turn_scores": [] if score.dimensions is None else score_rows(key, score.dimensions),
        "evidence": [
            {**key, "position": position, **_evidence_row(found)}
            for position, found in enumerate(score.evidence or ())
        ],
        "reasons": [
            {**key, "position": position, **reason.model_dump()}
            for position, reason in enumerate(turn.reasons)
        ],
    }


def score_rows(key: Mapping[str, object], values: DimensionScores) -> list[Row]:
    """One row for each dimension, for ``turn_scores`` and ``session_scores``."""
    return [
        {**key, "dimension": dimension, **values[dimension].model_dump()}
        for dimension in DIMENSIONS
    ]


def scores(rows: Sequence[Row]) -> DimensionScores:
    """The rows of :func:`score_rows` again."""
    return DimensionScores(
        **{
            row["dimension"]: DimensionScore(
                status=row["status"],
                reason=row["reason"],
                score=row["score"],
                low=row["low"],
                high=row["high"],
            )
            for row in rows
        }
    )


def progress_row(row: Row, values: Sequence[Row]) -> ProgressRow:
    """A finished session in short: its row with ``with_help``, and its values' rows."""
    return ProgressRow(
        session=row["id"],
        scenario=row["scenario"],
        started=row["started"],
        outcome=row["outcome"],
        passed=None if row["passed"] is None else bool(row["passed"]),
        with_help=bool(row["with_help"]),
        values=scores(values),
        scorer=row["scorer"],
        retry_of=row["retry_of"],
    )


def turn(
    row: Row,
    score: Sequence[Row],
    evidence: Sequence[Row],
    reasons: Sequence[Row],
) -> Turn:
    """One turn, from its row and the rows that belong to it, in order of position."""
    signals = row["signals"]
    return Turn.model_validate(
        {
            "number": row["number"],
            "agent": row["agent"],
            "hinted": bool(row["hinted"]),
            "mood_before": row["mood_before"],
            "mood_after": row["mood_after"],
            "wording": None if row["wording"] is None else json.loads(row["wording"]),
            **{
                column: json.loads(row[column])
                for column in ("customer", "answer", "state", *_LISTS, *_MATCHES)
            },
            "reasons": [
                {column: reason[column] for column in ("cause", "points", "quote", "text")}
                for reason in reasons
            ],
            "score": ReplyScore.model_validate(
                {
                    "id": json.loads(row["score_id"]),
                    "status": row["status"],
                    "reason": row["reason"],
                    "dimensions": scores(score) if score else None,
                    "signals": None if signals is None else json.loads(signals),
                    "evidence": [_evidence(found) for found in evidence]
                    if row["has_evidence"]
                    else None,
                    "scorer": row["scorer"],
                }
            ),
        }
    )


def session(
    row: Row,
    turns: Sequence[Turn],
    hints: Sequence[int],
    self_rating: Mapping[str, float],
    verdicts: Sequence[ActVerdict],
) -> Session:
    """The whole session; ``turns`` with those of the first attempt."""
    return Session.model_validate(
        {
            "id": row["id"],
            **{column: row[column] for column in FIXED},
            "opening": json.loads(row["opening"]),
            "opening_state": json.loads(row["opening_state"]),
            "phase": row["phase"],
            "pending": row["pending"],
            "outcome": row["outcome"],
            **{
                column: None if row[column] is None else bool(row[column])
                for column in ("passed", "passed_at_first")
            },
            "verdicts": verdicts,
            "turns": turns,
            "hints": hints,
            "self_rating": self_rating or None,
        }
    )


def as_told(session: Session) -> Row:
    """The session for whoever had it, ready for JSON: without the ids of other people."""
    return session.model_dump(mode="json", exclude={"verdicts": {"__all__": {"judged_by"}}})


def _evidence_row(found: Evidence) -> Row:
    return {
        "dimension": found.dimension,
        "source": found.source,
        "history_turn": found.turn,
        "span_start": found.start,
        "span_end": found.end,
        "text": found.text,
        "effect": found.effect,
        "reason": found.reason,
    }


def _evidence(row: Row) -> Evidence:
    return Evidence(
        dimension=row["dimension"],
        source=row["source"],
        turn=row["history_turn"],
        start=row["span_start"],
        end=row["span_end"],
        text=row["text"],
        effect=row["effect"],
        reason=row["reason"],
    )
