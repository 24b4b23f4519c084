"""Readers of the public sets, on small files written here."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from coachbot.errors import UsageError
from coachbot.models.datasets import read_annomi, read_epitome, read_maia, read_uptake


def write(file: Path, *rows: str) -> None:
    """Write lines to a file in a folder that may not be there yet."""
    file.parent.mkdir(exist_ok=True)
    file.write_text("\n".join(rows) + "\n", encoding="utf-8")


def test_epitome_joins_the_three_files_and_keeps_doubles(tmp_path: Path) -> None:
    """A pair has three levels; one that stands there twice is two rows."""
    for stem, level in (("emotional-reactions", 1), ("interpretations", 2), ("explorations", 0)):
        row = f"s1,r1,post,response,{level},a|b"
        write(
            tmp_path / "epitome" / f"{stem}-part.csv",
            "sp_id,rp_id,seeker_post,response_post,level,rationales",
            row,
            row,
        )
    pairs = read_epitome(tmp_path)
    assert len(pairs) == 2
    assert pairs[0].levels == {"emotional_reaction": 1, "interpretation": 2, "exploration": 0}
    assert pairs[0].rationales["exploration"] == ("a", "b")


def test_annomi_takes_the_majority_and_the_words_before(tmp_path: Path) -> None:
    """Three annotators, one utterance; the client's last words are its context."""
    head = (
        "transcript_id,utterance_id,interlocutor,utterance_text,"
        "annotator_id,question_subtype,main_therapist_behaviour"
    )
    write(
        tmp_path / "annomi" / "x.csv",
        head,
        "1,0,client,I drink.,1,,",
        "1,1,therapist,You drink?,1,closed,question",
        "1,1,therapist,You drink?,2,,reflection",
        "1,1,therapist,You drink?,3,closed,question",
    )
    (utterance,) = read_annomi(tmp_path)
    assert ("question", "closed", "I drink.") == (
        utterance.behaviour,
        utterance.question,
        utterance.context,
    )


def test_uptake_leaves_out_rows_without_a_rating(tmp_path: Path) -> None:
    """Two rows, one rated."""
    write(
        tmp_path / "uptake" / "x.csv",
        "obs_id,student_text,teacher_text,uptake,uptake_zscore",
        "1,a,b,2.0,0.9",
        "1,a,b,,",
    )
    assert [2.0] == [x.uptake for x in read_uptake(tmp_path)]


def test_maia_leaves_out_typing_slips(tmp_path: Path) -> None:
    """A label of 22 says nothing; the customer's words come from the turn before."""
    turns = [
        {"floor": "inbound", "text_mt": ["Hi", "help"], "text_src": [], "Templated": []},
        {"floor": "outbound", "text_src": ["Hello.", "Bye."], "Templated": [1, 22]},
    ]
    write(tmp_path / "maia" / "client.json", json.dumps([{"id": "d", "turns": turns}]))
    (turn,) = read_maia(tmp_path)
    assert (("Hello.",), (True,), "Hi help", "client") == (
        turn.sentences,
        turn.templated,
        turn.customer,
        turn.client,
    )


def test_a_missing_set_and_another_file_are_named(tmp_path: Path) -> None:
    """The folder and the columns that were looked for are in the message."""
    with pytest.raises(UsageError, match="epitome"):
        read_epitome(tmp_path)
    write(tmp_path / "uptake" / "x.csv", "a,b", "1,2")
    with pytest.raises(UsageError, match="has no column obs_id"):
        read_uptake(tmp_path)
