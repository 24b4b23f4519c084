"""What a hire reads in Telegram."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from html.parser import HTMLParser
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coachbot.coaching.reviewing import Focus
from coachbot.customer.state import Promise
from coachbot.library import Library
from coachbot.reporting.debrief import Debrief, debrief
from coachbot.reporting.progress import ProgressRow, development
from coachbot.scenario.models import Outcome, Scenario
from coachbot.scoring.interface import (
    DIMENSIONS,
    Dimension,
    DimensionScore,
    DimensionScores,
    UnscoredReason,
)
from coachbot.session import machine
from coachbot.session.models import Matched, SelfRating, Session
from coachbot.telegram import rendering
from coachbot.telegram.asides import Topic
from coachbot.telegram.menus import PER_PAGE
from coachbot.telegram.messages import (
    LONGEST_CAPTION,
    LONGEST_TEXT,
    Keyboard,
    length,
    plain,
)
from coachbot.telegram.rendering.commands import COMMANDS
from coachbot.telegram.rendering.conversation import Failure
from coachbot.telegram.rendering.joining import Refusal
from coachbot.telegram.rendering.questions import RATINGS
from tests.customer.made import score, unscored
from tests.session.made import begun, evidence, gone_on, reason, scored

ACTS = ("second-train", "to-the-depot", "keeps-watch")
NASTY = "<b>&amp; \"x\" 'y'</i> \u202e\u2066 שלום \x07\ud800"
LONG = "wort " * 1000
ROLES = ("trainee", "trainer", "supervisor")
LONGEST_LABEL = 36
"""Characters that a button as wide as a phone's screen shows without cutting."""
LONGEST_POPUP = 200
"""Characters that Telegram shows when a button was pressed."""
MOST_IN_NOTICE = 1300


