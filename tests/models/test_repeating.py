"""One network trained once more: what is said when it comes out the same, and when it doesn't."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from coachbot.bootstrap import data_root
from coachbot.errors import ModelError, UsageError
from coachbot.models import repeating
from coachbot.models.artefacts import digest_of
from coachbot.models.repeating import retrain
from coachbot.models.training import Corpus, Emphasis


@pytest.fixture
def trained(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, int]]:
    """Training that takes no time: a network is its name, emphasis and part."""
    asked: list[tuple[str, int]] = []

    def train(_: Any, number: int, emphasis: Emphasis, *rest: Any) -> Path:
        asked.append((emphasis.name, number))
        work: Path = rest[1]
        work.mkdir(exist_ok=True)
        file = work / "made.safetensors"
        file.write_bytes(f"{emphasis.name} without {number}".encode())
        return file

    monkeypatch.setattr(repeating, "train_network", train)
    monkeypatch.setattr(Corpus, "read", lambda *_: None)
    return asked


def _models(folder: Path, content: bytes) -> Path:
    """A folder with the released notes, in which one network had this content."""
    notes = json.loads((data_root("models") / "training.json").read_text(encoding="utf-8"))
    file = folder / "content"
    file.write_bytes(content)
    notes["networks"]["corrupted-2"] = digest_of(file)
    (folder / "training.json").write_text(json.dumps(notes), encoding="utf-8")
    return folder


def test_says_that_it_is_the_same(tmp_path: Path, trained: list[tuple[str, int]]) -> None:
    """The network asked for is trained, and nothing is left that would be taken for trained."""
    models = _models(tmp_path, b"corrupted without 1")
    found = retrain("corrupted-2", tmp_path, tmp_path, models, tmp_path / "work", print)
    assert trained == [("corrupted", 1)]
    assert found.equal
    assert "same to the last bit" in found.text()
    assert not list((tmp_path / "work").iterdir())


@pytest.mark.usefixtures("trained")
def test_says_that_it_is_another(tmp_path: Path) -> None:
    """Both digests are told, and what may have made them differ."""
    models = _models(tmp_path, b"another one")
    found = retrain("corrupted-2", tmp_path, tmp_path, models, tmp_path / "work", print)
    assert not found.equal
    assert found.now in found.text()
    assert found.released in found.text()
    assert "processor" in found.text()


@pytest.mark.usefixtures("trained")
def test_names_the_networks(tmp_path: Path) -> None:
    """A name that none has is told with those there are."""
    with pytest.raises(UsageError, match=r"'plain'.*plain-1, corrupted-1, .*corrupted-3"):
        retrain("plain", tmp_path, tmp_path, data_root("models"), tmp_path, print)


def test_needs_the_notes(tmp_path: Path) -> None:
    """Without them there is nothing to compare with."""
    with pytest.raises(ModelError, match=r"training\.json"):
        retrain("plain-1", tmp_path, tmp_path, tmp_path, tmp_path, print)
