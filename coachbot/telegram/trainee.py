"""What a hire can do: choose, talk, take hints, read the debrief, try again, see progress."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from coachbot.coaching.post import Draft
from coachbot.coaching.practice import LONGEST_REPLY
from coachbot.coaching.publishing import is_trial, named, short
from coachbot.errors import NotFound, ScenarioError, UsageError
from coachbot.reporting.team import recommended
from coachbot.scoring.interface import DIMENSIONS
from coachbot.session import machine
from coachbot.session.models import SelfRating, Session
from coachbot.telegram import rendering, retrying
from coachbot.telegram.asides import asked_of_the_program, asks_people_or_data
from coachbot.telegram.assignments import open_assignments
from coachbot.telegram.debriefing import FORM as RATING
from coachbot.telegram.debriefing import (
    QUESTION,
    Shown,
    next_rating,
    rated_so_far,
    rating_question,
    what_grew,
)
from coachbot.telegram.menus import (
    FILTERS,
    SEPARATOR,
    data,
    row,
    rows,
    scenario_buttons,
    shown_on,
)
from coachbot.telegram.rendering.training import assigned_block

if TYPE_CHECKING:
    from collections.abc import Sequence

    from coachbot.scenario.models import Scenario
    from coachbot.telegram.asides import Topic
    from coachbot.telegram.messages import Keyboard
    from coachbot.telegram.visit import Answers, Visit

MOST_AT_ONCE = 15
"""Messages of one reply; who sends more is asked to wait for the customer."""
UNSENT, QUESTIONING = "unsent", "questioning"
"""Forms of what was written and has not gone to anybody: for a button that would send it, and for
the choice of what it questions."""
PASSING = ("adding", UNSENT, QUESTIONING)
"""Forms that end with any command or button; the button's own action still knows them."""
SEND = "send"
CANCEL = ("Cancel", data("cancel"))


def current(visit: Visit) -> Session | None:
    """The session that the hire's messages go to."""
    name = visit.hire.session_id
    if name is None:
        return None
    try:
        return visit.office.sessions.get(name)
    except NotFound:
        return None


def own(visit: Visit, session_id: str) -> Session:
    """A session of the hire's own. Raises ``NotFound`` for another's, as if it weren't there."""
    session = visit.office.sessions.get(session_id)
    if session.person != visit.hire.person:
        raise NotFound("There is no such session; it may have been deleted.")
    return session


def _scenario(visit: Visit, name: str) -> Scenario:
    try:
        return visit.office.repertoire.scenario(name)
    except (NotFound, ScenarioError):
        raise UsageError(
            "This scenario has been withdrawn. /practice shows those that can be played."
        ) from None


def _offered(visit: Visit, key: str) -> Scenario:
    """A scenario that the hire can begin, as a button names it."""
    found = {s.id: s for s in visit.office.repertoire.scenarios(visit.hire.teams)}
    name = named(key, found)
    if name is None:
        raise UsageError("This scenario isn't offered any more. /practice shows those that are.")
    return found[name]


# --- Choosing -------------------------------------------------------------------------------------


def menu(visit: Visit) -> None:
    """What to practise: what was left off, what is recommended, all."""
    going = current(visit)
    if going is not None and not going.over:
        try:
            scenario = _scenario(visit, going.scenario)
        except UsageError:
            # A draft that was thrown away while it was tried: there is nothing to go on with.
            leave_for_now(visit)
            return
        visit.answer(
            rendering.in_the_middle(scenario),
            rows(("Go on with it", data("on", going.id)), ("Leave it for now", data("leave"))),
        )
        return
    _offer(visit)