class _Tags(HTMLParser):
    """Checks that tags are Telegram's, closed in order, and not nested where that is refused."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in ("b", "i", "blockquote")
        assert tag not in self.open
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert tag == self.open.pop()


def takes(text: str, longest: int = LONGEST_TEXT) -> str:
    """The text, if Telegram takes it as one message and it leaves nothing to be filled in."""
    tags = _Tags()
    tags.feed(text)
    tags.close()
    assert [] == tags.open
    assert 0 < length(text) <= longest
    assert plain(text).strip() == plain(text)
    assert "None." not in text
    assert "\n\n\n" not in text
    return text


def read(session: Session, files: Library, name: str = "late-parcel") -> Debrief:
    """The debrief of a session."""
    loaded = files.scenario(name)
    return debrief(session, loaded.scenario, loaded.temperament, files.general())


def passed(parcel: Scenario) -> Session:
    """A session in which everything was done in two replies."""
    session = gone_on(begun(parcel), acts=ACTS, worth=scored((80, 81, 82)), mood=70)
    return gone_on(session, worth=scored((80, 81, 82)), mood=80, outcome="resolved")


def mixed(scenario: Scenario, words: str = "Calm down.", replies: int = 1) -> Session:
    """A session in which each reply cost, helped, promised too much, and left things open."""
    session = begun(scenario)
    over = tuple(
        Matched(id=str(i), text=words, similarity=0.8)
        for i in range(len(scenario.brief.may_not_offer))
    )
    for number in range(1, replies + 1):
        own = f"{words}{number}"
        worth = scored(
            (20, 30, 60),
            evidence("empathy", own, -12, f"tells the customer how to feel (“{own}”)"),
            evidence("individualized_treatment", own, 9, "fits what this customer said: “Kitt”"),
            evidence(
                "active_listening", "Where is it?", -8, "asked “It?”: not answered", history=True
            ),
        )
        session = gone_on(
            session,
            own,
            worth=worth,
            mood=20,
            reasons=(reason("told_to_calm_down", -9, own, "You told them to calm down."),),
            over_promises=over,
            promises=tuple(
                Promise(turn=n, text=f"{words}{n}", binding="vague") for n in range(1, number + 1)
            ),
        )
    return session


def rated(session: Session, rating: SelfRating | None = None) -> Session:
    """The session at its debrief."""
    return machine.rate(machine.end(session), rating)


def labels(keyboard: Keyboard) -> list[str]:
    """What stands on the buttons."""
    return [button.label for row in keyboard for button in row]


# Coming and going


@pytest.mark.parametrize("roles", [("trainee",), ROLES, ()])
def test_privacy_notice(roles: Sequence[str]) -> None:
    """The notice says what, who, how long and what for in 1300 characters for any team."""
    text = takes(
        rendering.privacy_notice(
            "W" * 200, roles, "w" * 300, kept_days=3650, supervisors=["N" * 64] * 12
        ),
        MOST_IN_NOTICE,
    )
    for part in ("name", "supervisors", "five people", "3650 days", "hiring", "program", "wrong"):
        assert part in text
    for part in ("number on Telegram", "mood", "hints", "questions", "settings", "felt", "asked"):
        assert part in text
    assert "/mydata" in text
    assert "/forgetme" in text


def test_privacy_notice_without_retention() -> None:
    """Without a setting, sessions are kept until somebody deletes them, and nobody is named."""
    text = rendering.privacy_notice("Larkline", ("trainee",))
    assert "until you delete it with /forgetme." in text
    assert text.endswith("stay.")
    assert "one day, or" in rendering.privacy_notice("Larkline", ("trainee",), kept_days=1)


def test_who_reads_by_name() -> None:
    """The supervisors are counted and named as far as there is room; without any, no one is."""
    one = rendering.privacy_notice("Larkline", ("trainee",), supervisors=["Sol"])
    assert "the team's supervisor Sol, who can read" in one
    two = rendering.privacy_notice("Larkline", ("trainee",), supervisors=["Sol", "<Kim>"])
    assert "the team's 2 supervisors (Sol and &lt;Kim&gt;), who can read" in two
    many = rendering.privacy_notice("Larkline", ("trainee",), supervisors=list("ABCDE"))
    assert "the team's 5 supervisors (A, B, C and 2 more)" in many
    assert "the team's supervisors, who" in rendering.privacy_notice("Larkline", ("trainee",))


def test_privacy_at_any_time() -> None:
    """Each team has its block with its supervisors; who is in none is read by nobody."""
    text = takes(rendering.privacy([("A", ["Sol"]), ("B", ["Kim"])], kept_days=90))
    assert "<b>A</b>\n<b>What is kept:</b>" in text
    assert text.index("supervisor Sol") < text.index("<b>B</b>") < text.index("supervisor Kim")
    assert 2 == text.count("90 days")
    assert "no supervisor" in takes(rendering.privacy([]))


def test_a_used_link_lets_nobody_think_they_are_in() -> None:
    """Somebody who is not in is told whom to ask, and not that they are in."""
    text = rendering.invitation_refused("used")
    assert "used already" in text
    assert "Whoever sent it" in text
    assert "you're in" not in text


def test_while_the_notice_waits() -> None:
    """Who writes instead of tapping hears what to tap, that nothing is kept, and who reads."""
    text = takes(rendering.notice_waits())
    assert "I need your yes to the notice above" in text
    assert "nothing about you is kept" in text
    assert "supervisors can read" in text
    assert "invitation" not in text
    assert "read the notice again" in takes(rendering.notice_waits(declined=True))


def test_nothing_kept() -> None:
    """Who is unknown has nothing to be sent or deleted."""
    assert "Nothing is kept about you" in takes(rendering.nothing_kept())


def test_welcome() -> None:
    """Each role is told its first step, and a person without a name is welcome too."""
    assert "/practice" in takes(rendering.welcome("Zoë", "Larkline", ("trainee",)))
    assert "/practice" not in rendering.welcome("Zoë", "Larkline", ("supervisor",))
    text = takes(rendering.welcome(" ", "Larkline", ROLES))
    assert text.startswith("Welcome. You're in <b>Larkline</b> now as a trainee, a trainer and")


def test_names_are_text() -> None:
    """Whatever people and teams are called is shown as text that turns nothing around it."""
    text = takes(rendering.welcome(NASTY, NASTY, ("trainee",)))
    assert "&lt;b&gt;&amp;amp; \"x\" 'y'&lt;/i&gt;" in text
    assert not {"\u202e", "\u2066", "\x07", "\ud800"} & set(text)
    assert text.count("\u2068") == text.count("\u2069") == 2


@given(text=st.text())
def test_safe(text: str) -> None:
    """Any text comes out without tags, and with no direction that reaches beyond it."""
    shown = rendering.safe(text)
    tags = _Tags()
    tags.feed(shown)
    assert [] == tags.open
    assert "<" not in shown
    assert shown.count("\u2068") == shown.count("\u2069")
    shown.encode()
    letters = [c for c in text if unicodedata.category(c)[0] in "LN"]
    assert letters == [c for c in plain(shown) if unicodedata.category(c)[0] in "LN"]


@pytest.mark.parametrize("role", ROLES)
def test_help(role: str) -> None:
    """Help has a line for each command of the role and of everyone, and none of other roles."""
    text = takes(rendering.help_text((role,)))
    # Who looks after others may practise as well.
    own = {*COMMANDS[role], *COMMANDS["everyone"], "practice", "progress"}
    assert own == set(rendering.commands_of((role,)))
    for commands in COMMANDS.values():
        for name, what in commands.items():
            assert (name in own) == (f"/{name} – {what}" in text.splitlines())


def test_help_names_each_command_once() -> None:
    """Also for a supervisor who is a trainer as well; the page only where it can be opened."""
    lines = rendering.help_text(("supervisor", "trainer")).splitlines()
    commands = [line.split()[0] for line in lines if line.startswith("/")]
    assert len(set(commands)) == len(commands)
    assert {"/assign", "/scenarios", "/web", "/practice", "/progress"} <= set(commands)
    assert "/web" not in rendering.help_text(("supervisor",), page=False)
    assert "web" not in rendering.commands_of(("trainer",), page=False)


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        ("/hnit please", "I don't know /hnit. Did you mean /hint?"),
        ("PRACTISE", "I don't know /practise. Did you mean /practice?"),
        ("/<b>", "I don't know /&lt;b&gt;. /help has the list."),
        ("/", "/help has the list."),
        ("", "/help has the list."),
    ],
)
def test_unknown_command(command: str, expected: str) -> None:
    """What is no command is named, with the nearest one that is."""
    assert expected == takes(rendering.unknown_command(command))


def test_commands_of_others_are_not_suggested() -> None:
    """Only a supervisor is pointed to a supervisor's command."""
    assert "/invite" not in rendering.unknown_command("/invit", ("trainee",))
    assert "/invite" in rendering.unknown_command("/invit", ("supervisor",))


