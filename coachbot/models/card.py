"""The model card, generated from what was measured."""

# ruff: noqa: E501 (Markdown tables and paragraphs are one line each)
from __future__ import annotations

from collections.abc import Mapping

from coachbot.models.artefacts import MANIFEST
from coachbot.models.encoder import MODEL_NAME
from coachbot.models.evaluation import Evaluation
from coachbot.models.measures import markdown
from coachbot.models.training import NOTES, RELEASED_RANK
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
- English only.
- **Wrong facts.** A reply with a wrong person, number or product often scores as high as the right one (suite
  `wrong fact`), and the finding `contradicts` is hardly ever sure enough to be shown (its F1).
- **Echoing.** A reply that only gives the customer's words back can score above one that understood them
  in words of its own (suite `echoing`). Asking for what identification requires can score too low
  (suite `identification`).
- **Dialect and non-native English** that mean the same move scores (the rows of that name say how far).
- **Instructions to the scorer** are taken out only where that is likely enough not to hit honest words; one
  without any word about scores, rules or machines is often not found, and is scored like any other sentence.
- Sarcasm without any telltale word, and negated empathy ("I don't see what is upsetting about that"), can
  pass as warmth (the suites of that name).
- Where the table says so, a score goes with the reply's length, or a range holds fewer grades than the 80 %
  that it is made for.
- The interval is wide in the middle of the scale. A difference between two replies that is smaller
  than the interval says little about them.
- A reply with facts that are neither in the conversation nor on the screen may count as tailored; the
  scorer can't know whether they are true.
- The dialect texts were written for this project and not by speakers of each kind."""

_TRIED = """\
Figures of a public set are those of networks that learned from two thirds of the rows, groups apart; the
released one learned from all of them. The same recipe from another start moves better of two, padding, length and
dialect by about as much as they are away from their goals, so that a row just reached, or just missed, says little.

- **Emotional reaction, interpretation, exploration.** Tried: heads on the encoder as it comes, heads on an encoder
  that learns, rationales beside levels, weights for rare classes, a choice of level that favours rare ones, the mean of two,
  four and six networks. The published figures are those of two encoders with eleven times the weights. What limits
  it are the rare levels: of interpretation one pair in thirty has level 1, which is hardly ever told from the
  others, while levels 0 and 2 are told apart well; of emotional reaction one in twenty has level 2.
- **Behaviours and uptake.** Tried: more passes for uptake, swapped messages as counter-examples, means of networks. In
  behaviours it is replies that do two things at once, of which the set keeps one (questions are told best,
  information and advice worst); in uptake the graders agree less with each other than the scorer does with
  their mean.
- **Templated.** There are two clients, so that it is learned from one and measured on the other, whose stock phrases
  it never saw. More networks brought it close; a third client would do more.
- **Better of two.** Most pairs that are missed in listening have one wrong fact, or the wrong doer, in the worse half.
  Tried: drawn wrong numbers, names, days and things with the same reply unharmed beside them, exact comparisons as
  features, a second course on hard situations. Each found more of them, and paid with questions beside a named day
  taken for asking again, or with stock phrases that gain points.
- **Length and padding.** Tried: padding drawn anew for each pass, with a loss on what it moves, and the mean of more
  networks. In empathy longer replies still score higher at equal grade, probably since the longer ones name more of
  what happened.
- **Dialect, haste, other spelling.** Tried: pairs of the same meaning with a loss on the difference, once and three times a
  pass. What is left is probably due to words that the vocabulary cuts into letters.
- **Wrong facts, echoing, identification.** See the limits above; tried was what stands under listening."""

_RECIPE = """\
- **One sequence.** The reply, then the customer's newest message, the screen and earlier turns (latest
  first) go through the encoder together. Longer texts are read in overlapping windows.
- **Adapters.** Every linear map of the encoder gets a low-rank correction (rank {rank}); the encoder's own
  weights stay as they were. Learning rate {rate:g} for adapters and {head_rate:g} for heads, AdamW, a straight fall
  after a short rise, bfloat16 in the encoder while training.
- **Everything at once.** Levels with token rationales (EPITOME), behaviours and questions (AnnoMI), uptake as
  rank (Uptake), canned sentences (MAIA), grades, pairs, dismissal and findings (our own), and
  for every set whether the reply belongs to its message or was put under another (noise-contrastive:
  the log-odds become how much likelier the reply is here than elsewhere).
- **Two emphases.** Each network is trained twice. Passes over the units, `plain`: {plain}.
  `corrupted` differs in: {corrupted}. Those units are drawn anew each time: a good reply with a wrong number,
  name, day or thing, or with a question that the customer has answered already, beside the same without it, and
  the customer's own words given back. Alone, `plain` is steadier under stock phrases and better at telling the
  better of two, `corrupted` closer to the grades and better at echoes; the mean has most of both.
