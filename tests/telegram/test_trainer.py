"""A trainer sends a scenario, tries it, publishes it and takes it back."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from coachbot.bootstrap import Practice
from coachbot.coaching.people import Member
from coachbot.coaching.post import Arrived
from coachbot.coaching.practice import Answered
from coachbot.coaching.protocols import Casting, SessionRepository
from coachbot.coaching.publishing import LARGEST_FILE, TRIAL, rehearse, short
from coachbot.errors import CoachbotError
from coachbot.library.catalogue import read_scenario
from coachbot.scenario.models import Outcome
from coachbot.session import machine
from coachbot.session.models import SelfRating, Session
from coachbot.telegram import rendering
from coachbot.telegram.adding import FULL_MESSAGE, joined_pieces
from coachbot.telegram.office import Office
from coachbot.telegram.rendering.briefing import DIFFICULTIES
from coachbot.telegram.routing import receive
from coachbot.telegram.trainer import team_key
from coachbot.telegram.visit import Request, Visit
from tests.session.made import begun, gone_on, scored
from tests.telegram.api import server_error
from tests.telegram.hire import GOOD, Hire
from tests.telegram.made import (
    SCENARIOS,
    Arrival,
    again,
    command,
    finished,
    member,
    office,
    outbox_of,
    press,
    say,
)
from tests.telegram.process import Process

TEXT = (SCENARIOS.root / "late-parcel.yaml").read_text(encoding="utf-8")
TITLE = "Our own train"
HOW_HARD = DIFFICULTIES[read_scenario(SCENARIOS.root / "late-parcel.yaml").difficulty]


def sent_as(scenario: str = "our-train", *, title: str = TITLE) -> str:
    """A scenario of a trainer's own."""
    text = TEXT.replace("id: late-parcel", f"id: {scenario}", 1)
    return text.replace("title: A train for Saturday", f"title: {title}", 1)


@dataclass
class QuickCoach:
    """Plays without models: the customer agrees to all, and ends after the last example reply."""

    casting: Casting
    sessions: SessionRepository
    outcome: Outcome = "resolved"
    passes: bool = True
    started: int = 0

    def without_trace(self) -> QuickCoach:
        """Nothing is kept here anyway."""
        return self

    def start(self, scenario: str, *, person: str, seed: int) -> Session:
        """A session at its briefing."""
        self.started += 1
        session = begun(
            self.casting.scenario(scenario),
            id=f"{self.started:032x}",
            person=person,
            seed=seed,
            phase="briefing",
        )
        return session.model_copy(update={"scenario": self.casting.reference(scenario)})

    def begin(self, session: Session) -> Session:
        """The brief has been read."""
        return machine.begin(session)

    def reply(self, session: Session, text: str) -> Answered:
        """The next reply, each scored alike."""
        last = len(self.casting.scenario(session.scenario).example_conversation)
        over = self.outcome if len(session.turns) + 1 == last else None
        gone = gone_on(session, text, worth=scored((61, 52, 43)), outcome=over)
        return Answered(gone, None)  # type: ignore[arg-type]

    def end(self, session: Session) -> Session:
        """End it."""
        return machine.end(session)

    def rate(self, session: Session, rating: SelfRating | None) -> Session:
        """Close it."""
        return machine.rate(session, rating).model_copy(update={"passed": self.passes})

    def retry(self, session: Session, turn: int) -> Session:
        """A second attempt, kept."""
        branched = machine.branch(session, turn, new_id="f" * 32, started=session.started)
        self.sessions.save(branched)
        return branched


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Office]:
    """An office whose coach needs no models."""
    with office(tmp_path) as opened:
        opened.coach = QuickCoach(opened.coach.casting, opened.sessions)  # type: ignore[assignment]
        yield opened


@pytest.fixture
def tara(here: Office) -> Member:
    """A trainer."""
    return member(here, 1, "Tara", "trainer")


