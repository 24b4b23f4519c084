"""Language models as actors: over a real connection, and in process."""

from __future__ import annotations

import json
import socket
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from pydantic import SecretStr

from coachbot.customer.writer import Form, Message, Prompt, WritingFailed
from coachbot.errors import ModelError
from coachbot.models.actors import ActorSpec, load_writer, size_in_name
from coachbot.models.actors_local import LocalWriter
from coachbot.models.actors_served import ServedWriter
from tests.models.actor_server import (
    Behaviour,
    answers_with,
    dies,
    drips,
    says,
    says_at_once,
    serving,
    sleeps,
)

if TYPE_CHECKING:
    from coachbot.customer.wording import Failure

CHAT = Prompt(
    "chat",
    messages=(
        Message("system", "You are Dean."),
        Message("user", "(The chat begins.)"),
        Message("assistant", "Where is it?"),
        Message("user", "Which number?"),
    ),
)
TRANSCRIPT = Prompt("transcript", text="Agent: Which number?\nDean (furious):")


def write(url: str, prompt: Prompt = CHAT, *, seconds: float = 5.0, model: str = "small") -> str:
    """What a server's model writes."""
    writer = ServedWriter(url, model)
    deadline = time.monotonic() + seconds
    return writer.write(prompt, seed=1, deadline=deadline, enough=lambda _text: False)


def failure(url: str, *, seconds: float = 5.0) -> Failure:
    """Why it writes nothing."""
    with pytest.raises(WritingFailed) as caught:
        write(url, seconds=seconds)
    return caught.value.failure


# --- Which one is meant ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "spec"),
    [
        ("transformers:/models/a", ActorSpec("transformers", "/models/a")),
        ("transformers: owner/name", ActorSpec("transformers", "owner/name")),
        ("openai:http://localhost:11434", ActorSpec("openai", "http://localhost:11434/v1")),
        ("openai:http://h:1/v1/#q:7b", ActorSpec("openai", "http://h:1/v1", "q:7b")),
        ("openai:https://h/api/v2", ActorSpec("openai", "https://h/api/v2")),
    ],
)
def test_a_model_is_named_in_a_line(text: str, spec: ActorSpec) -> None:
    """A kind, a place, and on a server a name; /v1 is added where no path is given."""
    assert spec == ActorSpec.parse(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "gpt",
        "openai:",
        "openai:localhost:80",
        "openai:ftp://h/v1",
        "openai:http://me:key@h/v1",
        "openai:http://h:99999/v1",
        "openai:http://h/v1?k=1",
        "llama:x",
        "transformers:",
    ],
)
def test_what_names_no_model_is_refused(text: str) -> None:
    """A sentence says what it should be like; a key in an address is refused as well."""
    with pytest.raises(ValueError, match=r"like|address"):
        ActorSpec.parse(text)


@pytest.mark.parametrize(
    ("name", "size"),
    [
        ("qwen2.5:1.5b", 1_500_000_000),
        ("SmolLM2-135M-Instruct", 135_000_000),
        ("Llama-3.1-8B-Instruct", 8_000_000_000),
        ("Qwen3-30B-A3B", 30_000_000_000),
        ("gpt-4o", None),
        ("mistral-small", None),
    ],
)
def test_sizes_are_read_from_names(name: str, size: int | None) -> None:
    """The first number with a b or an m behind it is the size."""
    assert size == size_in_name(name)


# --- Over a connection -----------------------------------------------------------------------


@pytest.mark.parametrize("prompt", [CHAT, TRANSCRIPT], ids=["chat", "transcript"])
@pytest.mark.parametrize(
    "answer", [says("It's ", "402", "18"), says_at_once("It's 40218")], ids=["streamed", "at once"]
)
def test_a_server_answers(prompt: Prompt, answer: Behaviour) -> None:
    """Streamed or at once, in either form, the pieces are one text."""
    with serving(answer) as server:
        assert "It's 40218" == write(server.url, prompt)
    path, body = server.asked[0]
    assert ("/v1/chat/completions" if prompt.form == "chat" else "/v1/completions") == path
    assert ("small", 1, True) == (body["model"], body["seed"], body["stream"])


