"""The story from the issue of the plan on 13 April 2022 to Monday 20 June 2022, 08:30.

What each unit did is drawn with a fixed seed, but for the named cases that show a rule: who is overdue, who was
returned, who asked for an extension. Acts run in the order of their moments, each at its business time.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

from django.utils import timezone

from reform import issue, openings
from reform.models import Obligation, Plan
from xingxian_portal.demo import bulletins, cases, exemption_cases, exemption_lists, people, reminding, reviews
from xingxian_portal.demo.acts import Actors
from xingxian_portal.foundation import clock
from xingxian_portal.foundation.workdays import Workdays

PLAN = "xsf-2022-10"
ISSUED = (dt.date(2022, 4, 13), 15, 20)
NOW = (dt.date(2022, 6, 20), 8, 30)


def moment(day: dt.date, hour: int, minute: int = 0) -> dt.datetime:
    """Give a moment of Asia/Shanghai."""
    return timezone.make_aware(dt.datetime.combine(day, dt.time(hour, minute)))


@dataclass(order=True)
class Act:
    """Something that happens at a moment; `number` keeps the order of acts of one moment."""

    at: dt.datetime
    number: int
    do: Callable[[dt.datetime], object] = field(compare=False)


class Story:
    """Collects the acts, then plays them in order."""

    def __init__(self, rng: random.Random, everybody: people.People, workdays: Workdays) -> None:
        self.rng, self.people, self.workdays = rng, everybody, workdays
        self.actors = Actors(everybody, rng)
        self.acts: list[Act] = []

    def add(self, at: dt.datetime, do: Callable[[dt.datetime], object]) -> None:
        """Put an act into the story; what would lie after its end is left out."""
        if at <= moment(*NOW):
            self.acts.append(Act(at, len(self.acts), do))

    def on(self, key: cases.Key, at: dt.datetime, do: Callable[[Obligation, dt.datetime], object]) -> None:
        """Put an act on one obligation, found only when it happens: later months do not exist before."""
        self.add(at, lambda when: do(cases.find(PLAN, key), when))

    def day_time(self, day: dt.date) -> dt.datetime:
        """Give an office hour of the working day on or before `day`."""
        day = self.workdays.on_or_before(day)
        return moment(day, self.rng.choice([9, 10, 11, 15, 16]), self.rng.randrange(60))

    def play(self) -> None:
        """Play all acts, each with the business clock held at its moment."""
        for act in sorted(self.acts):
            with clock.held_at(act.at):
                act.do(act.at)


def play() -> None:
    """Play the demo into a database that holds the facts only, and start the business clock at its end."""
    rng = random.Random(20220413)  # noqa: S311 - the story must come out the same everywhere
    with clock.held_at(moment(*ISSUED)):
        everybody = people.arrive(rng)
        plan = Plan.objects.get(code=PLAN)
        issue.issue(plan, by=everybody.officer, at=moment(*ISSUED))
    story = Story(rng, everybody, Workdays.load())
    for month in (dt.date(2022, 5, 5), dt.date(2022, 6, 1)):
        story.add(moment(month, 0, 10), openings.open_occurrences)
    _usual_course(story, plan)
    _named_cases(story)
    exemption_lists.tell(story.add, everybody, moment)
    exemption_cases.tell(story.add, everybody, moment)
    reviews.tell(story.add, everybody, moment)
    bulletins.tell(story.add, everybody, moment)
    for day in reminding.mornings(story.workdays):
        story.add(moment(day, 9), reminding.send)
    story.play()
    clock.start_demo(moment(*NOW))


def _usual_course(story: Story, plan: Plan) -> None:
    for key in cases.usual(plan, story.workdays):
        course = cases.course(key, story.rng)
        if course.signed and key.milestone != cases.REPORT:
            story.on(key, story.day_time(story.workdays.shift(ISSUED[0], story.rng.randint(1, 3))), story.actors.sign)
        if course.filed_on:
            _filed(story, key, course)


def _filed(story: Story, key: cases.Key, course: cases.Course) -> None:
    assert course.filed_on
    filed_at = story.day_time(course.filed_on)
    story.on(key, filed_at, story.actors.file)
    if course.review_after:
        reviewed = story.workdays.shift(filed_at.date(), course.review_after)
        story.on(key, story.day_time(reviewed), story.actors.accept)


def _named_cases(story: Story) -> None:
    _returned(story)
    _decided(story)
    _bureau(story)
    _weifen(story)


def _returned(story: Story) -> None:
    for case in cases.RETURNED:
        story.on(case.key, moment(case.filed_on, 16, 40), story.actors.file)
        story.on(case.key, moment(case.returned_on, 10, 15), partial(story.actors.send_back, case))
        if case.refiled_on:
            story.on(case.key, moment(case.refiled_on, 15, 5), story.actors.file)


def _decided(story: Story) -> None:
    for case in cases.PROPOSED:
        story.on(case.key, moment(case.asked_on, 9, 30), partial(story.actors.ask, case))
        if case.decided_on:
            story.on(case.key, moment(case.decided_on, 17, 10), partial(story.actors.grant, case))


def _bureau(story: Story) -> None:
    for case in cases.ON_BEHALF:
        story.on(case.key, moment(case.entered_on, 9, 20), partial(story.actors.enter, case))
        story.on(case.key, moment(case.entered_on, 16, 30), story.actors.accept_by_leader)
    for key, reason in cases.LAGGING:
        story.on(key, moment(dt.date(2022, 6, 10), 11, 0), partial(story.actors.mark_lagging, reason))
    story.add(moment(dt.date(2022, 5, 25), 9, 0), story.actors.assign_first_problem)


def _weifen(story: Story) -> None:
    key = cases.Key(cases.WEIFEN, "212-pilots")
    for title, planned, done in cases.WEIFEN_STEPS:
        story.on(key, moment(dt.date(2022, 5, 6), 10, 0), partial(story.actors.lay_step, title, planned))
        if done:
            story.on(key, moment(done, 17, 0), partial(story.actors.tick_off, title))
