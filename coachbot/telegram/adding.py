"""A trainer adds a scenario: by a file, by text that is pasted, or by asking how.

What can be done with it then is in ``trainer``.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from coachbot.coaching.permissions import demand
from coachbot.coaching.publishing import LARGEST_FILE
from coachbot.scenario.models import Scenario
from coachbot.telegram import rendering, writing
from coachbot.telegram.menus import data, row, rows
from coachbot.telegram.rendering import training
from coachbot.telegram.trainer import card_buttons, cleared, put_aside, trial_ends

if TYPE_CHECKING:
    from coachbot.telegram.messages import Keyboard
    from coachbot.telegram.visit import Visit

ENDINGS = (".yaml", ".yml", ".yaml.txt", ".yml.txt")
"""Of a scenario's file; editors that hide endings add the .txt."""
WORD_PROCESSOR = (".docx", ".doc", ".odt", ".rtf", ".pages", ".gdoc")
TEMPLATE_NAME = "my-scenario.yaml"
PASTED = "Your pasted text"
FULL_MESSAGE = 3000
"""Characters from which a message may have been cut at its end; Telegram's hold 4096."""
DEEPEST = 16
"""Spaces before a line of a scenario file, at most."""
_YAML_LINE = re.compile(r"\s*(?:- ?\S|#|[a-z_][a-z0-9_-]*:(?:\s|$))")

_ADDING = re.compile(
    r"\b(?:add|adding|create|make|making|write|writing|build|new|own|upload|submit|send|invent|"
    r"set up|put in|import|template)\b.*\b(?:scenarios?|customers?|cases?|templates?|exercises?|"
    r"situations?|yaml|file|files)\b"
    r"|\b(?:scenarios?|customers?|cases?|exercises?|situations?)\b.*\b(?:add|create|of my own|"
    r"of our own|upload|template)\b|^\W*template\W*$",
    re.IGNORECASE | re.DOTALL,
)
"""Outside any conversation nothing is lost by taking a little too much for it."""
LONGEST_QUESTION = 300


# --- Files ----------------------------------------------------------------------------------------


def scenario_file(visit: Visit) -> None:
    """A file has come: check it, and keep it as a draft."""
    request = visit.request
    name, content = request.file_name, visit.content
    demand(visit.member, "send_scenario")
    low = name.strip().lower()
    if low.endswith(WORD_PROCESSOR):
        visit.answer(training.word_file(name), _template_button())
        return
    plain = low.endswith(ENDINGS)
    if request.file_size > LARGEST_FILE or (content and len(content) > LARGEST_FILE):
        visit.answer(training.too_large(name))
        return
    if content is None:
        fetched = plain or low.endswith(".txt")
        visit.answer(training.not_fetched(name) if fetched else training.not_yaml(name))
        return
    if not content.strip():
        visit.answer(training.empty_file(name))
        return
    content = _as_utf8(content)
    if not plain and not looks_like_yaml(content.decode("utf-8", "replace")):
        visit.answer(training.not_yaml(name), _template_button())
        return
    _read_scenario(visit, name, content)