@pytest.fixture
def tim(here: Office, tara: Member) -> Member:
    """A trainee of her team."""
    assert tara.roles == {"trainer"}
    return member(here, 2, "Tim")


_number = iter(range(100_000, 200_000))


def send(
    here: Office,
    who: Member,
    content: str | bytes | None,
    *,
    name: str = "train.yaml",
    size: int | None = None,
) -> list[Arrival]:
    """Somebody sends a file; what they are answered. None: Telegram didn't hand it over."""
    data = content.encode() if isinstance(content, str) else content
    request = Request(
        update_id=next(_number),
        kind="file",
        chat=who.telegram,
        user=who.telegram,
        message=1,
        file="f",
        file_name=name,
        file_size=len(data or b"") if size is None else size,
    )
    here.post.receive([Arrived(request.update_id, request.chat, "{}")], here.clock())
    visit = Visit(here, request, here.members.by_telegram(who.telegram), data)
    try:
        receive(visit)
    except CoachbotError as error:
        Visit(here, request, None).answer(rendering.html(error.message))
    return outbox_of(here, who)


def read(here: Office, who: Member) -> list[Arrival]:
    """What somebody gets to read; taking buttons away is nothing to read."""
    return [one for one in outbox_of(here, who) if one.text]


def published(here: Office, who: Member, text: str | None = None) -> Arrival:
    """Send a file and publish it."""
    (card,) = send(here, who, text or sent_as())
    press(here, who, card.button("Publish"))
    (answer,) = read(here, who)
    return answer


# --- Files ----------------------------------------------------------------------------------------


def test_a_good_file_is_kept_as_a_draft(here: Office, tara: Member) -> None:
    """The trainer reads what it is, and can try, publish or drop it."""
    (card,) = send(here, tara, sent_as(), name="late-parcel (1).yaml")
    assert TITLE in card.text
    assert "version 1" in card.text
    assert ["Try it", "Bench it", "Publish", "Throw away"] == card.labels
    (again_card,) = send(here, tara, sent_as())
    assert "version 2" in again_card.text


def test_every_mistake_has_its_place(here: Office, tara: Member) -> None:
    """Line and column as `scenarios check` shows them, and nothing is kept."""
    text = re.sub(r"(?m)^difficulty: \w+", "difficulty: extreme", sent_as(), count=1)
    (answer,) = send(here, tara, text.replace("channel: chat", "chanel: chat", 1))
    assert "2 mistakes" in answer.text
    assert "<b>Line 5, column 13:</b>" in answer.text
    assert "<b>Line 6, column 1:</b>" in answer.text
    assert [] == here.publishing.files.of_teams(("Returns desk",))


def test_many_mistakes_are_counted(here: Office, tara: Member) -> None:
    """Fifteen are shown."""
    lines = "\n".join(f"wrong{n}: 1" for n in range(20))
    answers = send(here, tara, f"{sent_as()}\n{lines}\n")
    text = "\n".join(answer.text for answer in answers)
    assert 15 == len(re.findall(r"<b>Line \d+", text))
    assert "And 5 more after these." in text


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        ("id: [", "train.yaml", "<b>Line 1"),
        (b"\x89PNG\r\n\x1a\n\xff", "train.yaml", "not UTF-8"),
        ("hello", "holiday.pdf", "ends in .yaml"),
        ("hello", "notes.txt", "ends in .yaml"),
        (b"PK\x03\x04", "customer.docx", "Plain text (.txt)"),
        ("  \n", "train.yaml", "is empty"),
        (None, "train.yaml", "couldn't get"),
        (b"x" * (LARGEST_FILE + 1), "train.yaml", "larger than"),
    ],
    ids=[
        "no-yaml",
        "no-utf8",
        "other-file",
        "other-text",
        "word",
        "empty",
        "not-fetched",
        "too-large",
    ],
)
def test_what_is_no_scenario_is_told_so(
    here: Office, tara: Member, content: str | bytes | None, name: str, words: str
) -> None:
    """Each gets an answer of its own, and nothing is kept."""
    (answer,) = send(here, tara, content, name=name)
    assert words in answer.text
    assert [] == here.publishing.files.of_teams(("Returns desk",))


