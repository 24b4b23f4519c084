"""The model card, generated from what was measured."""

# ruff: noqa: E501 (Markdown tables and paragraphs are one line each)
from __future__ import annotations

from coachbot.models.artefacts import MANIFEST
from coachbot.models.encoder import MODEL_NAME
from coachbot.models.evaluation import Evaluation
from coachbot.models.measures import markdown
from coachbot.scoring.dimensions import DIRECTIONS
from coachbot.scoring.interface import DIMENSIONS

_TERMS = """\
| data | what is learned from it | terms |
| --- | --- | --- |
| EPITOME (Sharma et al., EMNLP 2020) | emotional reaction, interpretation, exploration | published with the paper for research; no licence names the data |
| AnnoMI (Wu et al., 2022) | behaviour, question | "publicly and freely available"; no licence file |
| Conversational uptake (Demszky et al., ACL 2021) | uptake | MIT |
| MAIA-DQE (Mendonça et al., GEM 2023) | templated | CC BY-ND 4.0; the files are used unchanged and are not part of this project |
| graded examples in `models/examples/` | dismissal, findings, specificity, dimensions, intervals, injection, called for | written for this project, its licence |

None of the public texts is in this project. What was learned from them are weights."""

_USE = """\
**For** practice: telling a trainee which sentence did what, and showing progress over sessions.

**Not for** hiring, firing, pay, ranking people, or monitoring real conversations without the
agent's knowledge. Grades written for this project are one project's judgement, not human ratings:
agreement with people is claimed on the public sets alone."""

_LIMITS = """\
- English only. Dialect and non-native English were not measured apart.
- The encoder is not trained here (its vectors are taken as they are): tone that hangs on a word or
  two, sarcasm and wrong facts in particular, is often missed. The table says how often.
- Numbers and names are compared with the conversation and the screen as text; a paraphrased wrong
  fact is mostly not seen.
- The interval is wide in the middle of the scale. A difference between two replies that is smaller
  than the interval says little about them.
- A reply with facts that are neither in the conversation nor on the screen counts as tailored; the
  scorer can't know whether they are true."""


def model_card(evaluation: Evaluation) -> str:
    """Return the model card as Markdown."""
    heads = evaluation.heads
    held = [s for s in evaluation.situations if s.held_out]
    others = [s for s in evaluation.situations if not s.held_out]
    replies = sum(len(s.replies) for s in evaluation.situations)
    pairs = sum(len(s.pairs) for s in evaluation.situations)
    parts = [
        f"# Model card: {heads.name}",
        "Written by `coachbot scorer evaluate`; don't edit it by hand.",
        "## What it is",
        (
            f"Heads over the sentence encoder `{MODEL_NAME}` (22 million parameters, unchanged). A reply, "
            "each of its sentences, the customer's words and the screen are encoded; logistic and ridge "
            "heads turn the vectors, named turns of phrase and word comparisons into signals, and a small "
            "table of signed weights turns the signals into the three dimensions. Files and hashes are in "
            f"`{MANIFEST}`."
        ),
        "## What it is for",
        _USE,
        "## How good it is",
        (
            "Value with 95 % interval, by bootstrap over whole conversations. The baseline is computed in "
            f"the same run (seed {evaluation.seed})."
        ),
        markdown(evaluation.measures),
        "## How the dimensions are made",
        (
            "Points = base + sum of weight × signal, bent smoothly into 0 to 100. Every signal lies in 0 to 1, and "
            "its direction was fixed before fitting: a weight can be 0, never of the other sign. "
            "`graded_...` are signals that were learned from the project's own grades; levels count as "
            "their expected value (0, ½, 1)."
        ),
        _dimension_tables(evaluation),
        (
            "The tables were fitted on scores of situations that the signals' heads had not seen (five "
            "folds by situation), then stretched so that scores spread nearly as far as grades do."
        ),
        "## Intervals",
        (
            "Split-conformal, by fifths of the scale, on the same held-out-by-fold scores: a grade lies "
            "within `low` to `high` in 80 % of cases. The coverage measured on held-out situations is in "
            "the table."
        ),
        "## Data and terms",
        _TERMS,
        (
            f"The graded examples are {len(evaluation.situations)} situations with {replies} replies and "
            f"{pairs} pairs; {len(held)} situations are kept aside by a hash of their name and never "
            f"trained on, {len(others)} are learned from. They are the project's own grades."
        ),
        "## Choices that mattered",
        _CHOICES,
        "## Limits",
        _LIMITS,
    ]
    return "\n\n".join(parts) + "\n"


_CHOICES = """\
- Turns of phrase beside the vectors ("sorry you feel" against "sorry that happened"): emotional
  reactions from .65 to .70, explorations from .57 to .69 macro-F1.
- Sentence heads for EPITOME's rationales, their strongest and mean scores as inputs of the level
  heads: on to .75 and .71.
- Length and place of a sentence for canned text: from .75 to .83 AUC on the other client.
- Pairs as rows of their own in the regression, and variants (slips, padding, stock phrases, no
  screen) as rows that must not move: padding moves empathy 3.5 points in place of 5.1, stock
  phrases after the first 3.6 in place of 6.5 (cross-validated, before the tables).
- A small network in place of the linear heads for the graded signals was tried and was no better."""


def _dimension_tables(evaluation: Evaluation) -> str:
    names = list(dict.fromkeys(n for d in DIMENSIONS for n in DIRECTIONS[d]))
    header = "| signal | " + " | ".join(d.replace("_", " ") for d in DIMENSIONS) + " |"
    lines = [header, "| --- |" + " ---: |" * len(DIMENSIONS)]
    bases = [f"{evaluation.heads.tables[d].base:+.1f}" for d in DIMENSIONS]
    lines.append("| base | " + " | ".join(bases) + " |")
    for name in names:
        cells = []
        for dimension in DIMENSIONS:
            weight = evaluation.heads.tables[dimension].weights.get(name)
            cells.append("" if weight is None else f"{weight:+.1f}" if weight else "0")
        lines.append(f"| {name} | " + " | ".join(cells) + " |")
    return "\n".join(lines)