def _as_utf8(content: bytes) -> bytes:
    """A text as word processors and Notepad save it, where it is one."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", "replace").encode()
    try:
        content.decode("utf-8-sig")
    except UnicodeDecodeError:
        western = content.decode("cp1252", "replace")
        if looks_like_yaml(western):
            return western.encode()
    return content


def _read_scenario(visit: Visit, name: str, content: bytes) -> None:
    """Check a text; keep it as the draft, or say what is wrong."""
    office, hire = visit.office, visit.hire
    checked = office.publishing.check(name, content)
    if checked.scenario is None:
        text = training.mistakes(name, checked.mistakes, len(checked.warnings))
        with visit.commit() as answers:
            put_aside(visit, answers)
            answers.say(text)
        return
    with visit.commit() as answers:
        kept = office.publishing.keep(checked, hire)
        gone = [(one.scenario, one.version) for one in kept.replaced]
        trial_ended = trial_ends(visit, gone)
        if not trial_ended:
            put_aside(visit, answers)
        others = next((one for one in kept.replaced if one.sent_by != hire.person), None)
        sender = office.members.member(others.sent_by) if others and others.sent_by else None
        news = training.Sent(
            warnings=checked.warnings,
            replaced=tuple(one.version for one in kept.replaced),
            whose=sender.name if sender else "",
            written=checked.scenario.version,
            trial_ended=trial_ended,
        )
        left = checked.examples
        text = training.draft_card(checked.scenario, kept.file, news, left)
        answers.say(text, card_buttons(visit, kept.file, left=len(left)))
    for one in kept.replaced:
        cleared(visit, one)


# --- Adding one -----------------------------------------------------------------------------------


def template(visit: Visit) -> None:
    """A file to fill in, and in a few words how."""
    demand(visit.member, "send_scenario")
    make = visit.office.template
    with visit.commit() as answers:
        put_aside(visit, answers)
        answers.say(training.how_to_add(with_file=make is not None))
        if make is not None:
            answers.hand(TEMPLATE_NAME, make(), training.template_caption())


def is_pasted(visit: Visit) -> bool:
    """Whether a trainer has written what belongs in a scenario's file."""
    member = visit.member
    if member is None or not member.holds("trainer"):
        return False
    going_on = (member.awaiting or {}).get("form") == "pasting"
    return not going_on and looks_like_yaml(visit.request.text)


def looks_like_yaml(text: str) -> bool:
    """Whether most lines of a longer message are keys and entries of a list."""
    lines = [line for line in text.splitlines() if line.strip()]
    fitting = [line for line in lines if _YAML_LINE.match(line)]
    keys = [line for line in fitting if not line.lstrip().startswith(("-", "#"))]
    return len(lines) >= 4 and len(keys) >= 2 and len(fitting) >= 0.7 * len(lines)


def pasted(visit: Visit) -> None:
    """A scenario is pasted into the chat, which cuts it into messages: put them together."""
    _pasted_so_far(visit, visit.request.text)


def pasting_form(visit: Visit, awaiting: dict[str, Any], written: str) -> None:
    """The next message of a scenario that is pasted, or something else."""
    # As it was sent: what is at the beginning of lines counts.
    text = visit.request.text
    lines = [line for line in text.splitlines() if line.strip()]
    # A long text of the file goes on from line to line, further in.
    fitting = [line for line in lines if _YAML_LINE.match(line) or line.startswith("    ")]
    if not lines or len(fitting) < 0.6 * len(lines):
        writing.leave_form(visit, training.pasting_left(written))
        return
    _pasted_so_far(visit, joined_pieces(str(awaiting.get("text", "")), text), first=False)


def _pasted_so_far(visit: Visit, text: str, *, first: bool = True) -> None:
    missing = training.sections_missing(text)
    whole = not missing and len(visit.request.text) < FULL_MESSAGE
    if whole or len(text.encode()) > LARGEST_FILE:
        _read_pasted(visit, text)
        return
    with visit.commit() as answers:
        writing.put_form(visit, {"form": "pasting", "text": text})
        if first or not missing:
            answers.say(
                training.pasted_so_far(text, missing),
                (row(("That's all", data("pasted")), ("Cancel", data("cancel"))),),
            )


def all_pasted(visit: Visit) -> None:
    """Nothing more comes: read what there is."""
    awaiting = visit.hire.awaiting
    if awaiting is None or awaiting.get("form") != "pasting":
        visit.answer(rendering.stale_button())
        return
    _read_pasted(visit, str(awaiting.get("text", "")))


def _read_pasted(visit: Visit, text: str) -> None:
    visit.lets_go = True
    if len(text.encode()) > LARGEST_FILE:
        visit.answer(training.too_large(PASTED))
        return
    _read_scenario(visit, PASTED, text.encode())