def test_a_size_that_telegram_names_is_enough(here: Office, tara: Member) -> None:
    """What is too large is not fetched, and not called unreachable."""
    (answer,) = send(here, tara, None, size=LARGEST_FILE + 1)
    assert "larger than" in answer.text


def test_ids_that_are_taken(here: Office, tara: Member) -> None:
    """Those of CoachBot's own scenarios, and those of other teams."""
    (answer,) = send(here, tara, TEXT)
    assert "comes with CoachBot" in answer.text
    send(here, tara, sent_as())
    other = member(here, 5, "Olga", "trainer", team="Elsewhere")
    (answer,) = send(here, other, sent_as())
    assert "in use already" in answer.text
    assert "Returns desk" not in answer.text


def test_trainees_send_no_scenarios(here: Office, tim: Member) -> None:
    """A file of theirs is what any file is to the bot."""
    (answer,) = send(here, tim, sent_as())
    assert [] == answer.labels
    assert [] == here.publishing.files.of_teams(("Returns desk",))


@pytest.mark.parametrize(
    ("name", "encoding"),
    [
        ("train.yaml.txt", "utf-8"),
        ("train.txt", "utf-8"),
        ("train", "utf-8"),
        ("train.txt", "utf-16"),
        ("train.txt", "cp1252"),
    ],
)
def test_a_scenario_by_any_name_is_read(
    here: Office, tara: Member, name: str, encoding: str
) -> None:
    """What counts is what is in it, as editors and word processors save plain text."""
    text = sent_as().replace("So where's it got to?", "So where’s it got to?")
    (card,) = send(here, tara, text.encode(encoding), name=name)
    assert "No mistakes" in card.text


def test_a_newer_file_takes_the_drafts_place(here: Office, tara: Member, tim: Member) -> None:
    """One draft at most, nothing comes up again, and what is published stays."""
    published(here, tara)
    (old,) = send(here, tara, sent_as(title="Second"))
    press(here, tara, old.button("Try it"))
    read(here, tara)
    (new,) = send(here, tara, sent_as(title="Third").replace("version: 1", "version: 7", 1))
    assert "version 7" in new.text
    assert "It takes the place of version 2" in new.text
    assert "Your trial ends with that" in new.text
    assert again(here, tara).session_id is None
    press(here, tara, old.button("Publish"))
    assert "version 7, which was sent later, has taken its place" in read(here, tara)[0].text
    press(here, tara, new.button("Throw away"))
    assert "Version 1 stays published" in read(here, tara)[0].text
    assert [1] == [one.version for one in here.publishing.files.of_teams(("Returns desk",))]
    press(here, tim, "brief:our-train")
    assert TITLE in read(here, tim)[0].text
    (last,) = send(here, tara, sent_as())
    assert "version 8" in last.text
    assert "the file may go on saying 1" in last.text


# --- Trying ---------------------------------------------------------------------------------------


def test_a_trial_counts_for_nothing(here: Office, tara: Member) -> None:
    """It is played like a session, and is in nobody's figures."""
    member(here, 1, "Tara", "trainee")
    (card,) = send(here, tara, sent_as())
    press(here, tara, card.button("Try it"))
    shown = read(here, tara)
    assert "(trial)" in shown[0].text
    assert "trial of version 1" in shown[1].text
    session = here.sessions.get(again(here, tara).session_id or "")
    assert ("our-train@1+trial", "tg:1") == (session.scenario, session.person)
    for _ in range(3):
        session = gone_on(session, worth=scored((60, 50, 40)))
    over = machine.rate(machine.end(session), None)
    here.sessions.save(over.model_copy(update={"passed": False}))
    assert [] == here.progress("tg:1")
    assert [] == here.publishing.files.figures(("Returns desk",))
    (one,) = here.records.practised("Returns desk", "2026-01-01T00:00:00+00:00")
    assert (0, None) == (one.sessions, one.last_practised)
    press(here, tara, f"try:{session.id}:2")
    assert "Back to reply 2" in read(here, tara)[0].text
    press(here, tara, f"question:{session.id}")
    (answer,) = read(here, tara)
    assert "This was a trial" in answer.text


