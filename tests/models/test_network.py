"""The network: adapters that can be merged, pooling by groups, and padding that changes nothing."""

from __future__ import annotations

import copy
from collections.abc import Sequence

import pytest
import torch

from coachbot.models.network import Answers, Network, _mean, _owners, _pool
from coachbot.models.sequences import Sequencer, collate
from coachbot.scoring.conversation import Conversation
from coachbot.scoring.reading import Reading
from tests.models.made import KITE, PREPARER
from tests.scoring.made import conversation

WHOLE = ("levels", "behaviour", "question", "uptake", "fits", "graded", "dismissal", "called")


def readings() -> list[Reading]:
    """A short, a longer and an empty reply, and one to nobody."""
    where = conversation("Hi, it's about a kite.", "Yes?", KITE, screen="Van at 18:00.")
    return [
        PREPARER.reading("Sorry.", conversation("Where?")),
        PREPARER.reading("Sorry about the kite. It leaves Hull tonight, so Friday is fine.", where),
        PREPARER.reading("", where),
        PREPARER.reading("Hello, how can I help?", Conversation((), "")),
    ]


def answers(network: Network, sequencer: Sequencer, some: Sequence[Reading]) -> Answers:
    """Read in one batch."""
    with torch.inference_mode():
        found: Answers = network(collate([sequencer.sequences(r)[0] for r in some], some))
    return found


def test_merged_adapters_give_the_same_answers(network: Network, sequencer: Sequencer) -> None:
    """Merged into the maps, the adapters answer as before, within 1e-4; without them, otherwise."""
    merged, without = copy.deepcopy(network), copy.deepcopy(network)
    merged.merge()
    for name, value in without.named_parameters():
        if name.endswith(".up"):
            torch.nn.init.zeros_(value)
    before, after, plain = (
        vars(answers(n, sequencer, readings())) for n in (network, merged, without)
    )
    for name, value in before.items():
        assert (value - after[name]).abs().max() < 1e-4, name
    assert (before["levels"] - plain["levels"]).abs().max() > 1e-2
    assert [] == [n for n, _ in merged.named_parameters() if n.endswith((".up", ".down"))]


def test_padding_does_not_change_answers(network: Network, sequencer: Sequencer) -> None:
    """A reading beside longer ones is answered as alone, within 1e-4."""
    some = readings()
    together = answers(network, sequencer, some)
    sentence = said = 0
    for i, reading in enumerate(some):
        alone = answers(network, sequencer, [reading])
        for name in WHOLE:
            assert (getattr(alone, name)[0] - getattr(together, name)[i]).abs().max() < 1e-4, name
        last = sentence + len(reading.sentences)
        for name in ("templated", "injection"):
            own = getattr(together, name)[sentence:last]
            assert torch.allclose(getattr(alone, name), own, atol=1e-4), name
        own = together.said[said : said + len(reading.said)]
        assert torch.allclose(alone.said, own, atol=1e-4)
        sentence, said = last, said + len(reading.said)


def test_rows_of_padding_do_not_change_answers(network: Network, sequencer: Sequencer) -> None:
    """In a larger table than needed, the readings are answered as before, and no others."""
    some = readings()
    plain = vars(answers(network, sequencer, some))
    sequences = [sequencer.sequences(r)[0] for r in some]
    with torch.inference_mode():
        padded = vars(network(collate(sequences, some, (7, 160))))
    for name in (*WHOLE, "templated", "injection", "said"):
        assert plain[name].shape == padded[name].shape
        assert torch.allclose(plain[name], padded[name], atol=1e-4), name


def test_an_empty_reply_and_nobody_to_reply_to_are_answered(
    network: Network, sequencer: Sequencer
) -> None:
    """Finite numbers for the whole, and no row where there is no sentence."""
    _, _, empty, to_nobody = readings()
    found = answers(network, sequencer, [empty])
    assert (0, len(empty.said)) == (len(found.templated), len(found.said))
    assert all(torch.isfinite(v).all() for v in vars(found).values())
    found = answers(network, sequencer, [to_nobody])
    assert (len(to_nobody.sentences), 0) == (len(found.templated), len(found.said))
    assert all(torch.isfinite(v).all() for v in vars(found).values())


def test_a_conversation_changes_what_is_said_of_the_reply(
    network: Network, sequencer: Sequencer
) -> None:
    """Reply and conversation are read together: the same words elsewhere give other answers."""
    reply = "It leaves Hull tonight."
    here = PREPARER.reading(reply, conversation("Where is it?"))
    there = PREPARER.reading(reply, conversation("My cat died."))
    found = answers(network, sequencer, [here, there])
    assert (found.graded[0] - found.graded[1]).abs().max() > 1e-3


def test_what_is_learned_is_adapters_and_heads(network: Network) -> None:
    """Each of six layers' six maps has two adapter matrices; the encoder's own stay."""
    learned = network.heads()
    adapters = [n for n in learned if n.startswith("encoder.")]
    assert len(adapters) == 6 * 6 * 2
    assert {"down", "up"} == {n.rsplit(".", 1)[-1] for n in adapters}
    trained = {n for n, p in network.named_parameters() if p.requires_grad}
    assert trained == set(learned)


# Three tokens of two numbers for group 0, one for group 1, none for group 2, one outside of all.
TOKENS = torch.tensor([[1.0, -2.0], [3.0, -4.0], [5.0, -9.0], [7.0, 7.0], [100.0, 100.0]])
GROUPS = torch.tensor([0, 0, 0, 1, -1])


def test_pooling_by_hand() -> None:
    """Mean and maximum side by side by group; 0 for a group of nothing."""
    expected = [[3.0, -5.0, 5.0, -2.0], [7.0, 7.0, 7.0, 7.0], [0.0, 0.0, 0.0, 0.0]]
    assert torch.tensor(expected) == pytest.approx(_pool(TOKENS, GROUPS, 3))


def test_a_weighted_mean_by_hand() -> None:
    """Weights 1, 0 and 3 of group 0: (1 + 15) / 4 and (-2 - 27) / 4."""
    weights = torch.tensor([1.0, 0.0, 3.0, 0.5, 9.0])
    expected = [[4.0, -7.25], [7.0, 7.0], [0.0, 0.0]]
    assert torch.tensor(expected) == pytest.approx(_mean(TOKENS, GROUPS, 3, weights))


def test_owners_by_hand() -> None:
    """In sequences of three tokens, groups 0 and 1 are the first one's and group 2 the second's."""
    groups = torch.tensor([-1, 0, 1, 2, 2, -1])
    assert [0, 0, 1] == _owners(groups, 3, 3).tolist()