def _offer(visit: Visit) -> None:
    office, hire = visit.office, visit.hire
    buttons = []
    left_off = office.sessions.unfinished(hire.person)
    if left_off is not None and left_off.turns:
        title = _title(visit, left_off.scenario)
        buttons.append((f"Go on: {title}", data("on", left_off.id)))
    scenarios = office.repertoire.scenarios(hire.teams)
    assigned = open_assignments(office, hire, scenarios)
    asked = {scenario.id: scenario.title for scenario, _, _ in assigned}
    buttons += [(title, data("brief", short(name))) for name, title in asked.items()]
    done = office.progress(hire.person)
    choice = recommended(done, scenarios)
    if choice is not None and choice.scenario not in asked:
        buttons.append((choice.title, data("brief", short(choice.scenario))))
    buttons.append(("All scenarios", data("list", "all", 0)))
    reason = choice.why if choice else ""
    found = next((s for s in scenarios if choice and s.id == choice.scenario), None)
    text = rendering.practice_menu(reason, found)
    if assigned:
        text = f"{assigned_block([(s.title, terms, far) for s, terms, far in assigned])}\n\n{text}"
    visit.answer(text, rows(*buttons))


def _title(visit: Visit, name: str) -> str:
    return title_of(visit, name, or_else="the last conversation")


def title_of(visit: Visit, name: str, or_else: str = "") -> str:
    """The title of a scenario that may have been withdrawn; ``or_else`` if it is gone for good."""
    try:
        return visit.office.repertoire.scenario(name).title
    except (NotFound, ScenarioError):
        return or_else or short(name)


def leave_for_now(visit: Visit) -> None:
    """Leave the conversation where it is, and offer others."""
    if visit.hire.session_id is not None:
        visit.office.members.set_session(visit.hire.person, None)
    _offer(visit)


def listing(visit: Visit, which: str = "all", page: str = "0") -> None:
    """All scenarios, filtered, page by page."""
    scenarios = visit.office.repertoire.scenarios(visit.hire.teams)
    which = which if which in FILTERS else "all"
    number = int(page) if page.isdecimal() else 0
    done = visit.office.progress(visit.hire.person)
    passed = {one.scenario for one in done if one.passed and one.retry_of is None}
    with visit.commit() as answers:
        answers.change(
            rendering.scenario_list(FILTERS[which], shown_on(scenarios, which, number, passed)),
            scenario_buttons(scenarios, which, number, passed),
        )


def brief_of(visit: Visit, name: str) -> None:
    """The brief of a scenario, before it is begun."""
    scenario = _offered(visit, name)
    visit.answer(
        rendering.brief(scenario, visit.office.repertoire.words_by),
        rows(("Start", data("go", short(scenario.id))), ("Another one", data("list", "all", 0))),
    )
    visit.office.show(visit.chat, data("go", short(scenario.id)))


def go(visit: Visit, name: str) -> None:
    """Begin a scenario."""
    office, hire = visit.office, visit.hire
    scenario = _offered(visit, name)
    if _just_begun(visit, scenario):
        # A second tap on the same button, while the customer is already writing.
        return
    coach = office.coach.without_trace()
    seed = len(office.progress(hire.person))
    session = coach.begin(coach.start(scenario.id, person=hire.person, seed=seed))
    with visit.commit() as answers:
        _set_aside(visit, answers)
        office.coach.sessions.save(session)
        office.members.set_session(hire.person, session.id)
        office.members.set_awaiting(hire.person, None)
        office.post.clear_drafts(hire.person)
        answers.take_buttons()
        answers.say(rendering.begins(scenario.persona.name))
        _customer_says(visit, answers, session.opening)


def _just_begun(visit: Visit, scenario: Scenario) -> bool:
    going = current(visit)
    return (
        going is not None
        and going.scenario == scenario.id
        and going.phase == "conversation"
        and not going.turns
        and going.retry_of is None
    )


def _customer_says(visit: Visit, answers: Answers, messages: tuple[str, ...]) -> None:
    for message in messages:
        answers.say(rendering.html(message), pause=visit.office.pace.typing(message))


# --- Talking --------------------------------------------------------------------------------------


