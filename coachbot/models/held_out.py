"""Replies of held-out situations with their scores."""

from __future__ import annotations

from dataclasses import dataclass

from coachbot.models.examples import GradedReply, Situation
from coachbot.scoring.interface import Dimension, ReplyScore, ReplyToScore

OWN = "own held-out situations (project's own grades)"


@dataclass(frozen=True)
class Graded:
    """A graded reply, its situation, and what the scorer said."""

    situation: Situation
    reply: GradedReply
    score: ReplyScore


def item_of(situation: Situation, text: str) -> ReplyToScore:
    """Return a reply to a situation's customer as the scorer takes it."""
    return ReplyToScore(history=situation.history, reply=text, screen=situation.screen)


def points_of(score: ReplyScore, dimension: Dimension) -> float:
    """Return the score, NaN when there is none."""
    found = None if score.dimensions is None else score.dimensions[dimension].score
    return float("nan") if found is None else found
