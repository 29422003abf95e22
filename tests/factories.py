"""Rows for tests with only the fields that matter: `MilestoneFactory(monthly=True, binds=[town])`.

A plan made here is a draft; `issue.issue` brings it into force as in the portal. `ObligationFactory` makes a single
row with the Move that opened it, for tests that need no plan in force; its traits stand for a life lived until then.
"""

from __future__ import annotations

import datetime as dt

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from liaisons import roles
from liaisons.models import GroupMember, RoleGrant, Unit, UnitGroup, User
from reform import deadlines, moves
from reform.models import DataItem, Milestone, MilestoneParty, Move, Obligation, Party, Plan, Task, TaskParty
from reform.states import State, Verb

DATED_ON = dt.date(2022, 4, 13)


def moment(day: dt.date, hour: int = 9, minute: int = 0) -> dt.datetime:
    """Give a moment of Asia/Shanghai."""
    return timezone.make_aware(dt.datetime.combine(day, dt.time(hour, minute)))


class UnitFactory(DjangoModelFactory):
    """A department, or with a trait a township or the bureau; in the order in which they are made."""

    class Meta:
        model = Unit
        django_get_or_create = ["code"]

    class Params:
        township = factory.Trait(
            kind=Unit.TOWNSHIP,
            code=factory.Sequence(lambda n: f"1499{n:05}"),
            name=factory.LazyAttribute(lambda unit: f"{unit.short_name}人民政府"),
            short_name=factory.Sequence(lambda n: f"样例{n}镇"),
        )
        bureau = factory.Trait(kind=Unit.BUREAU, code="sfj", name="县司法局", short_name="县司法局")

    code = factory.Sequence(lambda n: f"bm-{n}")
    short_name = factory.Sequence(lambda n: f"样例{n}局")
    name = factory.LazyAttribute(lambda unit: f"兴县{unit.short_name}")
    kind = Unit.DEPARTMENT
    position = factory.Sequence(lambda n: n % 30000)
    confirmed = True


class GroupFactory(DjangoModelFactory):
    """A group with `units` as its members."""

    class Meta:
        model = UnitGroup
        skip_postgeneration_save = True

    code = factory.Sequence(lambda n: f"group-{n}")
    name = factory.Sequence(lambda n: f"样例群组{n}")
    confirmed = True

    @factory.post_generation
    def units(self, create, units, **kwargs):
        for unit in units or []:
            GroupMember.objects.create(group=self, unit=unit)


class UserFactory(DjangoModelFactory):
    """An account with one role, an officer of the bureau unless `role` says otherwise; `unit` is where it serves."""

    class Meta:
        model = User
        skip_postgeneration_save = True

    username = factory.Sequence(lambda n: f"user-{n}")
    name = factory.Sequence(lambda n: f"样例人{n}")
    unit = factory.SubFactory(UnitFactory, bureau=True)

    @factory.post_generation
    def role(self, create, role, **kwargs):
        role = role or roles.OFFICER
        own = self.unit if role.permissions & roles.OWN_UNIT else None
        RoleGrant.objects.create(user=self, role=role.slug, unit=own, granted_at=moment(DATED_ON))


class PlanFactory(DjangoModelFactory):
    """A draft of a plan of 13 April 2022 whose term ends with the year; `order=True` is a 交办."""

    class Meta:
        model = Plan

    class Params:
        order = factory.Trait(kind=Plan.ORDER, document_number="")

    code = factory.Sequence(lambda n: f"plan-{n}")
    # Far from the numbers that tests write out themselves.
    document_number = factory.Sequence(lambda n: f"样例发〔2022〕{1000 + n}号")
    title = factory.Sequence(lambda n: f"样例方案{n}")
    issuer = factory.SubFactory(UnitFactory, bureau=True)
    dated_on = DATED_ON
    term_ends_on = dt.date(2022, 12, 31)


def _add_parties(model, owner: dict, role: str, named) -> None:
    """Bind units and groups, in this order, in `role`."""
    start = model.objects.filter(**owner).count()
    for position, one in enumerate(named or [], start + 1):
        kind = "group" if isinstance(one, UnitGroup) else "unit"
        model.objects.create(**owner, **{kind: one}, role=role, position=position)


