"""Real small models behind the customers; ``make test-actors`` runs these."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from coachbot.bootstrap import Practice, data_root
from coachbot.coaching.practice import NoRepository
from coachbot.customer.checking import Ground, check
from coachbot.customer.modelled import ModelActor
from coachbot.customer.refusals import Refusal
from coachbot.customer.writer import Form, Prompt, Writer
from coachbot.library.prompts import TRIED, Prompts
from coachbot.models.actors import ActorSpec, load_writer
from coachbot.models.language import EnglishOrNot
from tests.actors.small import SERVED_NAME, gguf, served

pytestmark = pytest.mark.actors

REPLIES = (
    "I'm so sorry, Dean. A week late and two days to go, no wonder. What's the order number?",
    "Thank you. I'm putting a second train on tonight's van. Where can somebody sign for it?",
    "I'm Aisha, and I'll text you myself when it has been signed for. What's your mobile number?",
)


NO_HURRY = 3600.0
"""Seconds for a turn. Time limits have tests of their own; here a machine that others keep busy
may take minutes to write a line, and a turn that runs into its limit would be taken over."""


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """The small model behind a real server."""
    with served() as url:
        yield url


@pytest.fixture(scope="module", params=["transformers", "openai"])
def spec(request: pytest.FixtureRequest) -> str:
    """Both ways to the same file."""
    if request.param == "transformers":
        return f"transformers:{gguf()}"
    return f"openai:{request.getfixturevalue('address')}"


@pytest.fixture(scope="module")
def writer(spec: str) -> Writer:
    """The model, loaded once: to unpack the file is half of the work of all these tests."""
    return load_writer(ActorSpec.parse(spec))


@pytest.mark.parametrize("form", ["chat", "transcript"])
def test_it_writes_in_both_forms(writer: Writer, form: Form) -> None:
    """Both ways and both forms bring words; the same prompt is understood by either."""
    deadline = time.monotonic() + NO_HURRY
    # The name of the model on the server is asked for with the form.
    writer.form(deadline)
    prompt: Prompt = Prompts(data_root("prompts")).prompt(TRIED, form)
    text = writer.write(
        prompt, seed=1, deadline=deadline, enough=lambda text: len(text.split()) > 30
    )
    assert any(letter.isalnum() for letter in text)


def test_a_small_model_gets_a_transcript(writer: Writer) -> None:
    """Its size is known in process, and told by the server."""
    assert "transcript" == writer.form(time.monotonic() + NO_HURRY)
    assert "SmolLM2-135M" in writer.name or writer.name.startswith(SERVED_NAME)


def test_a_session_with_a_small_model(writer: Writer, practice: Practice) -> None:
    """Each turn is answered; what was sent passed the check, what did not was replaced."""
    tries: list[tuple[str, Refusal | None, Ground]] = []
    actor = ModelActor(
        writer,
        Prompts(data_root("prompts")),
        EnglishOrNot(),
        timeout=NO_HURRY,
        watch=lambda text, refusal, ground: tries.append((text, refusal, ground)),
    )
    playing = Practice(encoder=practice.encoder, scorer=practice.scorer, actor=actor)
    coach = playing.coach(NoRepository())
    session = coach.begin(coach.start("late-parcel", person="eve", seed=0))
    for reply in REPLIES:
        session = coach.reply(session, reply).session
    report = actor.report()
    assert len(REPLIES) == report.asked == len(session.turns)
    assert {} == report.taken_over
    assert report.accepted + report.authored_after_refusal == report.asked
    assert len(tries) == report.accepted + sum(report.refused.values())
    for text, refusal, ground in tries:
        again = check(text, ground, practice.encoder.encode, EnglishOrNot())
        assert (refusal is not None) == isinstance(again, Refusal)
    for turn in session.turns:
        assert turn.wording is not None
        assert all(message.strip() for message in turn.answer)
