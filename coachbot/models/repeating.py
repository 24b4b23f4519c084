"""Training a single network once more, to see whether it ends with the same numbers."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from coachbot.errors import UsageError
from coachbot.models.artefacts import digest_of
from coachbot.models.training import (
    EMPHASES,
    FOLDS,
    Corpus,
    Report,
    network_name,
    read_notes,
    train_network,
)


@dataclass(frozen=True)
class Repeated:
    """A network trained once more. Both digests are SHA-256, in hexadecimal."""

    name: str
    released: str
    now: str

    @property
    def equal(self) -> bool:
        """Whether every byte is the same."""
        return self.released == self.now

    def text(self) -> str:
        """What came of it, in one or two sentences."""
        if self.equal:
            return f"{self.name} came out the same to the last bit: SHA-256 {self.now}."
        return (
            f"{self.name} came out otherwise: SHA-256 {self.now}, released {self.released}. Other "
            "data, graded examples or versions of torch do that; so can another kind of processor, "
            "which adds in another order."
        )


def retrain(
    name: str, data: Path, examples: Path, models: Path, work: Path, report: Report
) -> Repeated:
    """Train the network of this name with the released recipe, and compare it.

    ``work`` holds its checkpoint while it is trained. Raises UsageError for a name that no network
    has, ModelError where the released notes are missing.
    """
    from coachbot.models.learning import Recipe

    known = {network_name(e, number): (e, number) for number in range(FOLDS) for e in EMPHASES}
    if name not in known:
        message = f"There is no network {name!r}. There are: {', '.join(known)}"
        raise UsageError(message)
    notes = read_notes(models)
    emphasis, number = known[name]
    corpus = Corpus.read(data, examples, report)
    file = train_network(corpus, number, emphasis, Recipe(seed=notes.seed), work, report)
    now = digest_of(file)
    # The next time starts from nothing, or it would compare the same file.
    file.unlink()
    return Repeated(name, notes.networks[name], now)