def test_a_draft_thrown_away_in_the_middle(here: Office, tara: Member) -> None:
    """Nobody is stuck in a conversation that can't go on."""
    (card,) = send(here, tara, sent_as())
    press(here, tara, card.button("Try it"))
    press(here, tara, card.button("Throw away"))
    assert "thrown away" in read(here, tara)[-1].text
    command(here, tara, "/practice")
    assert "All scenarios" in read(here, tara)[-1].labels
    assert again(here, tara).session_id is None
    press(here, tara, card.button("Publish"))
    assert "not there any more" in read(here, tara)[-1].text
    (card,) = send(here, tara, sent_as())
    assert "version 2" in card.text


def test_other_work_pauses_a_conversation(here: Office, tara: Member) -> None:
    """What a trainer writes after asking for a bench is not the customer's, until they go back."""
    (card,) = send(here, tara, sent_as())
    press(here, tara, card.button("Try it"))
    read(here, tara)
    trial = again(here, tara).session_id
    press(here, tara, card.button("Bench it"))
    paused, _ = read(here, tara)
    assert "nothing you write now goes to Dean" in paused.text
    say(here, tara, "Does it work?")
    (told,) = read(here, tara)
    assert "this went to nobody" in told.text
    assert "The bench goes on" in told.text
    assert [] == here.post.drafts(tara.person)
    press(here, tara, paused.button("Back to Dean"))
    assert trial == again(here, tara).session_id


# --- Publishing -----------------------------------------------------------------------------------


def test_published_after_its_example_has_passed(here: Office, tara: Member, tim: Member) -> None:
    """The trainer reads how it went; the team finds it, and nobody else."""
    answer = published(here, tara)
    assert "it was resolved; empathy 61 (pass mark 44)" in answer.text
    press(here, tim, "brief:our-train")
    (brief,) = read(here, tim)
    assert TITLE in brief.text
    stranger = member(here, 6, "Sam", team="Elsewhere")
    for data in ("brief:our-train", "go:our-train", "go:our-train@1", "brief:our-train@1+trial"):
        press(here, stranger, data)
        (answer,) = read(here, stranger)
        assert "isn't offered" in answer.text
    assert again(here, stranger).session_id is None


def test_an_example_that_fails_takes_insisting(here: Office, tara: Member, tim: Member) -> None:
    """Nothing is published until the trainer says so a second time."""
    here.coach.passes, here.coach.outcome = False, "left"  # type: ignore[attr-defined]
    answer = published(here, tara)
    assert "Not published yet" in answer.text
    assert "walked out" in answer.text
    press(here, tim, "brief:our-train")
    assert "isn't offered" in read(here, tim)[0].text
    press(here, tara, answer.button("Publish it all the same"))
    assert "is published" in read(here, tara)[0].text
    press(here, tim, "brief:our-train")
    assert TITLE in read(here, tim)[0].text


def template(here: Office) -> str:
    """The file that trainers are handed, under an id of their own."""
    assert here.template is not None
    return here.template().decode().replace("id: my-scenario", "id: our-course", 1)


def test_texts_of_the_template_are_not_published(here: Office, tara: Member, tim: Member) -> None:
    """Which ones is said, with their lines; also where the example has failed before."""
    (card,) = send(here, tara, template(here))
    assert "can't publish it yet" in card.text
    press(here, tara, card.button("What to replace first"))
    (told,) = read(here, tara)
    assert "144 texts are still the template's" in told.text
    assert "• line 16: “A confirmation that doesn't come”" in told.text
    assert "and 138 more, in the lines 38 to 42, " in told.text
    press(here, tara, f"insist:our-course:1:{team_key('Returns desk')}")
    assert "isn't published" in read(here, tara)[0].text
    press(here, tim, "brief:our-course")
    assert "isn't offered" in read(here, tim)[0].text