@pytest.mark.parametrize("reason", get_args(Refusal))
def test_refused_invitations(reason: Refusal) -> None:
    """Each refusal says something of its own."""
    texts = [takes(rendering.invitation_refused(other)) for other in get_args(Refusal)]
    assert 1 == texts.count(rendering.invitation_refused(reason))


@pytest.mark.parametrize(
    ("sessions", "asked", "done"),
    [
        (0, "your place in the team and your settings.", "about you is deleted.\n"),
        (1, "and your session with every word", "deleted, your session included.\n"),
        (7, "and your 7 sessions with every word", "deleted, your 7 sessions included.\n"),
    ],
)
def test_forgetting(sessions: int, asked: str, done: str) -> None:
    """The question names what goes and what stays, and the answer what is gone."""
    assert asked in takes(rendering.forget_question(sessions))
    assert "counts without names stay" in rendering.forget_question(sessions)
    assert done in takes(rendering.forgotten(sessions))


def test_group() -> None:
    """A group is shown the way to the private chat and nothing else."""
    text = takes(rendering.group_quiet("https://t.me/coach_bot?start=a&b"))
    assert text.endswith("https://t.me/coach_bot?start=a&amp;b")


# Choosing


def test_brief_of_every_scenario(files: Library) -> None:
    """A brief fits one message, has all that a hire may know, and the note before the role."""
    for loaded in files.scenarios():
        card = loaded.scenario
        text = plain(takes(rendering.brief(card)))
        for part in (card.title, card.brief.role, *card.brief.screen, *card.brief.may_offer):
            assert part in text
        for forbidden in card.brief.may_not_offer:
            assert forbidden.what in text
        if card.content_note:
            assert text.index(card.content_note) < text.index(card.brief.role)
        assert bool(card.content_note) == ("nobody will ask why" in text)
        assert [] == [need.what for need in card.needs if need.what in text]
        assert "played by a program" in text


def test_brief_without_limits(parcel: Scenario) -> None:
    """Where nothing is forbidden, no heading stands over nothing."""
    free = parcel.brief.model_copy(update={"may_not_offer": ()})
    text = takes(rendering.brief(parcel.model_copy(update={"brief": free, "title": NASTY})))
    assert "may not offer" not in text


def test_list_of_scenarios(files: Library) -> None:
    """Each scenario has its line; a note stands where there is one."""
    cards = [loaded.scenario for loaded in files.scenarios()]
    text = takes(rendering.scenario_list("All", cards, notes={"bereaved": "due <Friday>"}))
    assert [card.title for card in cards] == [c.title for c in cards if f"<b>{c.title}</b>" in text]
    assert "Lorraine, a colleague (medium)" in text
    assert "<b>A train for Saturday</b>: Dean, a customer (hard)\nYou are on the chat desk" in text
    assert "Ardley Bank" in text
    assert "This conversation is about the death of a partner." in text
    assert 1 == text.count("<i>due &lt;Friday&gt;</i>")


def test_list_without_lines() -> None:
    """Over buttons alone stands the question; where a filter leaves nobody, that is said."""
    assert "Who would you like to talk to?" in takes(rendering.scenario_list("Easier"))
    assert "nobody here" in takes(rendering.scenario_list("Easier", ()))


def test_the_longest_list(parcel: Scenario) -> None:
    """A page of scenarios fits one message, however long all that is written in them is."""
    role = parcel.brief.model_copy(update={"role": LONG})
    persona = parcel.persona.model_copy(update={"name": LONG})
    one = parcel.model_copy(
        update={"title": LONG, "content_note": LONG, "brief": role, "persona": persona}
    )
    takes(rendering.scenario_list("All", [one] * PER_PAGE))


def test_the_recommended_is_described(parcel: Scenario) -> None:
    """What is recommended is told with the reason, and without one there is only the question."""
    text = takes(rendering.practice_menu("Empathy is next.", parcel))
    assert text.startswith("Empathy is next.\n\n<b>A train for Saturday</b>: Dean")
    assert "Whom would you like" in rendering.practice_menu("")


# In the conversation


@pytest.mark.parametrize(
    ("replies", "where", "last"),
    [
        (0, "in <b>A train for Saturday</b> before your first reply. Dean's", "Where is it?"),
        (1, "of <b>A train for Saturday</b>, after one reply.", "Which &lt;one&gt;?\nAnd when?"),
        (3, "of <b>A train for Saturday</b>, after 3 replies.", "Which &lt;one&gt;?\nAnd when?"),
    ],
)
def test_going_on(replies: int, where: str, last: str, parcel: Scenario) -> None:
    """Where it stopped, with the customer's last messages."""
    session = begun(parcel)
    for _ in range(replies):
        session = gone_on(session, answer=("Which <one>?", "And when?"))
    text = takes(rendering.going_on(session, parcel))
    assert where in text
    assert f"<blockquote>{last}</blockquote>\nWhat do you say to Dean?" in text


