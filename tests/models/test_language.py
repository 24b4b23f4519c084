"""English or not, on one-line chat messages."""

from __future__ import annotations

import pytest

from coachbot.models.language import EnglishOrNot


@pytest.mark.parametrize(
    "text",
    [
        "ok",
        "Thanks Tom",
        "Got it, Giuseppe.",
        "Certainly, Señora García.",
        "u ok hun?",
        "lemme check",
        "Marek, 14 is right.",
        "Confirm?",
        "Calm down.",
        "I've rung Müller & Söhne, they open at 8.",
        "",
    ],
)
def test_english_full_of_names_and_slang(text: str) -> None:
    """Names and slang don't make a message foreign."""
    assert EnglishOrNot().is_english(text)


@pytest.mark.parametrize(
    "text",
    [
        "Ci dispiace molto per il ritardo.",
        "La contatteremo domani mattina",
        "Lo siento mucho, señor",
        "Es tut mir leid",
        "Je suis désolé pour le retard",
        "Uw pakket komt morgen",
        "Przepraszam za opóźnienie",
        "Извините за задержку",
        "对不起，请稍等",
        "آسف على التأخير",
    ],
)
def test_other_languages(text: str) -> None:
    """A short sentence of another language is recognised as one."""
    assert not EnglishOrNot().is_english(text)