def text(visit: Visit) -> None:
    """A message of the hire: a comment that was asked for, or a part of a reply."""
    hire, written = visit.hire, visit.request.text.strip()
    if hire.awaiting is not None and hire.awaiting.get("form") != RATING:
        _form(visit, hire.awaiting, written)
        return
    session = current(visit)
    if session is not None and session.phase == "self_rating":
        _typed_rating(visit, session, written)
        return
    if session is None or session.phase != "conversation":
        _nobody_listens(visit, written)
        return
    asked = asked_of_the_program(written)
    if asked:
        _aside(visit, session, asked)
        return
    _reply(visit, session, written)


def _typed_rating(visit: Visit, session: Session, written: str) -> None:
    """An own rating in writing; of anything else it is said what is expected, and asked again."""
    office = visit.office
    if session.retry_of is not None:
        with visit.commit() as answers:
            rating_question(office, answers, session, late=True)
        return
    if written.lower().strip(" .!“”\"'") in rendering.SKIPS:
        _rated(visit, session, None)
        return
    given = rated_so_far(office, session)
    value = rendering.rating_in(written, DIMENSIONS[len(given)])
    if value is None:
        with visit.commit() as answers:
            rating_question(office, answers, session, late=True)
        return
    given = (*given, value)
    if len(given) == len(DIMENSIONS):
        _rated(visit, session, given)
        return
    with visit.commit() as answers:
        next_rating(office, answers, session, given, typed=True)


def _nobody_listens(visit: Visit, written: str) -> None:
    """Something was written outside any conversation: say where it could go, and who can answer."""
    office, hire = visit.office, visit.hire
    asks = asks_people_or_data(written)
    names = [s.name for s in office.supervisors_of(hire)]
    verb, _, name = office.on_screen.get(visit.chat, "").partition(SEPARATOR)
    found = {short(s.id): s for s in office.repertoire.scenarios(hire.teams)}
    if verb == "go" and name in found:
        text = rendering.lost(asks, names, brief_of=found[name].persona.name)
        visit.answer(text, rows(("Start", data("go", name))))
        return
    if verb == "question" and (over := _over(visit, name)) is not None:
        customer = _scenario(visit, over.scenario).persona.name
        _keep_unsent(
            visit,
            over,
            rendering.lost(asks, names, result_of=customer),
            rows((QUESTION, data("question", over.id)), ("Practise", data("menu"))),
        )
        return
    left_off = office.sessions.unfinished(hire.person)
    if left_off is not None and left_off.turns:
        _keep_unsent(
            visit,
            left_off,
            rendering.lost(asks, names, paused=_title(visit, left_off.scenario)),
            rows(
                ("Go on, and send it", data("on", left_off.id, SEND)),
                ("Go on without it", data("on", left_off.id)),
            ),
        )
        return
    visit.answer(rendering.lost(asks, names), rows(("Practise", data("menu"))))


def _over(visit: Visit, session_id: str) -> Session | None:
    """A finished session of the hire's whose result can be questioned."""
    try:
        session = own(visit, session_id)
    except NotFound:
        return None
    return session if session.over and not is_trial(session.scenario) else None


def _keep_unsent(visit: Visit, session: Session, said: str, buttons: Keyboard) -> None:
    """Say that nobody has got a message, and keep it for the button that would send it."""
    request = visit.request
    kept = {
        "form": UNSENT,
        "session": session.id,
        "text": request.text.strip(),
        "message": request.message or 0,
    }
    with visit.commit() as answers:
        visit.office.members.set_awaiting(visit.hire.person, kept)
        answers.say(said, buttons)


def kept_unsent(visit: Visit, session: Session) -> dict[str, Any] | None:
    """What was written about a session, or for its customer, and has not gone to anybody."""
    awaiting = visit.hire.awaiting
    if awaiting is None or awaiting.get("form") not in (UNSENT, QUESTIONING):
        return None
    return awaiting if awaiting.get("session") == session.id and awaiting.get("text") else None


def unsent_form(visit: Visit, _awaiting: dict[str, Any], _written: str) -> None:
    """Something more is written where no button was tapped."""
    simply_written(visit)