- **Pairs** add a ranking loss on the difference of the two halves' grades; **variants** (typing slips, stock
  phrases, padding, no screen, the same said in dialect) add a loss on any difference that is not due.
- **Exact comparisons beside the words**: features of reply, sentence and customer's sentence say which numbers, names, days and rare words reply,
  conversation and screen share.
- **Six networks, one released.** Every set is cut in three, groups apart. For each part one network of each
  emphasis learns from the other two (of MAIA, from one client), and the mean of the two answers for the part that
  they have not seen. The released one is the mean of all six, its corrections cut to rank {released}.
- **Again the same.** Steps add in a fixed order, so that training ends with the same numbers on the same kind of
  machine. `{notes}` has the SHA-256 of each of the six as it was trained, and `coachbot scorer retrain-one NETWORK
  --data DIR` trains one of them once more and compares."""


def model_card(evaluation: Evaluation) -> str:
    """Return the model card as Markdown."""
    calibration, notes = evaluation.calibration, evaluation.notes
    plain, corrupted = notes.passes["plain"], notes.passes["corrupted"]
    further = {name: n for name, n in corrupted.items() if plain.get(name) != n}
    parts = [
        f"# Model card: {calibration.name}",
        "Written by `coachbot scorer evaluate`; don't edit it by hand.",
        "## What it is",
        (
            f"The sentence encoder `{MODEL_NAME}` (22 million parameters) with low-rank adapters, and a head "
            "for each signal. A small table of signed weights turns the signals into the three "
            f"dimensions. Files and hashes are in `{MANIFEST}`."
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
            "The tables were fitted on the answers of networks that had not seen the situations, then stretched "
            "so that scores spread nearly as far as grades do."
        ),
        "### What each signal is worth",
        (
            "Without the signal (or, where it was left out, with it): the mean absolute difference from the grade "
            "and the share of pairs in the wrong order, cross-validated over situations. Signals "
            "were dropped one at a time as long as neither error grew, and where no weight was left. "
            "`unanswered` stays in any case: by it, and nothing else, a question that was left open is shown."
        ),
        _ablations(evaluation),
        "## Intervals",
        (
            "Split-conformal, by fifths of the scale, on the same answers: a grade lies within `low` to `high` "
            "in 80 % of cases. The coverage measured on held-out situations is in the table."
        ),
        "## How it was trained",
        _RECIPE.format(
            rank=int(notes.recipe["rank"]),
            rate=notes.recipe["rate"],
            head_rate=notes.recipe["head_rate"],
            plain=_passes(plain),
            corrupted=_passes(further),
            released=RELEASED_RANK,
            notes=NOTES,
        ),
        "## Data and terms",
        _TERMS,
        (
            f"The graded examples that are learned from are {notes.situations} situations with {notes.replies} "
            f"replies and {notes.pairs} pairs; another part, by a writer of its own (`held-out-*.jsonl`), is "
            "never trained or tuned on. Every reply was graded twice, the second time blind; the "
            "mean is used. They are the project's own grades, not human ratings."
        ),
        "## Limits",
        _LIMITS,
        "## What was tried where a goal isn't reached",
        _TRIED,
    ]
    return "\n\n".join(parts) + "\n"


def _passes(passes: Mapping[str, int]) -> str:
    return ", ".join(f"{name.replace('_', ' ')} {n}" for name, n in passes.items())


def _ablations(evaluation: Evaluation) -> str:
    lines = [
        "| dimension | signal | in the table | points off, with | without | pairs wrong, with | without |",
        "| --- | --- | --- | ---: | ---: | ---: | ---: |",
    ]
    lines += [
        f"| {a.dimension.replace('_', ' ')} | {a.signal} | {'yes' if a.kept else 'no'} | "
        f"{a.error_with:.2f} | {a.error_without:.2f} | {a.wrong_with:.3f} | {a.wrong_without:.3f} |"
        for a in evaluation.notes.ablations
    ]
    return "\n".join(lines)


def _dimension_tables(evaluation: Evaluation) -> str:
    names = list(dict.fromkeys(n for d in DIMENSIONS for n in DIRECTIONS[d]))
    header = "| signal | " + " | ".join(d.replace("_", " ") for d in DIMENSIONS) + " |"
    lines = [header, "| --- |" + " ---: |" * len(DIMENSIONS)]
    bases = [f"{evaluation.calibration.tables[d].base:+.1f}" for d in DIMENSIONS]
    lines.append("| base | " + " | ".join(bases) + " |")
    for name in names:
        cells = []
        for dimension in DIMENSIONS:
            weight = evaluation.calibration.tables[dimension].weights.get(name)
            cells.append("" if weight is None else f"{weight:+.1f}" if weight else "0")
        lines.append(f"| {name} | " + " | ".join(cells) + " |")
    return "\n".join(lines)
