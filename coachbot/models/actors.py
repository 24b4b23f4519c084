"""Language models that find a customer's words: which one is meant, and how it is reached.

transformers:FOLDER      a folder with config.json, tokenizer and *.safetensors
transformers:FILE.gguf   a GGUF file, which transformers unpacks
transformers:OWNER/NAME  a model that is in the local cache already; nothing is downloaded
openai:URL[#MODEL]       a server with OpenAI's API: vLLM, Ollama, llama.cpp and others
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal
from urllib.parse import SplitResult, urlsplit

if TYPE_CHECKING:
    from pydantic import SecretStr

    from coachbot.customer.writer import Form, Writer

FormWish = Literal["auto", "chat", "transcript"]
EXAMPLES = "transformers:/models/some-model or openai:http://localhost:11434/v1#some-model"


@dataclass(frozen=True)
class ActorSpec:
    """What a text such as ``openai:http://localhost:8080/v1#small`` means.

    ``place``: the base address, the folder, the file or the id; ``model``: its name on a server,
    None: the server's only one.
    """

    kind: Literal["transformers", "openai"]
    place: str
    model: str | None = None

    @classmethod
    def parse(cls, text: str) -> ActorSpec:
        """Read it; ValueError with a sentence that says what is wrong with it."""
        kind, colon, rest = text.strip().partition(":")
        rest = rest.strip()
        if not colon or kind not in ("transformers", "openai") or not rest:
            raise ValueError(f"it should be like {EXAMPLES}")
        if kind == "transformers":
            return cls("transformers", rest)
        address, _, model = rest.partition("#")
        parts = _split(address)
        if parts.username or parts.password:
            raise ValueError("a key belongs in COACHBOT_ACTOR_KEY, not in the address")
        # Everybody serves it under /v1, and the path is easily forgotten.
        address = address.rstrip("/") if parts.path.strip("/") else f"{address.rstrip('/')}/v1"
        return cls("openai", address, model.strip() or None)

    def in_words(self, model: str | None = None) -> str:
        """What people are told of it: the model, and the server if it is on one.

        ``model``: its name where this doesn't have one.
        """
        if self.kind == "transformers":
            path = Path(self.place)
            return path.stem if path.suffix == ".gguf" else self.place.rstrip("/").split("/")[-1]
        host = urlsplit(self.place).netloc
        named = self.model or model
        return f"{named} at {host}" if named else f"at {host}"


def _split(address: str) -> SplitResult:
    try:
        parts = urlsplit(address)
        usable = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:
        usable = False
    if not usable or re.search(r"\s", address) or parts.query:
        raise ValueError("after openai: comes an address, like http://localhost:11434/v1")
    return parts


def load_writer(
    spec: ActorSpec,
    *,
    form: FormWish = "auto",
    model: str | None = None,
    key: SecretStr | None = None,
) -> Writer:
    """Make the model ready to write; one on a server is not asked before the first turn.

    ``model`` counts where the spec names none. Raises ModelError for a local model that can't be
    loaded.
    """
    wanted: Form | None = None if form == "auto" else form
    if spec.kind == "openai":
        from coachbot.models.actors_served import ServedWriter

        return ServedWriter(spec.place, spec.model or model, form=wanted, key=key)
    from coachbot.models.actors_local import LocalWriter

    return LocalWriter.load(Path(spec.place).expanduser(), spec.place, form=wanted)


_SIZE = re.compile(r"(?<![a-z0-9.])(\d+(?:\.\d+)?)\s?([bm])(?![a-z0-9])", re.IGNORECASE)


def size_in_name(name: str) -> int | None:
    """Parameters as a model's name has them: ``qwen2.5:1.5b`` is 1,500,000,000; None if it doesn't.

    Of two sizes (``8x7b``, ``30B-A3B``) the first counts.
    """
    found = _SIZE.search(name.replace("_", "-"))
    if found is None:
        return None
    return int(float(found.group(1)) * (10**9 if found.group(2).lower() == "b" else 10**6))