def test_marks_alone_make_no_scenario(here: Office, tara: Member) -> None:
    """One text kept on purpose may stay; the whole template without its marks may not.

    A mark behind somebody's own text is no obstacle.
    """
    text = template(here)
    (card,) = send(here, tara, re.sub("  # EXAMPLE.*", "", text))
    assert "can't publish it yet" in card.text
    mine = iter(range(1000))
    own = re.sub(r'"[^"\n]*"(?=  # EXAMPLE)', lambda f: f'{f[0][:-1]} Indeed {next(mine)}."', text)
    own = re.sub(r"( Indeed \d+\.\"(?:, mood: \S+\})?)  # EXAMPLE.*", r"\1", own)
    checked = here.publishing.check("x.yaml", own.encode())
    assert len(checked.examples) < 10
    kept = text.splitlines()
    before = len(here.publishing.check("x.yaml", text.encode()).examples)
    at = next(n for n, line in enumerate(kept) if "By what day must you have it?" in line)
    kept[at] = kept[at].replace("By what day must you have it?", "On which day do you need it?")
    now = here.publishing.check("x.yaml", "\n".join(kept).encode())
    assert before - 1 == len(now.examples)
    assert any("of your own" in one.message for one in now.warnings)


def test_a_running_session_keeps_its_version(here: Office, tara: Member, tim: Member) -> None:
    """New sessions play the new version; one that has begun goes on as it began."""
    published(here, tara)
    press(here, tim, "go:our-train")
    read(here, tim)
    published(here, tara, sent_as(title="Another title"))
    command(here, tim, "/brief")
    assert TITLE in read(here, tim)[0].text
    first = again(here, tim).session_id or ""
    press(here, tim, "leave")
    press(here, tim, "go:our-train")
    second = again(here, tim).session_id or ""
    assert ["our-train@1", "our-train@2"] == [
        here.sessions.get(name).scenario for name in (first, second)
    ]


def test_withdrawn_can_be_finished_and_not_begun(here: Office, tara: Member, tim: Member) -> None:
    """And it can be published again."""
    answer = published(here, tara)
    press(here, tim, "go:our-train")
    read(here, tim)
    press(here, tara, answer.button("Withdraw"))
    (withdrawn,) = read(here, tara)
    command(here, tim, "/brief")
    assert TITLE in read(here, tim)[0].text
    press(here, tim, "go:our-train")
    assert "isn't offered" in read(here, tim)[0].text
    press(here, tara, withdrawn.button("Publish it again"))
    assert "is published" in read(here, tara)[0].text


def test_files_are_made_again_from_the_database(
    here: Office, tara: Member, tim: Member, tmp_path: Path
) -> None:
    """The folder can be lost at any time."""
    published(here, tara)
    (file,) = tmp_path.rglob("our-train@1/our-train.yaml")
    file.unlink()
    press(here, tim, "brief:our-train")
    assert TITLE in read(here, tim)[0].text
    assert sent_as() == file.read_text(encoding="utf-8")


def test_roles_are_asked_at_every_press(here: Office, tara: Member, tim: Member) -> None:
    """A button in the wrong hands does nothing, nor does one of a trainer who has left."""
    (card,) = send(here, tara, sent_as())
    stranger = member(here, 7, "Olga", "trainer", team="Elsewhere")
    for who in (tim, stranger):
        for data in (*card.presses, "withdraw:our-train", "card:our-train:1"):
            press(here, who, data)
        read(here, who)
    (file,) = here.publishing.files.of_teams(("Returns desk",))
    assert "draft" == file.state
    here.members.leave(tara.person, "Returns desk", "2026-03-05T10:00:00+00:00")
    press(here, tara, card.button("Publish"))
    (file,) = here.publishing.files.of_teams(("Returns desk",))
    assert "draft" == file.state


