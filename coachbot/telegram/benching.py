"""A trainer asks for a bench, or wants one no more. Who plays it is in ``bencher``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coachbot.coaching.bench_jobs import MOST_WAITING
from coachbot.coaching.permissions import demand
from coachbot.telegram import rendering, trainer
from coachbot.telegram.menus import data, rows
from coachbot.telegram.rendering import benching as texts

if TYPE_CHECKING:
    from coachbot.coaching.bench_jobs import BenchJob
    from coachbot.telegram.messages import Keyboard
    from coachbot.telegram.visit import Visit


def stop_button(job: int) -> Keyboard:
    """Ends a bench that was asked for."""
    return rows(("Stop the bench", data("unbench", job)))


def bench(visit: Visit, key: str, version: str) -> None:
    """Have scripted agents play a version; it begins when those asked for before are over."""
    office, hire = visit.office, visit.hire
    file, scenario = trainer.found(visit, key, version)
    demand(hire, "bench_scenario", team=file.team)
    jobs = office.benching.jobs
    with visit.commit() as answers:
        trainer.put_aside(visit, answers)
        waiting = jobs.waiting()
        same = [job for job in waiting if _of(job) == (file.scenario, file.version)]
        if same:
            mine = same[0].person == hire.person
            answers.say(
                texts.asked_already(scenario.title, file.version, mine=mine),
                stop_button(same[0].id),
            )
            return
        if len(waiting) >= MOST_WAITING:
            answers.say(texts.too_many(len(waiting)))
            return
        job = jobs.add(file.scenario, file.version, hire.person, office.benching.now())
        answers.say(
            texts.begins(scenario.title, file.version, len(waiting)),
            stop_button(job.id),
            bench=job.id,
        )
    office.bench_changed()


def _of(job: BenchJob) -> tuple[str, int]:
    return job.scenario, job.version


def stop(visit: Visit, number: str) -> None:
    """A bench is not wanted any more."""
    office, hire = visit.office, visit.hire
    job = office.benching.jobs.get(int(number)) if number.isdecimal() else None
    if job is None:
        with visit.commit() as answers:
            answers.take_buttons()
            answers.say(texts.over_already())
        return
    file = office.publishing.files.get(job.scenario, job.version)
    if job.person != hire.person:
        # Whoever can't see the scenario isn't told that it is there either.
        if file is None or file.team not in hire.teams:
            visit.answer(rendering.stale_button())
            return
        demand(hire, "bench_scenario", team=file.team)
    title = trainer.title_of(visit, file) if file is not None else job.scenario
    with visit.commit() as answers:
        if office.benching.jobs.end(job.id):
            answers.change(texts.stopped(title, job.version))
        else:
            answers.say(texts.over_already())
    office.bench_changed()