def test_going_on_from_elsewhere(parcel: Scenario) -> None:
    """A session that has not begun, one that is over and one with an open reply say so."""
    session = begun(parcel)
    briefing = session.model_copy(update={"phase": "briefing"})
    text = takes(rendering.going_on(briefing, parcel))
    assert "haven't begun yet. Dean's first words:\n<blockquote>Where is it?" in text
    assert "debrief" in takes(rendering.going_on(machine.end(session), parcel))
    open_reply = takes(rendering.going_on(machine.receive(session, LONG), parcel))
    assert "wort…</blockquote>\nDean will get back to you now." in open_reply


def test_hint() -> None:
    """A hint says what it makes of a pass."""
    assert "“passed with help”" in takes(rendering.hint(f"Ask <him>. {NASTY}"))


def lines(session: Session) -> list[str]:
    """The feedback on the last reply."""
    return takes(rendering.quick_feedback(session.turns[-1], "Dean")).splitlines()


def test_quick_feedback(parcel: Scenario) -> None:
    """The worst and the best words and what they did, in three lines without a number."""
    session = gone_on(
        begun(parcel),
        worth=scored(
            (20, 40, 60),
            evidence("empathy", "Calm <down>.", -12, "tells the customer how to feel (“Calm”)"),
            evidence("active_listening", "Leeds.", 9, "takes up what the customer said: “Leeds”"),
            evidence("individualized_treatment", "Small.", 2, "fits"),
        ),
        over_promises=(Matched(id="0", text="Tonight.", similarity=0.8),),
    )
    expected = [
        "✗ “Tonight” is more than you may offer; /brief shows what you may.",
        "✓ Active listening: “Leeds” takes up what Dean said: “Leeds”.",
        "✗ Empathy: “Calm &lt;down&gt;” tells Dean how to feel (“Calm”).",
    ]
    assert expected == lines(session)


@pytest.mark.parametrize(
    ("why", "history", "expected"),
    [
        ("asked “Where?”: not answered", True, "Empathy: Dean asked “Where?”, and got no answer."),
        (
            "stock phrase (“sorry”): it could be said to anyone",
            False,
            "Empathy: a stock phrase (“sorry”): it could be said to anyone.",
        ),
        ("puts “the customer” first", False, "Empathy: “Hm” puts “the customer” first."),
    ],
)
def test_reasons_read_as_sentences(
    why: str, history: bool, expected: str, parcel: Scenario
) -> None:
    """Every form of a reason makes a sentence, and words that it quotes are not changed."""
    worth = scored((20, 40, 60), evidence("empathy", "Hm.", -12, why, history=history))
    assert [f"✗ {expected}"] == lines(gone_on(begun(parcel), worth=worth))


@pytest.mark.parametrize("why", get_args(UnscoredReason))
def test_unscored_feedback(why: UnscoredReason, parcel: Scenario) -> None:
    """A reply without a score gets a line that says why, in words."""
    found = lines(gone_on(begun(parcel), worth=unscored(why)))
    assert 1 == len(found)
    assert why not in found[0] or "_" not in why
    assert "{" not in found[0]


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ((20, 40, 45), "might this be like for Dean"),
        ((45, 20, 40), "Dean just said"),
        ((45, 40, 20), "fits only Dean"),
        ((60, 70, 55), "A steady reply"),
    ],
)
def test_nothing_stood_out(values: tuple[float, float, float], says: str, parcel: Scenario) -> None:
    """Without words that did something, the lowest dimension gets a question to try."""
    found = lines(gone_on(begun(parcel), worth=score(*values)))
    assert 1 == len(found)
    assert says in found[0]


def test_long_feedback(parcel: Scenario) -> None:
    """However long the sentences are, feedback stays a few lines on a phone."""
    session = mixed(parcel, LONG)
    text = rendering.quick_feedback(session.turns[-1], NASTY * 10)
    assert 3 >= len(takes(text, 600).splitlines())


KINDS = (
    *("voice", "audio", "video_note", "video", "animation", "sticker", "photo", "document"),
    *("location", "venue", "contact", "poll", "dice", "story", "forwarded", "empty", "too_long"),
    "something new",
)


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_but_text(kind: str) -> None:
    """What can't be read is said not to have reached the customer, or leads to the help."""
    assert "hasn't reached Dean" in takes(rendering.nothing_but_text(kind, "Dean"))
    assert "/help" in takes(rendering.nothing_but_text(kind))


@pytest.mark.parametrize("kind", get_args(Failure))
def test_failures(kind: Failure) -> None:
    """Every failure says that what was written is still there."""
    text = takes(rendering.failure(kind, "Dean"))
    assert "kept" in text or "as it was" in text
    takes(rendering.failure(kind))


def test_short_answers(parcel: Scenario) -> None:
    """Each is one message, with the customer's name where there is one."""
    for text in (
        rendering.edited_too_late("Dean"),
        rendering.flood("Dean"),
        rendering.paused(parcel),
    ):
        assert "Dean" in takes(text)
    for text in (rendering.flood(), rendering.not_a_member(), rendering.no_session()):
        takes(text)
    assert LONGEST_POPUP >= len(takes(rendering.stale_button()))