def simply_written(visit: Visit) -> None:
    """Let a form go, and take what was written for a message like any other."""
    visit.lets_go = True
    visit.member = visit.hire.model_copy(update={"awaiting": None})
    text(visit)


def _aside(visit: Visit, session: Session, asked: Sequence[Topic]) -> None:
    """Answer a question that is for the program; the customer doesn't get it."""
    visit.answer(_aside_text(visit, session, asked))


def _aside_text(visit: Visit, session: Session, asked: Sequence[Topic]) -> str:
    office, hire = visit.office, visit.hire
    return rendering.aside(
        asked,
        _scenario(visit, session.scenario).persona.name,
        [s.name for s in office.supervisors_of(hire)],
        kept_days=office.retention_days,
        trial=is_trial(session.scenario),
    )


def _no_conversation(visit: Visit) -> None:
    visit.answer(rendering.no_session(), rows(("Practise", data("menu"))))


def _reply(visit: Visit, session: Session, written: str) -> None:
    office, hire, request = visit.office, visit.hire, visit.request
    waiting = office.post.drafts(hire.person)
    length = sum(len(d.text) + 1 for d in waiting) + len(written)
    name = _scenario(visit, session.scenario).persona.name
    if len(waiting) >= MOST_AT_ONCE or length > LONGEST_REPLY:
        visit.answer(rendering.flood(name))
        return
    with visit.commit():
        office.post.draft(hire.person, _draft(visit, session.id, written, request.message or 0))
    office.stir(hire.person)


def _draft(visit: Visit, session_id: str, written: str, message: int) -> Draft:
    """A part of a reply; it waits for more, and until the customer has finished speaking."""
    office = visit.office
    last = office.post.last_due(visit.chat)
    due = max(office.clock(), last or 0.0) + office.pace.merge
    return Draft(message, session_id, written, due)


def edit(visit: Visit) -> None:
    """A message was changed: it counts until the customer has answered."""
    office, hire, request = visit.office, visit.hire, visit.request
    kept = hire.awaiting
    if kept is not None and kept.get("form") == UNSENT and kept["message"] == request.message:
        with visit.commit():
            office.members.set_awaiting(hire.person, {**kept, "text": request.text.strip()})
        return
    waiting = {d.message: d for d in office.post.drafts(hire.person)}
    old = waiting.get(request.message or 0)
    if old is None:
        session = current(visit)
        if session is None or session.phase != "conversation" or not session.turns:
            return
        visit.answer(rendering.edited_too_late(_scenario(visit, session.scenario).persona.name))
        return
    asked = asked_of_the_program(request.text.strip())
    session = current(visit)
    if asked and session is not None and session.phase == "conversation":
        # What the others wait with goes on as it was.
        with visit.commit() as answers:
            office.post.clear_drafts(hire.person)
            for other in waiting.values():
                if other.message != old.message:
                    office.post.draft(hire.person, other)
            answers.say(_aside_text(visit, session, asked))
        office.stir(hire.person)
        return
    with visit.commit():
        changed = _draft(visit, old.session_id, request.text.strip(), old.message)
        office.post.draft(hire.person, changed)
    office.stir(hire.person)


def again(visit: Visit) -> None:
    """Try a reply once more that could not be answered."""
    with visit.commit() as answers:
        answers.take_buttons()
    visit.office.stir(visit.hire.person)


def something_else(visit: Visit) -> None:
    """A voice message, a picture and the like."""
    name = talking_to(visit)
    what = visit.request.what or ("document" if visit.request.kind == "file" else "other")
    visit.answer(rendering.nothing_but_text(what, name))


def talking_to(visit: Visit) -> str | None:
    """The customer whom messages go to now; None: nobody."""
    session = current(visit)
    if session is None or session.phase != "conversation":
        return None
    return _scenario(visit, session.scenario).persona.name


def hint(visit: Visit) -> None:
    """What a good next reply would do."""
    session = _talking(visit)
    if session is None:
        return
    with visit.commit() as answers:
        _, text = visit.office.coach.hint(session)
        answers.say(rendering.hint(text))


