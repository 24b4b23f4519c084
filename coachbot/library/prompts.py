"""The templates of ``prompts/``, run in Jinja's sandbox; a mistake is named with file and line."""

from __future__ import annotations

import difflib
from dataclasses import fields
from pathlib import Path

from jinja2 import StrictUndefined, Template, TemplateError, TemplateSyntaxError, UndefinedError
from jinja2 import nodes as jinja_nodes
from jinja2.exceptions import SecurityError
from jinja2.meta import find_undeclared_variables
from jinja2.sandbox import ImmutableSandboxedEnvironment

from coachbot.customer.part import Known, Part, Said
from coachbot.customer.writer import Form, Message, Prompt
from coachbot.errors import PromptError

CHAT, TRANSCRIPT = "customer.md", "customer-transcript.txt"
FILES: dict[Form, str] = {"chat": CHAT, "transcript": TRANSCRIPT}
VARIABLES = tuple(field.name for field in fields(Part))

BEGINS = "(The chat begins. You write first.)"
"""What stands before the customer's opening: many models want the first word from others."""

TRIED = Part(
    name="Robin",
    internal=False,
    about="Robin is forty and works in a bakery.",
    temperament="Patient, and a little dry.",
    mood="uneasy",
    facts=(Known("the order number", "1234"),),
    decision=("They asked about the order number. Tell them. The sense of it: “1234”",),
    style=("one message",),
    longest=20,
    conversation=(Said("customer", "Where is it?"), Said("agent", "Which number is it?")),
)
"""A part by which templates are tried when they are loaded."""


class Prompts:
    """Both templates of a folder, read and tried. Raises :class:`PromptError`."""

    def __init__(self, folder: Path) -> None:
        self._environment = ImmutableSandboxedEnvironment(
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            autoescape=False,  # the result is a prompt, no page
        )
        self._files: dict[Form, Path] = {form: folder / name for form, name in FILES.items()}
        self._templates = {form: self._read(file) for form, file in self._files.items()}
        for form in FILES:
            for part in (TRIED, TRIED.again("it was too long")):
                self.prompt(part, form)

    def prompt(self, part: Part, form: Form) -> Prompt:
        """The prompt for one turn. Raises :class:`PromptError`, with the line of the mistake."""
        text = self._filled(form, part)
        if form == "transcript":
            return Prompt(form, text=text.rstrip(), longest=part.longest)
        messages = [Message("system", text.strip()), Message("user", BEGINS)]
        for said in part.conversation:
            role = "assistant" if said.who == "customer" else "user"
            if messages[-1].role == role:
                # Some models insist that the two take turns.
                messages[-1] = Message(messages[-1].role, f"{messages[-1].content}\n{said.text}")
            else:
                messages.append(Message("assistant" if role == "assistant" else "user", said.text))
        return Prompt(form, messages=tuple(messages), longest=part.longest)

    def _read(self, file: Path) -> Template:
        try:
            source = file.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            reason = getattr(error, "strerror", None) or "it is not UTF-8 text"
            raise PromptError(
                f"The template {file} can't be read: {reason}. Put it back, or set "
                "COACHBOT_PROMPTS to a folder that has it."
            ) from error
        try:
            parsed = self._environment.parse(source, filename=str(file))
            unknown = find_undeclared_variables(parsed) - set(VARIABLES)
            if unknown:
                used = [n for n in parsed.find_all(jinja_nodes.Name) if n.name in unknown]
                first = min(used, key=lambda node: node.lineno)
                close = difflib.get_close_matches(first.name, VARIABLES, n=1)
                advice = f"Did you mean {close[0]}?" if close else f"There are: {_listed()}."
                raise PromptError(
                    f"{file}, line {first.lineno}: there is no variable {first.name!r}. {advice}"
                )
            code = self._environment.compile(source, filename=str(file))
        except TemplateSyntaxError as error:
            raise PromptError(f"{file}, line {error.lineno}: {error.message}.") from error
        return Template.from_code(
            self._environment, code, self._environment.make_globals(None), lambda: True
        )

    def _filled(self, form: Form, part: Part) -> str:
        file = self._files[form]
        try:
            return self._templates[form].render({name: getattr(part, name) for name in VARIABLES})
        except (UndefinedError, SecurityError, TemplateError) as error:
            raise PromptError(f"{_place(error, file)}: {error.message}.") from error
        except (TypeError, ValueError, ArithmeticError, OverflowError) as error:
            # What an expression in a template may come to; no text of people is in the message.
            name = type(error).__name__
            raise PromptError(f"{_place(error, file)}: it can't be worked out ({name}).") from error


def _listed() -> str:
    return ", ".join(VARIABLES)


def _place(error: BaseException, file: Path) -> str:
    """File and line of a mistake that came up while a template was filled."""
    line = None
    trace = error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == str(file):
            line = trace.tb_lineno
        trace = trace.tb_next
    return f"{file}, line {line}" if line else str(file)