def test_long_ids_fit_into_buttons(here: Office, tara: Member, tim: Member) -> None:
    """An id has up to 60 characters, what a button sends 64."""
    long = "a" * 60
    (card,) = send(here, tara, sent_as(long))
    press(here, tara, card.button("Publish"))
    (answer,) = read(here, tara)
    command(here, tara, "/scenarios")
    (listed,) = read(here, tara)
    press(here, tim, f"brief:{short(long)}")
    (brief,) = read(here, tim)
    press(here, tim, brief.button("Start"))
    assert f"{long}@1" == here.sessions.get(again(here, tim).session_id or "").scenario
    every = [data for one in (card, answer, listed, brief) for data in one.presses]
    assert [] == [data for data in every if len(data.encode()) > 64]


# --- How they are doing ---------------------------------------------------------------------------


def test_how_scenarios_are_doing(here: Office, tara: Member, tim: Member) -> None:
    """Figures of the team's trainees; means only where nobody can be told apart in them."""
    published(here, tara)
    for number in range(4):
        finished(here, tim, scenario="late-parcel", started=f"2026-03-0{number + 1}T09:00:00+00:00")
    command(here, tara, "/scenarios")
    (answer,) = read(here, tara)
    assert "4 sessions by one person, none passed" in answer.text
    assert "On average" not in answer.text
    assert f"{TITLE} ({HOW_HARD})" in answer.labels
    assert "Add a scenario" == answer.labels[-1]
    assert answer.text.count("nobody has finished") == 1
    assert "Dean, a customer. What helps: " in answer.text
    for number in range(10, 14):
        finished(here, member(here, number, f"Hire {number}"), scenario="late-parcel")
    command(here, tara, "/scenarios")
    (answer,) = read(here, tara)
    assert "8 sessions by 5 people" in answer.text
    assert "On average: empathy 62" in answer.text


def test_supervisors_see_them_and_publish_nothing(here: Office, tara: Member) -> None:
    """A supervisor reads the list; what belongs to trainers has no button."""
    published(here, tara)
    sol = member(here, 8, "Sol", "supervisor")
    command(here, sol, "/scenarios")
    (answer,) = read(here, sol)
    assert TITLE in answer.text
    assert "Add a scenario" not in answer.labels
    assert "Supervisors find each person's own under /team" not in answer.text
    press(here, sol, answer.button(TITLE))
    (card,) = read(here, sol)
    assert ["Read the brief, try it", "Assign it"] == card.labels
    assert "in empathy, " in card.text


def test_a_trainer_reaches_everything_from_the_list(here: Office, tara: Member) -> None:
    """The card of one's own scenario; drafts are listed too."""
    published(here, tara)
    send(here, tara, sent_as("second", title="Another one"))
    command(here, tara, "/scenarios")
    (answer,) = read(here, tara)
    assert answer.button("Draft: Another one (version 1)")
    press(here, tara, answer.button(TITLE))
    (card,) = read(here, tara)
    assert ["Try it", "Bench it", "Withdraw", "Assign it"] == card.labels
    press(here, tara, answer.button("A train for Saturday"))
    (card,) = read(here, tara)
    assert ["Read the brief, try it", "Assign it"] == card.labels
    assert "comes with CoachBot" in card.text


# --- Adding one -----------------------------------------------------------------------------------


@pytest.mark.parametrize("way", ["/template", "button"])
def test_the_template_comes_with_what_to_do(here: Office, tara: Member, way: str) -> None:
    """Four steps and a file, which is a scenario as it is."""
    if way == "button":
        press(here, tara, "template")
    else:
        command(here, tara, way)
    told, file = read(here, tara)
    assert all(f"<b>{number}.</b>" in told.text for number in range(1, 5))
    assert "plain text file" in told.text
    assert "my-scenario.yaml" == file.file_name
    (card,) = send(here, tara, file.file, name="my-scenario.yaml")
    assert "No mistakes" in card.text
    assert "144 texts are still the template's, the first in line 16" in card.text
    assert ["Try it", "Bench it", "What to replace first", "Throw away"] == card.labels