@pytest.mark.parametrize("dimension", DIMENSIONS)
def test_self_rating(dimension: Dimension) -> None:
    """The scale's own five steps in words, what a pass takes, and a way past the question."""
    text, keyboard = rendering.self_rating_question(
        dimension, "Dean <x>", lambda n: f"rate {n}", pass_mark=38
    )
    assert "A pass takes 38 here." in text
    assert "Dean &lt;x&gt;" in takes(text)
    assert (dimension == "empathy") == ("Before you see the scores" in text)
    assert [f"rate {n}" for n in (0, 25, 50, 75, 100, None)] == [
        button.data for row in keyboard for button in row
    ]
    assert labels(keyboard)[:-1] == [f"{what} ({n})" for n, what in RATINGS[dimension].items()]
    assert max(map(len, labels(keyboard))) <= LONGEST_LABEL
    again, _ = rendering.self_rating_question(dimension, "Dean", str, "No.", anew=False)
    assert "Before you see" not in takes(again)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        *(("80", 80), ("0", 0), (" 100. ", 100), ("62%", 62), ("80/100", 80), ("7/10", 70)),
        *(("about 60", 60), ("I'd say 70", 70), ("Hmm, maybe 55?", 55), ("40, I guess", 40)),
        *(("A standard sorry (50)", 50), ("named the feeling", 75), ("standard sorry", 50)),
        *(("brushed it aside", 0), ("Named it and took their side!", 100)),
        *(("101", None), ("-5", None), ("60-70", None), ("60 80 100", None), ("not great", None)),
        *(("named", None), ("well", None), ("Are you still there?", None), ("", None)),
        *(("12/10", None), ("I wrote 3 replies", None)),
    ],
)
def test_a_written_rating(written: str, expected: int | None) -> None:
    """Numbers from 0 to 100 and the buttons' words are taken; what is unclear is not guessed."""
    assert expected == rendering.rating_in(written, "empathy")


def test_no_rating() -> None:
    """It says what is expected, that nothing is lost, and that the customer hasn't got it."""
    text = takes(rendering.no_rating("<Dean>"))
    for part in ("from 0 to 100", "skip", "kept", "&lt;Dean&gt; hasn't got it", "isn't counted"):
        assert part in text
    assert "80 of 100 for active listening" in takes(rendering.rating_taken("active_listening", 80))


def test_feeling() -> None:
    """Five answers in words, from very bad to very good."""
    text, keyboard = rendering.feeling_question(lambda n: f"feel {n}", "Dean")
    assert "talking to Dean" in takes(text)
    assert "conversation" in rendering.feeling_question(str)[0]
    assert ["Very bad", "Not good", "All right", "Good", "Very good"] == labels(keyboard)
    assert [f"feel {n}" for n in range(1, 6)] == [row[0].data for row in keyboard]


# The debrief


def whole(found: Debrief) -> str:
    """All messages of a debrief that Telegram takes, one to three."""
    messages = rendering.debrief_pages(found)
    assert 1 <= len(messages) <= 3
    return "\n\n".join(takes(message) for message in messages)


def test_a_debrief_says_where_a_language_model_failed(parcel: Scenario, files: Library) -> None:
    """One sentence at the end, and none where there was nothing to say; the brief names it."""
    found = read(rated(mixed(parcel)), files)
    said = "In 2 of 3 answers the customer spoke lines of the scenario."
    assert said not in whole(found)
    assert whole(found.model_copy(update={"taken_over": said})).endswith(f"<i>{said}</i>")
    assert "language model (a &amp; b)" in takes(rendering.brief(parcel, "a & b"))


def test_debrief_in_order(parcel: Scenario, files: Library) -> None:
    """Result, matter, treatment, quotes, what to try, story, in this order."""
    rating = SelfRating(empathy=90, active_listening=30, individualized_treatment=12)
    text = whole(read(rated(mixed(parcel), rating), files))
    order = (
        "<b>Ended by you: no pass this time</b>",
        "You ended the conversation",
        "<b>The matter itself</b>",
        "<b>How you treated Dean</b>",
        "Dean's mood: 28 at the start, 20 at the end. Reply 1 cost most.",
        "<b>What helped most</b>",
        "<b>What cost most</b>",
        "<b>One thing to try: ",
        "You wrote:\n<blockquote>",
        "Or, for example:\n<blockquote>",
        "<b>What Dean will tell the other drivers, in the canteen</b>",
    )
    places = [text.find(part) for part in order]
    assert -1 not in places
    assert sorted(places) == places