def test_a_transcript_stops_at_the_end_of_the_line() -> None:
    """What comes after would be somebody else's message."""
    with serving(says("40218")) as server:
        write(server.url, TRANSCRIPT)
    assert ["\n"] == server.asked[0][1]["stop"]
    assert TRANSCRIPT.text == server.asked[0][1]["prompt"]


def test_thoughts_apart_from_the_answer_are_left_out() -> None:
    """A server that sends a model's reasoning in a field of its own is understood."""
    thought = {"choices": [{"delta": {"reasoning_content": "Hm.", "content": None}}]}

    def behave(exchange: object) -> None:
        exchange.begin_stream()  # type: ignore[attr-defined]
        exchange.event(json.dumps(thought))  # type: ignore[attr-defined]
        exchange.piece("40218")  # type: ignore[attr-defined]
        exchange.event('{"choices": [], "usage": {}}')  # type: ignore[attr-defined]
        exchange.event("[DONE]")  # type: ignore[attr-defined]

    with serving(behave) as server:
        assert "40218" == write(server.url)


def test_a_message_beyond_saving_is_broken_off() -> None:
    """As soon as it is known to be of no use, nothing more is waited for."""
    with serving(drips) as server:
        writer = ServedWriter(server.url, "small")
        began = time.monotonic()
        text = writer.write(
            CHAT, seed=1, deadline=began + 20, enough=lambda text: text.count("a") >= 3
        )
    assert "a a a " == text
    assert time.monotonic() - began < 10


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (sleeps, "timed_out"),
        (drips, "timed_out"),
        (dies, "failed"),
        (answers_with(b"<html>Gateway</html>", kind="text/html"), "unreadable"),
        (answers_with(b'{"choices": []}'), "unreadable"),
        (answers_with(b'{"choices": [{"message": {"content": 5}}]}'), "unreadable"),
        (answers_with(b"[]"), "unreadable"),
        (answers_with(b"data: {broken\n\n", kind="text/event-stream"), "unreadable"),
        (answers_with(b'data: {"error": {}}\n\n', kind="text/event-stream"), "failed"),
        (answers_with(b" " * 300_000), "unreadable"),
        (answers_with(b"{}", 500), "failed"),
        (answers_with(b"{}", 503), "failed"),
        (answers_with(b"{}", 302), "failed"),
        (answers_with(b"{}", 401), "denied"),
        (answers_with(b'{"error": "model \'small\' not found"}', 404), "missing"),
        (answers_with(b'{"error": "The model was not found"}', 400), "missing"),
    ],
)
def test_what_goes_wrong_is_named(answer: Behaviour, reason: Failure) -> None:
    """Slow, endless, dead, rubbish, an error, no such model: each is a failure with a name."""
    seconds = 1.0 if reason == "timed_out" else 10.0
    began = time.monotonic()
    with serving(answer) as server:
        assert reason == failure(server.url, seconds=seconds)
        if reason == "timed_out":
            assert time.monotonic() - began < seconds + 3


def test_a_server_that_is_not_there_is_named() -> None:
    """Nothing listens at the address."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        assert "unreachable" == failure(f"http://127.0.0.1:{taken.getsockname()[1]}/v1")


def test_no_words_are_no_error() -> None:
    """An empty answer comes back as it is; the check has a name for it."""
    with serving(says("")) as server:
        assert "" == write(server.url)


def test_a_server_without_a_system_role_is_asked_again() -> None:
    """A 400 is answered once with nothing that not every server understands; then always."""
    refuses = answers_with(b'{"error": "System role not supported"}', 400)
    with serving(refuses, says("40218")) as server:
        writer = ServedWriter(server.url, "small")
        for _ in range(2):
            deadline = time.monotonic() + 5
            text = writer.write(CHAT, seed=1, deadline=deadline, enough=lambda _text: False)
            assert "40218" == text
    bodies = [body for _, body in server.asked]
    assert ["system", "user", "user"] == [body["messages"][0]["role"] for body in bodies]
    assert "You are Dean.\n\n(The chat begins.)" == bodies[1]["messages"][0]["content"]
    assert "seed" not in bodies[1]


def test_the_key_goes_to_the_server_and_nowhere_else() -> None:
    """It is sent as a bearer's token and is in no text of the writer."""
    with serving(says("40218")) as server:
        writer = ServedWriter(server.url, "small", key=SecretStr("open-sesame"))
        writer.write(CHAT, seed=1, deadline=time.monotonic() + 5, enough=lambda _text: False)
    assert "Bearer open-sesame" == server.headers[0]["authorization"]
    assert "open-sesame" not in repr(writer) + writer.name + repr(vars(writer))