def pieces(text: str) -> list[str]:
    """A long text as Telegram's programs send it: cut at line ends, each part stripped."""
    parts = [""]
    for line in text.splitlines(keepends=True):
        if len(parts[-1]) + len(line) > 4000:
            parts.append("")
        parts[-1] += line
    return [part.strip() for part in parts]


def test_a_scenario_can_be_pasted(here: Office, tara: Member, tim: Member) -> None:
    """The messages that a chat cuts it into are put together, with the spaces that got lost."""
    parts = pieces(sent_as())
    assert 4 < len(parts)
    for part in parts:
        say(here, tara, part)
    first, *_, card = read(here, tara)
    assert "what I don't see yet: " in first.text
    if len(parts[-1]) >= FULL_MESSAGE:
        # It may have been cut at its end, too.
        press(here, tara, card.button("That's all"))
        card = read(here, tara)[-1]
    assert TITLE in card.text
    assert "No mistakes" in card.text
    assert again(here, tara).awaiting is None
    say(here, tim, parts[0])
    assert "scenario" not in read(here, tim)[0].text


def test_what_is_pasted_can_be_ended_or_left(here: Office, tara: Member) -> None:
    """At a tap it is read as it is; ordinary words are no part of it, and end it."""
    parts = pieces(sent_as())
    say(here, tara, parts[0])
    (told,) = read(here, tara)
    press(here, tara, told.button("That's all"))
    assert "is missing" in read(here, tara)[-1].text
    say(here, tara, parts[0])
    read(here, tara)
    say(here, tara, "Sorry, wrong window!")
    assert "no part of a scenario" in read(here, tara)[-1].text
    say(here, tara, "Hello:\n- one\n- two\nWhat now?")
    assert "this went to nobody" in read(here, tara)[-1].text
    assert [] == here.publishing.files.of_teams(("Returns desk",))


@pytest.mark.parametrize(
    ("before", "after", "joined"),
    [
        ("facts:\n  - id: a", "about: x\n    ask:\n      - y", "    about: x"),
        ("    ask:\n      - one", "- two\n      - three", "      - two"),
        ("    ask:", "- two\n      - three", "      - two"),
        ("    say:\n      - one", "again:\n      - three", "    again:"),
        ("facts:\n  - id: a\n    say:\n      - one", "- id: b\n    about: x", "  - id: b"),
        ("a:\n  - b: |-\n      one", "two\n  - b: three", "      two"),
        ("mood: 3", "patience: 4\nturn_limit: 5", "patience: 4"),
        ("  why:\n    empathy: one", "listening: two\n\npass_marks: 3", "    listening: two"),
        ("  why:\n    empathy: one", "pass_marks: 3\n\nstory: two", "pass_marks: 3"),
        ("    thanks:\n      - say: one", "mood: high\n      - two", "        mood: high"),
    ],
)
def test_spaces_that_got_lost_are_put_back(before: str, after: str, joined: str) -> None:
    """By the lines around them."""
    assert joined == joined_pieces(before, after).splitlines()[len(before.splitlines())]


@pytest.mark.parametrize("question", ["How do I add a scenario?", "I'd like to make a customer"])
def test_who_asks_in_words_is_shown_the_way(here: Office, tara: Member, question: str) -> None:
    """A trainer outside any conversation; with all else they read that nobody has got it."""
    say(here, tara, question)
    (told,) = read(here, tara)
    assert ["Add a scenario", "All scenarios"] == told.labels
    press(here, tara, told.button("Add a scenario"))
    assert read(here, tara)[1].file_name
    say(here, tara, "Nice weather")
    (told,) = read(here, tara)
    assert "this went to nobody" in told.text
    assert "Add a scenario" in told.labels