class TaskFactory(DjangoModelFactory):
    """A task of a plan; `leads=[unit]` names its 牵头单位."""

    class Meta:
        model = Task
        skip_postgeneration_save = True

    plan = factory.SubFactory(PlanFactory)
    code = factory.Sequence(lambda n: f"task-{n}")
    number = factory.Sequence(str)
    heading_path = ["二、任务分工", "（一）深入推进综合行政执法改革"]
    title = factory.Sequence(lambda n: f"样例任务{n}")
    quote = "各单位要在规定期限前完成这项工作，并报县司法局。"
    position = factory.Sequence(lambda n: n % 30000)

    @factory.post_generation
    def leads(self, create, units, **kwargs):
        _add_parties(TaskParty, {"task": self}, Party.LEAD, units)


class MilestoneFactory(DjangoModelFactory):
    """A milestone due on 30 June 2022, or of another kind by a trait; `binds=[unit or group, …]` names who owes it."""

    class Meta:
        model = Milestone
        skip_postgeneration_save = True

    class Params:
        undated = factory.Trait(kind=deadlines.UNDATED, due_on=None)
        monthly = factory.Trait(kind=deadlines.MONTHLY, due_on=None, day=21, short_title="月度报告")
        yearly = factory.Trait(kind=deadlines.YEARLY, due_on=None, months=[6, 12])
        continuous = factory.Trait(kind=deadlines.CONTINUOUS, due_on=None)

    task = factory.SubFactory(TaskFactory)
    code = factory.Sequence(lambda n: f"node-{n}")
    title = factory.Sequence(lambda n: f"样例节点{n}")
    short_title = factory.Sequence(lambda n: f"节点{n % 10000}")
    quote = "在规定期限前完成这项工作"
    kind = deadlines.DATED
    due_on = dt.date(2022, 6, 30)
    position = factory.Sequence(lambda n: n % 30000)

    @factory.post_generation
    def binds(self, create, named, **kwargs):
        _add_parties(MilestoneParty, {"milestone": self}, Party.RESPONSIBLE, named)


class DataItemFactory(DjangoModelFactory):
    """A count that a filing must carry."""

    class Meta:
        model = DataItem

    milestone = factory.SubFactory(MilestoneFactory)
    code = factory.Sequence(lambda n: f"item-{n}")
    label = factory.Sequence(lambda n: f"样例数据{n}")
    kind = DataItem.COUNT
    measure = "人"
    required = True


class ObligationFactory(DjangoModelFactory):
    """One unit's row of one milestone, opened with the plan and waiting to be signed for, and its first Move."""

    class Meta:
        model = Obligation
        skip_postgeneration_save = True

    class Params:
        doing = factory.Trait(state=State.DOING, signed_at=moment(DATED_ON, 16))
        filed = factory.Trait(
            doing=True,
            state=State.REVIEW,
            first_filed_on=dt.date(2022, 6, 1),
            first_filed_at=factory.LazyAttribute(lambda row: moment(row.first_filed_on, 10)),
            last_filed_at=factory.SelfAttribute("first_filed_at"),
        )
        closed = factory.Trait(
            filed=True,
            state=State.CLOSED,
            accepted_at=factory.LazyAttribute(lambda row: moment(row.first_filed_on, 17)),
        )

    milestone = factory.SubFactory(MilestoneFactory)
    series_id = factory.LazyAttribute(lambda row: row.milestone.task.plan.series_id)
    milestone_code = factory.SelfAttribute("milestone.code")
    occurrence = deadlines.ONCE
    unit = factory.SubFactory(UnitFactory, township=True)
    role = Party.RESPONSIBLE
    state = State.AWAITING
    opened_at = moment(DATED_ON, 15)
    due_on = factory.SelfAttribute("milestone.due_on")
    first_due_on = factory.SelfAttribute("due_on")

    @factory.post_generation
    def opening(self, create, given, **kwargs):
        Move.objects.bulk_create([moves.recorded(self, Verb.OPEN, "", by=None, at=self.opened_at)])
