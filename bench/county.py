"""A county of any size for measurements: every unit bound by every node, lived in for two months."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import cycle

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.db import transaction

from liaisons import roles
from liaisons.models import GroupMember, RoleGrant, Unit, UnitGroup, User
from liaisons.session_store import SessionStore
from reform import issue, moves
from reform.models import Milestone, MilestoneParty, Obligation, Party, Plan, Task
from reform.states import State, Verb
from xingxian_portal.foundation import clock


@dataclass(frozen=True)
class Made:
    """What was built: sessions of an officer and an administrator, and an act that changes one row."""

    officer: str
    admin: str
    cells: int
    change: Callable[[], None]


def build(units: int, nodes: int, *, issued_at: dt.datetime, now: dt.datetime) -> Made:
    """Build the county with its plan issued and some of it done; business time stands at `now`."""
    clock.start_demo(now)
    officer, admin = _account("officer", roles.OFFICER), _account("admin", roles.SYSTEM_ADMIN)
    plan = _plan(units, nodes)
    with clock.held_at(issued_at):
        issue.issue(plan, by=officer, at=issued_at)
    rows = list(Obligation.objects.order_by("pk"))
    _live(rows, random.Random(2022), issued_at)  # noqa: S311 - the same county in every run
    return Made(_session(officer), _session(admin), len(rows), _changer(rows))


def _account(username: str, role: roles.Role) -> User:
    user = User.objects.create_user(username, None, name=username)
    RoleGrant.objects.create(user=user, role=role.slug, granted_at=clock.now())
    return user


def _session(user: User) -> str:
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[-1]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    return str(session.session_key)


def _plan(units: int, nodes: int) -> Plan:
    group = UnitGroup.objects.create(code="all", name="全部单位")
    for number in range(units):
        kind = Unit.TOWNSHIP if number % 3 == 0 else Unit.DEPARTMENT
        unit = Unit.objects.create(
            code=f"u{number}", name=f"样例单位{number}", short_name=f"样例{number}", kind=kind, position=number
        )
        GroupMember.objects.create(group=group, unit=unit)
    plan = Plan.objects.create(
        code="bench", title="样例方案", document_number="样例发〔2022〕1号", issuer=Unit.objects.get(code="u1"),
        dated_on=dt.date(2022, 4, 13), term_ends_on=dt.date(2022, 12, 31),
    )  # fmt: skip
    for number in range(nodes):
        _node(plan, group, number)
    return plan


def _node(plan: Plan, group: UnitGroup, number: int) -> None:
    task, _ = Task.objects.get_or_create(
        plan=plan, code=f"t{number // 3}", defaults={"title": f"样例任务{number // 3}", "quote": "到期前完成。"}
    )
    due_on = dt.date(2022, 4, 20) + dt.timedelta(days=number * 8 % 250)  # within the plan's term
    milestone = Milestone.objects.create(
        task=task, code=f"n{number}", title=f"样例时间节点{number}", short_title=f"节点{number}", quote="到期前",
        kind="dated", due_on=due_on, position=number,
    )  # fmt: skip
    MilestoneParty.objects.create(milestone=milestone, group=group, role=Party.RESPONSIBLE, position=1)


@transaction.atomic
def _live(rows: list[Obligation], chance: random.Random, issued_at: dt.datetime) -> None:
    for row in rows:
        at = issued_at + dt.timedelta(days=chance.randint(1, 60))
        for verb, to, changes in _life(chance, at):
            moves.move(row, verb, to, by=None, at=at, **changes)


def _life(chance: random.Random, at: dt.datetime) -> Iterator[tuple[Verb, State, dict]]:
    filed = {"first_filed_at": at, "first_filed_on": at.date(), "last_filed_at": at}
    steps: list[tuple[Verb, State, dict]] = [
        (Verb.SIGN_FOR, State.DOING, {"signed_at": at}),
        (Verb.FILE, State.REVIEW, filed),
        (Verb.ACCEPT, State.CLOSED, {"accepted_at": at}),
    ]
    yield from steps[: chance.randint(0, 3)]


def _changer(rows: list[Obligation]) -> Callable[[], None]:
    following = cycle([row.pk for row in rows if row.state in (State.AWAITING, State.DOING)])

    def change() -> None:
        with transaction.atomic():
            row = moves.locked(next(following))
            moves.move(row, Verb.AMEND, row.state, by=None, reason="样例")

    return change