def brief(visit: Visit) -> None:
    """The brief again."""
    session = _talking(visit)
    if session is not None:
        scenario = _scenario(visit, session.scenario)
        visit.answer(rendering.brief(scenario, visit.office.repertoire.words_by))


def pause(visit: Visit) -> None:
    """Stop for now."""
    session = _talking(visit)
    if session is None:
        return
    scenario = _scenario(visit, session.scenario)
    with visit.commit() as answers:
        visit.office.members.set_session(visit.hire.person, None)
        answers.say(rendering.paused(scenario), rows(("Go on", data("on", session.id))))


def _talking(visit: Visit) -> Session | None:
    """The conversation that is under way; if there is none, that is said."""
    session = current(visit)
    if session is not None and session.phase == "self_rating":
        with visit.commit() as answers:
            rating_question(visit.office, answers, session)
        return None
    if session is None or session.phase != "conversation":
        _no_conversation(visit)
        return None
    return session


def on(visit: Visit, session_id: str, unsent: str = "") -> None:
    """Go on with a conversation that was left off.

    ``unsent``: :data:`SEND` if what was written meanwhile goes to the customer now.
    """
    session = own(visit, session_id)
    waits = kept_unsent(visit, session) if unsent == SEND else None
    office, hire = visit.office, visit.hire
    if session.phase == "debrief":
        visit.answer(rendering.stale_button(), rows(("Practise", data("menu"))))
        return
    scenario = _scenario(visit, session.scenario)
    with visit.commit() as answers:
        if hire.session_id != session.id:
            _set_aside(visit, answers)
        office.members.set_session(hire.person, session.id)
        if not rated_so_far(office, session):
            office.members.set_awaiting(hire.person, None)
        answers.take_buttons()
        if session.phase == "self_rating":
            rating_question(office, answers, session)
            return
        if session.phase == "briefing":
            office.coach.sessions.save(machine.begin(session))
        answers.say(rendering.going_on(session, scenario))
        if waits is not None:
            draft = _draft(visit, session.id, waits["text"], int(waits["message"]))
            office.post.draft(hire.person, draft)
    if office.post.drafts(hire.person):
        office.stir(hire.person)


def end(visit: Visit) -> None:
    """Ask whether to end."""
    session = _talking(visit)
    if session is None:
        return
    name = _scenario(visit, session.scenario).persona.name
    visit.answer(
        rendering.end_question(name),
        (row(("Yes, end it", data("end", session.id)), ("No, go on", data("on", session.id))),),
    )


def really_end(visit: Visit, session_id: str) -> None:
    """End the conversation."""
    office, hire = visit.office, visit.hire
    session = own(visit, session_id)
    with visit.commit() as answers:
        answers.take_buttons()
        if session.over:
            return
        ended = office.coach.end(session)
        if ended.retry_of is not None:
            rated = office.coach.rate(ended, None)
            office.members.set_session(hire.person, None)
            office.post.clear_drafts(hire.person)
            retrying.show(office, answers, rated)
            return
        office.post.clear_drafts(hire.person)
        rating_question(office, answers, ended)


# --- Afterwards -----------------------------------------------------------------------------------


def rate(visit: Visit, session_id: str, given: str) -> None:
    """A rating of the hire's own, or none; after the last the debrief follows."""
    office = visit.office
    session = own(visit, session_id)
    values = [int(v) for v in given.split(",") if v.isdecimal() and 0 <= int(v) <= 100]
    # A button under an earlier question changes that answer, and loses none of the later ones.
    values += rated_so_far(office, session)[len(values) :]
    if session.phase == "conversation":
        visit.answer(rendering.stale_button())
        return
    if session.phase == "self_rating" and given != "-" and len(values) < len(DIMENSIONS):
        with visit.commit() as answers:
            next_rating(office, answers, session, values)
        return
    if session.phase == "debrief":
        with visit.commit() as answers:
            answers.take_buttons()
        return
    _rated(visit, session, None if given == "-" else values)