def test_dimensions(parcel: Scenario, files: Library) -> None:
    """Value, pass mark, range, first reply and own rating, beside the range and not the number."""
    rating = SelfRating(empathy=90, active_listening=30, individualized_treatment=12)
    text = whole(read(rated(mixed(parcel), rating), files))
    assert "<b>Empathy: 20</b> ✗ below the pass mark of 44\nRange 15 to 25. First reply 20." in text
    assert "You gave yourself 90, which is above the range." in text
    assert "You gave yourself 30, which is inside the range." in text
    assert "<b>Individualized treatment: 60</b> ✓ reaches the pass mark of 29" in text
    assert "You gave yourself 12; it went better than you thought." in text
    assert "You gave yourself" not in whole(read(rated(mixed(parcel)), files))
    assert 1 == text.count("but not surely")


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ((46, 60, 60), "<b>Empathy: 46</b> ✓ reaches the pass mark of 44, but not surely\n"),
        ((41, 60, 60), "<b>Empathy: 41</b> ✗ below the pass mark of 44, but not surely\n"),
    ],
)
def test_a_pass_mark_inside_the_range(
    values: tuple[float, float, float], says: str, parcel: Scenario, files: Library
) -> None:
    """Where the range spans the mark, neither side is shown as if it were sure."""
    found = read(rated(gone_on(begun(parcel), worth=scored(values))), files)
    text = whole(found)
    assert f"{says}Range {values[0] - 5:.0f} to {values[0] + 5:.0f}, with the mark inside." in text
    assert "a grader may see it the other way" in text
    assert 1 == text.count("but not surely")
    caption = takes(rendering.debrief_caption(found), LONGEST_CAPTION)
    assert f"Empathy {values[0]}, pass mark 44, too close to be sure\n" in caption
    assert 1 == caption.count("too close")


def test_quotes(parcel: Scenario, files: Library) -> None:
    """Words stand as a quotation with what they did, about this customer."""
    text = whole(read(rated(mixed(parcel, "Calm <down>.")), files))
    assert (
        "<b>What helped most</b> (points)\nReply 1:\n<blockquote>Calm &lt;down&gt;.1</blockquote>\n"
        "It fits what Dean said: “Kitt” (individualized treatment +9)."
    ) in text
    assert "Reply 1: Dean asked “It?”, and got no answer (active listening −8)." in text


def test_one_sentence_is_quoted_once(parcel: Scenario, files: Library) -> None:
    """A sentence that helped on two dimensions in one way is one quotation with one reason."""
    worth = scored(
        (50, 50, 50),
        *(evidence(d, "Leeds.", 9, "brings Leeds") for d in ("empathy", "active_listening")),
    )
    text = whole(read(rated(gone_on(begun(parcel), worth=worth)), files))
    part = text[text.index("What helped most") : text.index("One thing to try")]
    assert 1 == part.count("<blockquote>")
    assert "It brings Leeds (empathy +9 and active listening +9)." in part


@pytest.mark.parametrize("outcome", get_args(Outcome))
def test_every_outcome(outcome: Outcome, parcel: Scenario, files: Library) -> None:
    """Each ending has its name, with the customer's; only a pass says so."""
    if outcome == "resolved":
        session = machine.rate(passed(parcel), None)
    elif outcome == "ended":
        session = rated(gone_on(begun(parcel)))
    else:
        session = machine.rate(gone_on(begun(parcel), outcome=outcome), None)
    found = read(session, files)
    text = whole(found)
    assert "The customer" not in text
    assert (outcome == "resolved") == (": passed ✓</b>" in text)
    assert (outcome != "resolved") == (": no pass this time</b>" in text)
    if outcome in ("left", "gave_up"):
        assert "<b>Dean " in text
    takes(rendering.debrief_caption(found), LONGEST_CAPTION)


def test_passed_with_help(parcel: Scenario, files: Library) -> None:
    """A pass with a hint is one with help."""
    session = machine.take_hint(begun(parcel))
    session = gone_on(session, acts=ACTS, worth=scored((80, 81, 82)), mood=70)
    session = gone_on(session, worth=scored((80, 81, 82)), mood=80, outcome="resolved")
    assert "<b>Resolved: passed with help ✓</b>" in whole(read(machine.rate(session, None), files))


def test_without_a_reply(parcel: Scenario, files: Library) -> None:
    """Who left before the first reply reads one short message without faults or scores."""
    found = read(rated(begun(parcel)), files)
    assert 1 == len(rendering.debrief_pages(found))
    text = whole(found)
    assert "Ended before your first reply" in text
    assert "✗" not in text
    assert "Empathy" not in text
    assert "before your first reply" in takes(rendering.debrief_caption(found), LONGEST_CAPTION)


def test_unscored_dimension(parcel: Scenario, files: Library) -> None:
    """A dimension that nothing called for is said to be so, and is no zero."""
    worth = score()
    assert worth.dimensions is not None
    nothing = DimensionScore(status="unscored", reason="not_called_for")
    values = worth.dimensions.model_copy(update={"empathy": nothing})
    worth = worth.model_copy(update={"dimensions": values})
    found = read(rated(gone_on(begun(parcel), worth=worth)), files)
    assert "<b>Empathy</b>: not called for in this conversation" in whole(found)
    assert "Empathy" not in rendering.debrief_caption(found)
    again = read(machine.rate(passed(parcel), None), files)
    assert "Empathy: not called for, now 80\n" in rendering.side_by_side(found, again)


@pytest.mark.parametrize("words", ["a" * 4000, LONG, "😀 ✓ " * 800, NASTY * 90, "“”" * 900])
def test_longest_debrief(words: str, files: Library) -> None:
    """Thirty replies of Telegram's full length still make three messages, for every scenario."""
    for loaded in files.scenarios():
        scenario = loaded.scenario
        rating = SelfRating(empathy=100, active_listening=0, individualized_treatment=50)
        session = rated(mixed(scenario, words, replies=30), rating)
        found = read(session, files, scenario.id)
        text = whole(found.model_copy(update={"title": NASTY}))
        assert "More promises left hanging in replies 4, 5" in text
        long_title = found.model_copy(update={"title": words, "customer": words})
        takes(rendering.debrief_caption(long_title), LONGEST_CAPTION)
        takes(rendering.side_by_side(long_title, found))