@pytest.mark.parametrize(
    ("models", "form"),
    [
        (("tiny-135m",), "transcript"),
        (("big-70b",), "chat"),
        (("unknown",), "chat"),
        ({"data": [{"id": "x", "meta": {"n_params": 134_000_000}}]}, "transcript"),
    ],
)
def test_the_only_model_is_found_with_its_form(models: object, form: Form) -> None:
    """A server with one model needs no name; small ones go on with a transcript."""
    with serving(says("40218"), models=models) as server:
        writer = ServedWriter(server.url)
        assert form == writer.form(time.monotonic() + 5)
        writer.write(CHAT, seed=1, deadline=time.monotonic() + 5, enough=lambda _text: False)
    name = server.asked[0][1]["model"]
    assert f"{name} at {server.url.removeprefix('http://').removesuffix('/v1')}" == writer.name


def test_several_models_want_a_name() -> None:
    """Which one of two is meant can't be guessed."""
    with serving(says("40218"), models=("a", "b")) as server:
        with pytest.raises(WritingFailed, match="missing"):
            ServedWriter(server.url).form(time.monotonic() + 5)
        assert "chat" == ServedWriter(server.url, "a").form(time.monotonic() + 5)


def test_a_server_that_lists_nothing_may_still_have_the_model() -> None:
    """A name that was given is taken on trust."""
    with serving(says("40218"), models=None) as server:
        assert "transcript" == ServedWriter(server.url, "a-1b").form(time.monotonic() + 5)


# --- In process ------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model of a few thousand random numbers, as safetensors, and a tokenizer of characters."""
    import torch
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers
    from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

    folder: Path = tmp_path_factory.mktemp("tiny")
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    vocabulary = {"<end>": 0, **{letter: i for i, letter in enumerate(alphabet, 1)}}
    letters = Tokenizer(models.BPE(vocab=vocabulary, merges=[]))
    letters.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    letters.decoder = decoders.ByteLevel()
    tokenizer = PreTrainedTokenizerFast(  # type: ignore[no-untyped-call]
        tokenizer_object=letters,
        eos_token="<end>",  # noqa: S106  # a mark
    )
    tokenizer.chat_template = (
        "{% for m in messages %}{% if m.role == 'system' %}{{ raise_exception('no system role') }}"
        "{% endif %}{{ m.role }}: {{ m.content }}\n{% endfor %}assistant:"
    )
    tokenizer.save_pretrained(folder)
    config = LlamaConfig(
        vocab_size=len(vocabulary),
        hidden_size=16,
        intermediate_size=32,
        num_hidden_layers=1,
        num_attention_heads=2,
        num_key_value_heads=2,
        max_position_embeddings=2048,
        eos_token_id=0,
        bos_token_id=0,
    )
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(3)
        LlamaForCausalLM(config).save_pretrained(folder, safe_serialization=True)
    return folder


@pytest.mark.parametrize("form", ["chat", "transcript"])
def test_a_local_model_writes(tiny: Path, form: Form) -> None:
    """The same seed gives the same words; a template without a system role is no obstacle."""
    writer = load_writer(ActorSpec("transformers", str(tiny)), form=form)
    prompt = CHAT if form == "chat" else TRANSCRIPT

    def written(seed: int) -> str:
        return writer.write(
            prompt, seed=seed, deadline=time.monotonic() + 60, enough=lambda text: len(text) > 40
        )

    assert written(1) == written(1) != written(2)
    assert form == writer.form(0.0)
    assert tiny.name == writer.name
    if form == "transcript":
        assert "\n" not in written(1)


