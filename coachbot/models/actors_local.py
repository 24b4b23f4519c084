"""A language model in this process, by transformers: from safetensors or GGUF, never from pickle.

No code that comes with a model is run, and nothing is downloaded. One message is written at a time;
the others wait, and their time runs.
"""

from __future__ import annotations

import importlib.util
import os
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from coachbot.customer.writer import Form, Prompt, WritingFailed, form_for
from coachbot.errors import ModelError
from coachbot.models.actors_served import (
    SPARE_TOKENS,
    TEMPERATURE,
    THINKING_TOKENS,
    TOKENS_A_WORD,
    TOP_P,
    merged,
)

if TYPE_CHECKING:
    from torch import Tensor


class LocalWriter:
    """A causal language model and its tokenizer; see :class:`coachbot.customer.writer.Writer`."""

    def __init__(self, model: Any, tokenizer: Any, name: str, *, form: Form | None = None) -> None:
        self._model = model
        self._tokenizer = tokenizer
        self._name = name
        parameters = sum(tensor.numel() for tensor in model.parameters())
        self._form = form or form_for(parameters)
        if self._form == "chat" and not getattr(tokenizer, "chat_template", None):
            raise ModelError(
                f"The model {name} has no chat template, so that it can't be asked in chat form. "
                "Set COACHBOT_ACTOR_FORM to transcript."
            )
        self._lock = threading.Lock()

    @classmethod
    def load(cls, path: Path, given: str, *, form: Form | None = None) -> LocalWriter:
        """Load a folder, a GGUF file, or an id from the local cache. Raises ModelError."""
        os.environ.setdefault("HF_HUB_OFFLINE", "1")
        place, options = _place(path, given)
        from transformers import AutoModelForCausalLM, AutoTokenizer
        from transformers.utils import logging

        logging.disable_progress_bar()  # type: ignore[no-untyped-call]
        options |= {"local_files_only": True, "trust_remote_code": False}
        kind = {} if "gguf_file" in options else {"use_safetensors": True}
        try:
            tokenizer = AutoTokenizer.from_pretrained(place, **options)
            model = AutoModelForCausalLM.from_pretrained(place, **options, **kind)
            model.train(False)
        except Exception as error:
            # transformers raises nearly anything for files that aren't what they should be.
            reason = next(iter(str(error).strip().splitlines()), type(error).__name__)
            raise ModelError(
                f"The language model {given} can't be loaded: {reason} It needs config.json, a "
                "tokenizer and *.safetensors in one folder (or a .gguf file), of a kind that "
                "transformers knows without code of its own."
            ) from error
        return cls(model, tokenizer, path.stem if path.exists() else given, form=form)

    @property
    def name(self) -> str:
        """The folder's or file's name, or the id."""
        return self._name

    def form(self, deadline: float) -> Form:
        """By size, unless it was given."""
        return self._form

    def write(
        self, prompt: Prompt, *, seed: int, deadline: float, enough: Callable[[str], bool]
    ) -> str:
        """As :class:`coachbot.customer.writer.Writer` has it; the same seed, the same words."""
        if not self._lock.acquire(timeout=max(0.0, deadline - time.monotonic())):
            raise WritingFailed("timed_out")
        try:
            return self._written(prompt, seed, deadline, enough)
        except (RuntimeError, ValueError, IndexError, MemoryError):
            # Out of memory, a context that is too short, a template that refuses the roles.
            raise WritingFailed("failed") from None
        finally:
            self._lock.release()

    def _written(
        self, prompt: Prompt, seed: int, deadline: float, enough: Callable[[str], bool]
    ) -> str:
        import torch
        from transformers import StoppingCriteriaList

        given = self._tokens(prompt)
        start = given.shape[1]
        line = prompt.form == "transcript"
        tokens = TOKENS_A_WORD * prompt.longest + SPARE_TOKENS + (0 if line else THINKING_TOKENS)
        late = False

        def text_of(ids: Tensor) -> str:
            text: str = self._tokenizer.decode(ids[0][start:], skip_special_tokens=True)
            # Some begin with a line break; the message ends with the next one.
            return text.lstrip("\n").split("\n")[0] if line else text

        def stop(ids: Tensor, _scores: Any, **_rest: Any) -> Tensor:
            nonlocal late
            late = time.monotonic() > deadline
            raw: str = self._tokenizer.decode(ids[0][start:], skip_special_tokens=True)
            ended = line and "\n" in raw.lstrip("\n")
            over = late or ended or enough(text_of(ids))
            return torch.full((ids.shape[0],), over, dtype=torch.bool, device=ids.device)

        end = self._tokenizer.eos_token_id
        with torch.random.fork_rng(devices=[]), torch.inference_mode():
            torch.manual_seed(seed)
            written = self._model.generate(
                given,
                attention_mask=torch.ones_like(given),
                do_sample=True,
                temperature=TEMPERATURE,
                top_p=TOP_P,
                max_new_tokens=tokens,
                pad_token_id=end if end is not None else 0,
                stopping_criteria=StoppingCriteriaList([stop]),
            )
        if late:
            raise WritingFailed("timed_out")
        return text_of(written)

    def _tokens(self, prompt: Prompt) -> Tensor:
        """Token ids of shape (1, length)."""
        if prompt.form == "transcript":
            ids: Tensor = self._tokenizer(prompt.text, return_tensors="pt")["input_ids"]
            return ids
        from jinja2 import TemplateError

        try:
            return self._chat(prompt.messages)
        except TemplateError:
            # The templates of some models know no system role.
            pass
        try:
            return self._chat(merged(prompt.messages))
        except TemplateError:
            raise WritingFailed("failed") from None

    def _chat(self, messages: Any) -> Tensor:
        found = self._tokenizer.apply_chat_template(
            [{"role": m.role, "content": m.content} for m in messages],
            add_generation_prompt=True,
            return_tensors="pt",
            return_dict=True,
        )
        ids: Tensor = found["input_ids"]
        return ids


def _place(path: Path, given: str) -> tuple[str, dict[str, Any]]:
    """What transformers is told. Raises ModelError where there is nothing to load."""
    if path.suffix == ".gguf":
        if not path.is_file():
            raise ModelError(f"There is no file {path}; the language model should be there.")
        if importlib.util.find_spec("gguf") is None:
            raise ModelError(
                "To read a GGUF file, transformers needs the package gguf: pip install gguf"
            )
        return str(path.parent), {"gguf_file": path.name}
    if path.is_dir():
        if not any(path.glob("*.safetensors")):
            raise ModelError(
                f"There are no *.safetensors in {path}. Models in other formats (*.bin, *.pt) are "
                "not loaded, since such a file can run code; convert it, or take another one."
            )
        return str(path), {}
    if path.is_absolute() or given.startswith((".", "~")) or given.count("/") != 1:
        raise ModelError(f"There is no folder {path}; the language model should be there.")
    return given, {}