def test_caption(parcel: Scenario, files: Library) -> None:
    """The picture in words: result, scores against their marks, and where the mood went."""
    expected = [
        "<b>A train for Saturday</b>: resolved, passed ✓",
        "✓ Empathy 80, pass mark 44",
        "✓ Active listening 81, pass mark 33",
        "✓ Individualized treatment 82, pass mark 29",
        "Dean's mood: 28 at the start, 80 at the end. Reply 1 lifted it most.",
    ]
    found = read(machine.rate(passed(parcel), None), files)
    assert expected == takes(rendering.debrief_caption(found), LONGEST_CAPTION).splitlines()


def test_side_by_side(parcel: Scenario, files: Library) -> None:
    """Only beyond the scores' error is one attempt called higher; the first one counts."""
    first, again = (
        read(rated(mixed(parcel)), files),
        read(machine.rate(passed(parcel), None), files),
    )
    text = takes(rendering.side_by_side(first, again))
    assert "Then: ended by you. Now: resolved." in text
    assert "Empathy: 20, now 80 (clearly higher)" in text
    assert "fewer than 1 of 20 cases" in text
    assert "Empathy: 80, now 20 (clearly lower)" in rendering.side_by_side(again, first)
    assert "Empathy: 80, now 80 (too close to tell apart)" in rendering.side_by_side(again, again)
    assert "Dean's mood at the end: 20, now 80" in text
    assert "The first attempt is the one that counts" in text


def test_one_reply_beside_another(parcel: Scenario) -> None:
    """A second attempt that was broken off shows that reply then and now, and no verdict."""
    first = gone_on(begun(parcel), "Calm <down>.", worth=scored((20, 30, 60)), mood=20)
    again = gone_on(begun(parcel), LONG, worth=scored((80, 31, 10)), mood=40)
    text = takes(rendering.one_reply(first.turns[0], again.turns[0], "Dean"))
    assert "<b>Reply 1, then and now</b>" in text
    assert "Then:\n<blockquote>Calm &lt;down&gt;.</blockquote>" in text
    assert "Empathy: 20, now 80 (clearly higher)" in text
    assert "fewer than 1 of 20 cases" in text
    assert "Active listening: 30, now 31 (too close to tell apart)" in text
    assert "Individualized treatment: 60, now 10 (clearly lower)" in text
    assert "Dean's mood: down 8, now up 12" in text
    assert "The first attempt" not in text
    assert "Your first attempt is the one that counts" in text
    assert "pass" not in text.lower()
    none = begun(parcel)
    unscored_reply = gone_on(none, "Ok.", worth=unscored("too_short")).turns[0]
    other = rendering.one_reply(first.turns[0], unscored_reply, "Dean")
    assert "Empathy: 20, now not scored" in takes(other)
    assert "Dean's mood: down 8, now unchanged" in other


def test_a_large_difference_is_not_called_too_close(parcel: Scenario) -> None:
    """It is higher on the estimate, and it is said how surely, though the ranges overlap."""
    turns = []
    for value, low, high in ((9.0, 0.0, 34.0), (52.0, 31.0, 70.0), (40.0, 10.0, 60.0)):
        worth = scored((value, 50, 50))
        assert worth.dimensions is not None
        one = DimensionScore(status="scored", score=value, low=low, high=high)
        values = worth.dimensions.model_copy(update={"empathy": one})
        worth = worth.model_copy(update={"dimensions": values})
        turns.append(gone_on(begun(parcel), worth=worth).turns[0])
    text = takes(rendering.one_reply(turns[0], turns[1], "Dean"))
    assert "Empathy: 9, now 52 (probably higher)" in text
    assert "Active listening: 50, now 50 (too close to tell apart)" in text
    assert "(probably lower)" in rendering.one_reply(turns[1], turns[0], "Dean")
    unsure = rendering.one_reply(turns[0], turns[2], "Dean")
    assert "Empathy: 9, now 40 (higher, but that may be chance)" in unsure
    assert "Scores aren't exact. “May be chance”" in unsure
    assert "robably" not in unsure
    alike = rendering.one_reply(turns[2], turns[2], "Dean")
    assert "aren't exact" not in alike


def test_before_and_after_a_second_attempt() -> None:
    """It is said beforehand that one reply is enough; then what can be done; and what if none."""
    assert "One new reply is enough" in takes(rendering.try_again(2, "Dean"))
    assert "stop at any time" in rendering.try_again(2, "Dean")
    assert "new reply 2, and it is enough" in takes(rendering.compare_offer(2, "Dean"))
    assert "nothing to compare" in takes(rendering.stopped_early("Dean"))


# Beside the conversation


@pytest.mark.parametrize(
    ("topic", "part"),
    [
        ("readers", "your team's supervisors (Sol and Kim), with the scores"),
        ("taking_back", "you can edit a message"),
        ("stopping", "/pause"),
        ("recording", "kept for 90 days"),
        ("deleting", "/forgetme"),
    ],
)
def test_beside_the_conversation(topic: Topic, part: str) -> None:
    """Each question is answered, as the bot's, and it is said that the customer hasn't got it."""
    text = takes(rendering.aside([topic], "Dean", ["Sol", "Kim"], kept_days=90))
    assert text.startswith("<b>That's for me, the bot, not for Dean:</b>")
    assert part in text
    assert "Dean hasn't got your question, and it isn't scored." in text