def _rated(visit: Visit, session: Session, values: Sequence[int] | None) -> None:
    """Go on to the debrief, with the hire's own ratings or without any."""
    office, hire = visit.office, visit.hire
    rating = None
    if values is not None:
        rating = SelfRating(**dict(zip(DIMENSIONS, map(float, values), strict=False)))
    rated = office.coach.without_trace().rate(session, rating)
    if retrying.stopped(rated):
        with visit.commit() as answers:
            answers.take_buttons()
            office.coach.sessions.save(rated)
            office.members.set_session(hire.person, None)
            _forget_ratings(visit)
            retrying.show(office, answers, rated)
        return
    shown = Shown.of(office, rated)
    with visit.commit() as answers:
        answers.take_buttons()
        office.coach.sessions.save(rated)
        office.members.set_session(hire.person, None)
        _forget_ratings(visit)
        # A trial is in no progress, so that nothing can have grown with it.
        shown.to(answers, None if is_trial(rated.scenario) else what_grew(office, hire.person))
    office.show(visit.chat, data("question", rated.id))


def _forget_ratings(visit: Visit) -> None:
    awaiting = visit.hire.awaiting
    if awaiting is not None and awaiting.get("form") == RATING:
        visit.office.members.set_awaiting(visit.hire.person, None)


def _set_aside(visit: Visit, answers: Answers) -> None:
    """Say where a conversation went when another takes its place, be it by an old button."""
    going = current(visit)
    if going is None or going.phase != "conversation" or not going.turns:
        return
    scenario = _scenario(visit, going.scenario)
    answers.say(rendering.set_aside(scenario), rows(("Back to that", data("on", going.id))))


def try_again(visit: Visit, session_id: str, turn: str) -> None:
    """A second attempt from a turn."""
    office, hire = visit.office, visit.hire
    session = own(visit, session_id)
    if not session.over or not turn.isdecimal():
        visit.answer(rendering.stale_button())
        return
    scenario = _scenario(visit, session.scenario)
    with visit.commit() as answers:
        _set_aside(visit, answers)
        branched = office.coach.retry(session, int(turn))
        office.members.set_session(hire.person, branched.id)
        office.members.set_awaiting(hire.person, None)
        office.post.clear_drafts(hire.person)
        answers.say(rendering.try_again(int(turn), scenario.persona.name))
        _customer_says(visit, answers, branched.waiting)


def cancel(visit: Visit) -> None:
    """Leave a form."""
    with visit.commit() as answers:
        visit.office.members.set_awaiting(visit.hire.person, None)
        answers.change(rendering.cancelled())


def _form(visit: Visit, awaiting: dict[str, Any], written: str) -> None:
    from coachbot.telegram.routing import FORMS

    handle = FORMS.get(awaiting.get("form", ""))
    if handle is None:
        visit.office.members.set_awaiting(visit.hire.person, None)
        visit.answer(rendering.stale_button())
        return
    handle(visit, awaiting, written)


def adds_no_more(visit: Visit) -> None:
    """Something else is asked for: what is written from now on belongs to no question any more."""
    member = visit.member
    if member is None:
        return
    if member.awaiting is not None and member.awaiting.get("form") in PASSING:
        visit.lets_go = True
    # A brief was left unless it is the very one that is begun, and then it has been read.
    visit.office.show(visit.chat, None)


def feel(visit: Visit, session_id: str, feeling: str = "") -> None:
    """How the session felt."""
    session = own(visit, session_id)
    if feeling not in ("1", "2", "3", "4", "5"):
        text, buttons = rendering.feeling_question(lambda n: data("feel", session.id, n))
        visit.answer(text, buttons)
        return
    with visit.commit() as answers:
        visit.office.reviewing.felt(session.id, int(feeling))
        answers.change(rendering.feeling_kept(int(feeling)))
    visit.office.show(visit.chat, data("question", session.id))
