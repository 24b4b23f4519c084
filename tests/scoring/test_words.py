"""Words, numbers and names that two texts share."""

from __future__ import annotations

from coachbot.scoring.words import Rarity, codes, content_words, names, numbers, word_runs


def test_endings_do_not_keep_words_apart() -> None:
    """The words "delivered" and "deliveries" are about the same thing."""
    assert content_words("delivered") == content_words("deliveries")


def test_empty_words_carry_no_subject() -> None:
    """A sentence of small words has no content words."""
    assert content_words("I would like you to do it for me, please") == []


def test_numbers_are_compared_as_written_in_digits() -> None:
    """Thousands separators and empty pence don't make another number."""
    assert numbers("£1,250.00 on the 3rd at 14:20") == {"1250", "3", "14:20"}


def test_codes_are_tokens_with_digits() -> None:
    """Order numbers are found whatever their case."""
    assert codes("order rt40917, thanks") == {"RT40917"}


def test_names_are_capitals_inside_a_sentence() -> None:
    """The word that opens a sentence is no name, and nobody is named by shouting."""
    assert names("Hello Dana. Your room in Leeds is ready, I think") == {"dana", "leeds"}
    assert names("MY PARCEL IS LATE") == set()


def test_rare_words_weigh_more() -> None:
    """Sharing a rare word counts for more than sharing one that everybody uses."""
    rarity = Rarity({"order": 0.2})
    assert rarity.share(["order", "falcon"], {"falcon"}) > rarity.share(
        ["order", "falcon"], {"order"}
    )
    assert rarity.share([], {"order"}) == 0.0


def test_runs_of_words() -> None:
    """A text of four words has one run of four."""
    assert word_runs("It's still in Hull") == [("it's", "still", "in", "hull")]