def test_who_reads_a_trial() -> None:
    """What a trainer tries out is read by nobody else."""
    text = rendering.aside(["readers"], "Dean", ["Sol"], trial=True)
    assert "Only you" in text
    assert "Sol" not in text


def test_outside_a_conversation() -> None:
    """It says that nobody got it and how to go on; to a question also where answers are."""
    plain_text = takes(rendering.lost(False, ["Sol"]))
    assert "/practice" in plain_text
    assert "/help" in plain_text
    assert "Sol" not in plain_text
    asked = takes(rendering.lost(True, ["Sol"]))
    for part in ("/privacy", "/mydata", "/forgetme", "ask Sol, who supervises your team."):
        assert part in asked
    assert "Sol and Kim, who supervise your team." in rendering.lost(True, ["Sol", "Kim"])
    assert "whoever invited you" in rendering.lost(True, [])
    assert "Tap Start under the brief" in takes(rendering.lost(False, [], brief_of="Dean"))
    assert "paused <b>A train</b>" in takes(rendering.lost(False, [], paused="A train"))


def test_the_end_is_announced() -> None:
    """Once it is over that is said, and of a later message that it wasn't counted."""
    assert "<b>The conversation with Dean is over.</b>" == takes(rendering.is_over("Dean"))
    assert rendering.is_over("Dean") == rendering.is_over("Dean", "resolved")
    for how in ("left", "gave_up", "out_of_turns"):
        assert "your last question." in takes(rendering.is_over("Dean", how))
    assert "isn't counted" in takes(rendering.over_already("Dean"))
    text, _ = rendering.self_rating_question("empathy", "Dean", str, rendering.is_over("Dean"))
    assert takes(text).startswith("<b>The conversation with Dean is over.</b>\n\nBefore you see")


def test_the_file_is_explained() -> None:
    """The caption names the main parts, and each part that is named in it has its sentence."""
    caption = takes(rendering.data_caption(), LONGEST_CAPTION)
    for part in ("member", "sessions", "disputes", "grades", "feelings"):
        assert part in caption
        assert [part] == list(rendering.what_this_is([part]))
    assert (
        "other people whose scores you have seen"
        in rendering.what_this_is(["sessions_read"])["sessions_read"]
    )
    assert {} == rendering.what_this_is(["something new"])


# Progress


def rows(number: int, **changes: object) -> list[ProgressRow]:
    """Sessions on the days from 1 March on."""
    value = DimensionScore(status="scored", score=40, low=30, high=50)
    row = ProgressRow(
        session="s",
        scenario="late-parcel",
        started="2026-03-01T09:00:00+00:00",
        outcome="resolved",
        passed=True,
        with_help=False,
        values=DimensionScores(
            empathy=value, active_listening=value, individualized_treatment=value
        ),
        scorer="by hand",
    )
    return [
        row.model_copy(update={"started": f"2026-03-{day:02}T09:00:00+00:00", **changes})
        for day in range(1, number + 1)
    ]


def test_progress() -> None:
    """How many, what grew, the trends, the latest first, and what comes next."""
    found = [*rows(6), *rows(1, retry_of="s", passed=False, outcome="left")]
    text = takes(
        rendering.progress_text(
            found,
            development(found),
            "Minus <28>",
            titles={"late-parcel": "A <train>"},
            focus=Focus(
                id="f",
                person="tg:2",
                made_by=None,
                dimension="empathy",
                text="Name it <first>.",
                made="2026-03-01T09:00:00+00:00",
                agreed="2026-03-01T09:05:00+00:00",
            ),
        )
    )
    assert text.startswith(
        "<b>6 sessions</b> so far, 6 passed; one reply tried again, not counted.\n\n"
        "<b>Your focus: empathy</b>\nName it &lt;first&gt;."
    )
    assert "Empathy: 40 in the last three sessions" in text
    expected = [
        "1 Mar: A &lt;train&gt;, the customer left, a reply tried again",
        "6 Mar: A &lt;train&gt;, resolved, passed ✓",
    ]
    start = text.splitlines().index("<b>Latest</b>") + 1
    assert expected == text.splitlines()[start : start + 2]
    assert text.endswith("<b>Next</b>\nMinus &lt;28&gt;")


def test_progress_without_a_pass() -> None:
    """Nobody is told how often they failed, and nothing stands over nothing."""
    text = takes(rendering.progress_text(rows(1, passed=None, outcome=None), (), None))
    assert "<b>One session</b> so far.\n\n<b>Latest</b>\n1 Mar: late-parcel, no ending" == text


def test_no_progress_yet() -> None:
    """Who has finished nothing is told how to begin."""
    assert "/practice" in takes(rendering.progress_text((), ()))


def test_progress_of_many() -> None:
    """Hundreds of sessions and long titles are one message."""
    found = [row for _ in range(40) for row in rows(9)]
    takes(rendering.progress_text(found, development(found), None, titles={"late-parcel": LONG}))
