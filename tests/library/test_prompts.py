"""Templates for language models: their variables, their mistakes, their sandbox."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from coachbot.errors import PromptError
from coachbot.library.prompts import CHAT, TRANSCRIPT, TRIED, VARIABLES, Prompts
from tests.conftest import CHECKOUT


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The project's templates, to be spoilt."""
    return Path(shutil.copytree(CHECKOUT / "prompts", tmp_path / "prompts"))


@pytest.mark.parametrize("name", [CHAT, TRANSCRIPT])
@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("{{ moood }}", "there is no variable 'moood'. Did you mean mood?"),
        ("{% if false %}{{ secret }}{% endif %}", "there is no variable 'secret'. There are: name"),
        ("{{ facts[0].worth }}", "has no attribute 'worth'"),
        ("{{ name.upper( }}", "unexpected '}'"),
        ("{% for x in facts %}", "Unexpected end of template"),
        ("{{ name.__class__.__mro__ }}", "unsafe"),
        ("{{ facts.append(1) }}", "no attribute 'append'"),
        ("{{ 1 / 0 }}", "it can't be worked out (ZeroDivisionError)"),
        ("{{ longest + name }}", "it can't be worked out (TypeError)"),
        ("{% include 'other.md' %}", "it can't be worked out (TypeError)"),
    ],
)
def test_a_mistake_is_named_with_file_and_line(
    name: str, line: str, said: str, folder: Path
) -> None:
    """Whatever is wrong, the message says where; it comes when the program starts."""
    file = folder / name
    lines = ["{# one #}", "{# two #}", line, *file.read_text("utf-8").splitlines()]
    file.write_text("\n".join(lines), "utf-8")
    with pytest.raises(PromptError) as caught:
        Prompts(folder)
    assert said in caught.value.message
    assert str(file) in caught.value.message
    if "end of template" not in said:
        assert f"{file}, line 3: " in caught.value.message


def test_a_template_that_is_missing_is_named(folder: Path) -> None:
    """With the way out."""
    (folder / CHAT).unlink()
    with pytest.raises(PromptError, match=r"customer\.md can't be read.*COACHBOT_PROMPTS"):
        Prompts(folder)


def test_every_variable_is_described_and_used() -> None:
    """The README lists what there is, and the templates together use it all."""
    readme = (CHECKOUT / "prompts" / "README.md").read_text("utf-8")
    listed = [line.split("`")[1] for line in readme.splitlines() if line.startswith("| `")]
    assert list(VARIABLES) == listed
    used = "".join((CHECKOUT / "prompts" / name).read_text("utf-8") for name in (CHAT, TRANSCRIPT))
    assert [] == [name for name in VARIABLES if name not in used]


def test_two_messages_of_one_side_are_one() -> None:
    """Some models insist that the two sides take turns."""
    twice = TRIED.conversation[1]
    part = TRIED.__class__(**{**vars(TRIED), "conversation": (*TRIED.conversation, twice)})
    messages = Prompts(CHECKOUT / "prompts").prompt(part, "chat").messages
    assert ["system", "user", "assistant", "user"] == [message.role for message in messages]
    assert f"{twice.text}\n{twice.text}" == messages[-1].content
