"""Everyday questions: learned from many wordings, kept in a file, and used beside a file's own."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from coachbot.bootstrap import Practice, data_root
from coachbot.customer.everyday import EverydayQuestions, everyday_questions
from coachbot.errors import ModelError, UsageError
from coachbot.models import questions
from coachbot.models.artefacts import MANIFEST, QUESTIONS, write_manifest
from coachbot.models.encoder import MiniLM
from coachbot.models.questions import Learned
from coachbot.scoring.protocol import Encoder

ASKS = {
    "phone": ("What's your phone number?", "Can I have your number?"),
    "deadline": ("When do you need it by?", "Is it urgent?"),
    "pet": ("Have you got a dog?", "Any pets?"),
}
MORE = {
    "phone": tuple(
        f"{words} {end}"
        for words in ("what can I ring you on", "where can I call you", "which mobile do you use")
        for end in ("", "please", "these days", "now")
    ),
    "deadline": tuple(
        f"{words} {end}"
        for words in ("is there a date that matters", "how long have we got", "by what day")
        for end in ("", "please", "at most", "then")
    ),
}


@pytest.fixture(scope="module")
def original() -> MiniLM:
    """The encoder as it comes, without a memory."""
    return MiniLM.load()


@pytest.fixture(scope="module")
def learned(original: MiniLM) -> Learned:
    """Two questions with more wordings, and one without."""
    return questions.learn(ASKS, MORE, original)


def ready(encoder: Encoder, learned: Learned | None) -> EverydayQuestions:
    """The questions as a customer has them, with one more of the file's own."""
    asks = {**ASKS, "hat": ("Were you wearing a hat?", "What hat was it?")}
    texts = [text for some in asks.values() for text in some]
    vectors = dict(zip(texts, encoder.encode(texts), strict=True))
    return everyday_questions(asks, vectors, learned.questions if learned else None)


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("On which one can I ring you?", "phone"),
        ("How long have we got for this?", "deadline"),
        ("Do you keep any animals?", "pet"),
        ("So the hat, what was that like?", "hat"),
    ],
)
def test_a_question_is_known_by_what_was_learned(
    encoder: Encoder, learned: Learned, question: str, expected: str
) -> None:
    """Learned ones by their further wordings, a file's own by the phrases that it has."""
    (guess,) = ready(encoder, learned).guesses([question], encoder.encode([question]))
    assert expected == guess.id


def test_learning_makes_surer(encoder: Encoder, learned: Learned) -> None:
    """A wording far from a file's phrases leads by more once it has been learned."""
    texts = ["which mobile would you use"]
    vectors = encoder.encode(texts)
    (before,), (after,) = (ready(encoder, one).ranked(texts, vectors) for one in (None, learned))
    assert ("phone", "phone") == (before[0], after[0])
    assert after[2] > before[2]


def test_what_is_measured_was_left_out(learned: Learned) -> None:
    """Thirty wordings, nearly all known again when they were left out."""
    assert 30 == learned.wordings
    assert 0.7 <= learned.right <= 1.0


def test_what_is_written_is_read(tmp_path: Path, original: MiniLM, learned: Learned) -> None:
    """The file is in the manifest, equal contents give equal bytes, and it answers the same."""
    file = questions.write(learned.questions, tmp_path)
    before = file.read_bytes()
    questions.write(learned.questions, tmp_path)
    read = questions.load(tmp_path, original)
    texts = ["what can I ring you on"]
    assert before == file.read_bytes()
    assert (learned.questions.ids, learned.questions.sureness) == (read.ids, read.sureness)
    assert np.allclose(learned.questions(texts), read(texts), atol=2e-3)


def test_the_encoder_itself_stays_as_it_was(original: MiniLM, learned: Learned) -> None:
    """Its weights are shared with the one that was taught, and not changed by that."""
    texts = ["what can I ring you on"]
    assert np.array_equal(original.encode(texts), MiniLM.load().encode(texts))
    assert not np.allclose(original.encode(texts), learned.questions.encoder.encode(texts))


def test_a_missing_or_changed_file_is_named(
    tmp_path: Path, original: MiniLM, learned: Learned
) -> None:
    """The message says which file, what about it, and what to do."""
    with pytest.raises(ModelError, match=r"manifest\.json is missing"):
        questions.load(tmp_path, original)
    file = questions.write(learned.questions, tmp_path)
    file.write_bytes(file.read_bytes()[:-8])
    with pytest.raises(ModelError, match=r"is not the one in .*scenarios learn-questions"):
        questions.load(tmp_path, original)
    write_manifest(tmp_path)
    with pytest.raises(ModelError, match=r"everyday\.safetensors can't be read"):
        questions.load(tmp_path, original)
    file.unlink()
    with pytest.raises(ModelError, match=r"everyday\.safetensors is missing"):
        questions.load(tmp_path, original)


def test_a_file_for_another_encoder_is_refused(
    tmp_path: Path, original: MiniLM, learned: Learned, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its numbers would mean nothing here."""
    with monkeypatch.context() as elsewhere:
        elsewhere.setattr(questions, "SHA256", "0" * 64)
        questions.write(learned.questions, tmp_path)
    with pytest.raises(ModelError, match="another version of CoachBot"):
        questions.load(tmp_path, original)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ('{"id": "a", "ask": []}', "line 1"),
        ("{", "line 1"),
        ('{"id": "a", "ask": ["x?"]}\n{"id": "a", "ask": ["y?"]}', "line 2: a has a line already"),
    ],
)
def test_mistakes_in_the_wordings_are_shown(tmp_path: Path, content: str, words: str) -> None:
    """With the file and the line."""
    (tmp_path / questions.EXAMPLES).write_text(content, encoding="utf-8")
    with pytest.raises(UsageError, match=words):
        questions.read_wordings(tmp_path)


def test_no_wordings(tmp_path: Path) -> None:
    """A folder without the file is refused."""
    with pytest.raises(UsageError, match=r"everyday\.jsonl is missing"):
        questions.read_wordings(tmp_path)


def test_wordings_of_a_question_that_is_not_there(original: MiniLM) -> None:
    """They are named."""
    with pytest.raises(UsageError, match="called horse"):
        questions.learn(ASKS, {"horse": ("Have you a horse?",)}, original)


def test_two_questions_are_too_few(original: MiniLM) -> None:
    """The message says how many it takes."""
    with pytest.raises(UsageError, match="takes 3"):
        questions.learn({"a": ("Why?",), "b": ("Where?",)}, {}, original)


def test_the_released_file_knows_every_question(
    checkout: Path, practice: Practice, original: MiniLM
) -> None:
    """Those of the general temperament with wordings, each of which has further ones."""
    asked = {one.id for one in practice.library.general().everyday if one.ask}
    assert asked == set(questions.load(data_root("models"), original).ids)
    assert asked == set(questions.read_wordings(checkout / "models" / "examples"))


def test_the_manifest_has_the_file(checkout: Path) -> None:
    """By name, with its role."""
    manifest = json.loads((checkout / "models" / MANIFEST).read_text(encoding="utf-8"))
    assert f"coachbot/{QUESTIONS}" in {model["name"] for model in manifest["models"]}