def joined_pieces(before: str, after: str) -> str:
    """Two messages of a pasted text: Telegram takes the spaces away with which one begins.

    How many there were is guessed from what stands around the joint; if the text can't be read so,
    the nearest number with which it can is taken.
    """
    guessed = _guessed_depth(before, after)
    for depth in sorted(range(0, DEEPEST + 1, 2), key=lambda depth: abs(depth - guessed)):
        joined = f"{before}\n{' ' * depth}{after}"
        if _is_yaml(joined):
            return joined
    return f"{before}\n{' ' * guessed}{after}"


def _is_yaml(text: str) -> bool:
    try:
        for _ in YAML(typ="safe").parse(text):
            pass
    except YAMLError:
        return False
    return True


def _guessed_depth(before: str, after: str) -> int:
    """The spaces that the second message began with, from the lines around."""
    first, _, rest = after.partition("\n")
    following = next((line for line in rest.splitlines() if line.strip()), "")
    last = next((line for line in reversed(before.splitlines()) if line.strip()), "")
    depth = _depth(following)
    if re.match(r"- [>|][-+]?\s*$", first):
        # The text that it opens stands further in.
        depth -= 2
    elif first.startswith("- "):
        opens = re.match(r"- [a-z_]+:(?:\s|$)", first) is not None
        if opens and following and not following.lstrip().startswith("- "):
            depth -= 2
        elif not following.lstrip().startswith("- "):
            depth = _depth(last) + (0 if last.lstrip().startswith("- ") else 2)
    elif (
        (key := re.match(r"([a-z_-]+):\s+\S", first))
        and (ends := re.match(r"\s*(- )?[a-z_-]+:\s+\S", last))
        and (
            following.lstrip().startswith("- ")
            or (depth == 0 and key.group(1) not in Scenario.model_fields)
        )
        and depth < _depth(last) + len(ends.group(1) or "")
    ):
        # One more key of what ends here, before the next entry of the list around it or the next
        # section.
        depth = _depth(last) + len(ends.group(1) or "")
    elif re.match(r"[a-z_-]+:\s*(?:#.*)?$", first) or following.lstrip().startswith("- "):
        depth -= 2
    return max(0, depth)


def _depth(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def asks_to_add(visit: Visit) -> bool:
    """Whether a trainer, in no conversation and no form, asks in words how to add a scenario."""
    text = visit.request.text
    return _is_free(visit) and len(text) <= LONGEST_QUESTION and _ADDING.search(text) is not None


def _is_free(visit: Visit) -> bool:
    """Whether a trainer is in no conversation and no form, with no brief on the screen."""
    member = visit.member
    return (
        member is not None
        and member.holds("trainer")
        and member.session_id is None
        and member.awaiting is None
        and not visit.office.on_screen.get(visit.chat, "").startswith("go:")
    )


def is_lost(visit: Visit) -> bool:
    """Whether a trainer who doesn't practise writes something that is for nobody."""
    member = visit.member
    if member is None or not _is_free(visit) or member.holds("trainee"):
        return False
    left_off = visit.office.sessions.unfinished(member.person)
    return left_off is None or not left_off.turns


def nobody_listens(visit: Visit) -> None:
    """Say so, and where a trainer could go on."""
    waiting = visit.office.benching.jobs.waiting()
    mine = any(job.person == visit.hire.person for job in waiting)
    visit.answer(
        training.nobody_listens(benching=mine),
        rows(
            ("Add a scenario", data("template")),
            ("All scenarios", data("scenarios")),
            ("Practise", data("menu")),
        ),
    )


def offer_to_add(visit: Visit) -> None:
    """The way to a new scenario, for whoever asked in words."""
    visit.answer(
        training.offer_to_add(),
        rows(("Add a scenario", data("template")), ("All scenarios", data("scenarios"))),
    )


def _template_button() -> Keyboard:
    return rows(("Send me the template", data("template")))