def test_a_small_local_model_goes_on_with_a_transcript(tiny: Path) -> None:
    """Its parameters are counted."""
    assert "transcript" == LocalWriter.load(tiny, str(tiny)).form(0.0)


def test_a_local_model_keeps_the_time(tiny: Path) -> None:
    """A deadline that has passed stops it, and so does another one at work for too long."""
    writer = LocalWriter.load(tiny, str(tiny))
    with pytest.raises(WritingFailed, match="timed_out"):
        writer.write(TRANSCRIPT, seed=1, deadline=time.monotonic(), enough=lambda _text: False)
    with writer._lock, pytest.raises(WritingFailed, match="timed_out"):
        writer.write(
            TRANSCRIPT, seed=1, deadline=time.monotonic() + 0.1, enough=lambda _text: False
        )


def test_a_local_model_leaves_everybody_elses_draws_alone(tiny: Path) -> None:
    """The seed of a message is not the seed of the program."""
    import torch

    writer = LocalWriter.load(tiny, str(tiny))
    torch.manual_seed(5)
    expected = torch.rand(1)
    torch.manual_seed(5)
    writer.write(
        TRANSCRIPT, seed=1, deadline=time.monotonic() + 60, enough=lambda text: len(text) > 5
    )
    assert expected == torch.rand(1)


def test_pickles_are_never_loaded(tiny: Path, tmp_path: Path) -> None:
    """A folder with weights in a format that can run code is refused, and says why."""
    import shutil

    import torch

    folder = tmp_path / "pickled"
    shutil.copytree(tiny, folder)
    (folder / "model.safetensors").unlink()
    torch.save({}, folder / "pytorch_model.bin")
    with pytest.raises(ModelError, match=r"no \*\.safetensors"):
        load_writer(ActorSpec("transformers", str(folder)))


def test_code_that_comes_with_a_model_is_not_run(tiny: Path, tmp_path: Path) -> None:
    """A model that brings its own class is refused, and its file is not imported."""
    import shutil

    folder = tmp_path / "with-code"
    shutil.copytree(tiny, folder)
    config = json.loads((folder / "config.json").read_text())
    config |= {"model_type": "mine", "auto_map": {"AutoModelForCausalLM": "mine.Mine"}}
    (folder / "config.json").write_text(json.dumps(config))
    mark = tmp_path / "it-was-run"
    (folder / "mine.py").write_text(f"open({str(mark)!r}, 'w').close()\n")
    with pytest.raises(ModelError, match="can't be loaded"):
        load_writer(ActorSpec("transformers", str(folder)))
    assert not mark.exists()


@pytest.mark.parametrize(
    ("place", "said"),
    [
        ("/nowhere/at/all", "There is no folder"),
        ("./nowhere", "There is no folder"),
        ("/nowhere/model.gguf", "There is no file"),
        ("nobody/has-this-model", "can't be loaded"),
    ],
)
def test_a_local_model_that_is_not_there_is_named(place: str, said: str) -> None:
    """What is missing is said when the program starts, and nothing is looked for elsewhere."""
    with pytest.raises(ModelError, match=said):
        load_writer(ActorSpec("transformers", place))


def test_a_model_without_chat_template_cannot_be_asked_in_chat(tiny: Path, tmp_path: Path) -> None:
    """The way out is in the message."""
    import shutil

    folder = tmp_path / "no-template"
    shutil.copytree(tiny, folder)
    (folder / "chat_template.jinja").unlink(missing_ok=True)
    settings = json.loads((folder / "tokenizer_config.json").read_text())
    settings.pop("chat_template", None)
    (folder / "tokenizer_config.json").write_text(json.dumps(settings))
    with pytest.raises(ModelError, match="COACHBOT_ACTOR_FORM to transcript"):
        load_writer(ActorSpec("transformers", str(folder)), form="chat")