def test_the_welcome_has_the_way_to_a_new_scenario(here: Office, tara: Member, tim: Member) -> None:
    """For trainers only."""
    command(here, tara, "/start")
    assert ["Add a scenario", "All scenarios", "Practise"] == read(here, tara)[0].labels
    command(here, tim, "/start")
    assert ["Practise"] == read(here, tim)[0].labels


def test_trainees_get_no_template(here: Office, tim: Member) -> None:
    """New scenarios come from trainers."""
    command(here, tim, "/template")
    (told,) = read(here, tim)
    assert "come from trainers" in told.text


def test_the_page_is_named_only_where_it_opens(here: Office, tara: Member) -> None:
    """Without an address it is in no list, and the command says who has to set what."""
    command(here, tara, "/help")
    assert "/web" not in read(here, tara)[0].text
    command(here, tara, "/web")
    (told,) = read(here, tara)
    assert "COACHBOT_WEB_URL" in told.text
    assert "for supervisors and trainers" in told.text
    here.page_for_all = True
    command(here, tara, "/help")
    assert "/web" in read(here, tara)[0].text


# --- The whole bot --------------------------------------------------------------------------------


def test_from_the_file_to_a_hires_debrief(process: Process) -> None:
    """Sent while Telegram has troubles, tried, published, assigned, and practised after a kill."""
    tara, tim = Hire.in_team(process, "Tara", "trainer"), Hire.in_team(process, "Tim")
    planned = process.api.fail("getFile", server_error(502), times=2)
    tara.person.send_document("train.yaml", sent_as().encode())
    (card,) = tara.new_messages(40)
    assert 2 == planned.hits
    assert TITLE in card.text
    shown = tara.press("Try it")
    assert "trial of version 1" in shown[1].text
    tara.say(GOOD)
    assert "(trial)" in "".join(m.text for m in tara.finish())
    assert [("tg-trial", 1)] == process.rows(
        "SELECT 'tg-trial', scenario_version FROM sessions WHERE person = ?", f"{tara.id}{TRIAL}"
    )
    tara.press("publish:our-train:1:" + team_key("Team"))
    if any(b.text == "Publish it all the same" for m in tara.person.messages() for b in m.buttons):
        tara.press("Publish it all the same")
    process.kill()
    shutil.rmtree(process.database.with_name(f"{process.database.name}.scenarios"))
    process.start()
    tim.begin("our-train")
    tim.say(GOOD)
    assert TITLE in "".join(m.text for m in tim.finish())
    assert [("our-train", 1)] == process.rows(
        "SELECT scenario, scenario_version FROM sessions WHERE person = ?", tim.id
    )


def test_a_file_that_telegram_does_not_hand_over(process: Process) -> None:
    """The trainer is told so, and is served as before."""
    tara = Hire.in_team(process, "Tara", "trainer")
    process.api.fail("getFile", server_error(502), times=20)
    tara.person.send_document("train.yaml", sent_as().encode())
    (answer,) = tara.new_messages(40)
    assert "couldn't get" in answer.text
    assert tara.say("/scenarios")


def test_the_example_is_really_played(practice: Practice) -> None:
    """With models: the example conversation of a scenario that comes with CoachBot passes."""
    how = rehearse(practice.coach(_Nowhere()), "late-parcel")
    assert ("resolved", True) == (how.outcome, how.passed)


class _Nowhere:
    """Keeps no sessions; a rehearsal must not ask."""

    def save(self, session: Session) -> None:
        """Nothing may be kept."""
        raise AssertionError(session.id)

    def get(self, session_id: str) -> Session:
        """There is none."""
        raise AssertionError(session_id)

    def unfinished(self, person: str) -> Session | None:
        """There is none."""
        raise AssertionError(person)

    def finished(self, person: str) -> list[Session]:
        """There are none."""
        raise AssertionError(person)
