"""A small county with a plan of every kind of node, issued through the verb, and its wall on any day."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction

from liaisons.models import Unit, UnitGroup, User
from reform import issue, moves, wall
from reform.models import Milestone, Obligation, Plan
from reform.states import State, Verb
from reform.wall_grid import Cell, Grid
from reform.wall_source import Source
from tests.factories import GroupFactory, MilestoneFactory, PlanFactory, TaskFactory, UnitFactory, UserFactory, moment
from xingxian_portal.foundation import clock

ISSUED = moment(dt.date(2022, 4, 13), 15)
TODAY = dt.date(2022, 6, 20)


def day(month: int, number: int) -> dt.date:
    """Give a day of the plan's year."""
    return dt.date(2022, month, number)


@dataclass
class County:
    """Two townships, two departments and the bureau; seven nodes, one of them monthly."""

    bureau: Unit
    market: Unit
    finance: Unit
    fen: Unit
    wa: Unit
    townships: UnitGroup
    plan: Plan
    officer: User
    nodes: dict[str, Milestone] = field(default_factory=dict)

    def row(self, unit: Unit, code: str, occurrence: str = "") -> Obligation:
        """Give the unit's row of a node."""
        occurrences = {"occurrence": occurrence} if occurrence else {}
        return Obligation.objects.get(unit=unit, milestone_code=code, **occurrences)


def county(*, issued: bool = True) -> County:
    """Make the county; its plan is issued on 13 April 2022 unless told otherwise."""
    bureau = UnitFactory(bureau=True, position=10)
    market, finance = UnitFactory(code="scj", short_name="县市场局"), UnitFactory(code="czj", short_name="县财政局")
    fen = UnitFactory(township=True, code="141123100", short_name="蔚汾镇")
    wa = UnitFactory(township=True, code="141123102", short_name="瓦塘镇")
    townships = GroupFactory(code="townships", name="各乡镇人民政府", units=[wa, fen])
    plan = PlanFactory(code="plan", document_number="样例发〔2022〕1号")
    made = County(bureau, market, finance, fen, wa, townships, plan, UserFactory(unit=bureau))
    _add_nodes(made)
    if issued:
        issue.issue(plan, by=made.officer, at=ISSUED)
        plan.refresh_from_db()
    return made


def _add_nodes(made: County) -> None:
    led = TaskFactory(plan=made.plan, code="led", title="组建挂牌任务", leads=[made.bureau])
    free = TaskFactory(plan=made.plan, code="free", title="清单任务")
    towns, departments = [made.townships], [made.market, made.finance]
    nodes = [
        MilestoneFactory(task=led, code="set-up", short_title="组建挂牌", title="组建挂牌", binds=towns),
        MilestoneFactory(task=led, code="register", yearly=True, binds=towns),
        MilestoneFactory(task=led, code="coach", undated=True, binds=[made.bureau, *towns]),
        MilestoneFactory(task=free, code="list", due_on=day(4, 30), binds=[made.market, *towns]),
        MilestoneFactory(task=free, code="rules", undated=True, binds=[made.market]),
        MilestoneFactory(task=free, code="report", monthly=True, binds=[*departments, *towns]),
        MilestoneFactory(task=led, code="always", continuous=True, binds=[made.finance, *towns]),
    ]
    made.nodes = {node.code: node for node in nodes}


def grid(on: dt.date = TODAY, today: dt.date = TODAY, plan: str = "") -> Grid:
    """Give the wall of a day, freshly made."""
    source = Source.read(plan)
    assert source
    return wall.of(source, on, today)


def cells(found: Grid) -> dict[tuple[str, str, str], Cell]:
    """Give a grid's cells by unit, node and occurrence."""
    return {(cell.unit.code, *cell.column.key): cell for cell in found.cells}


def lights(found: Grid, code: str, occurrence: str = "once") -> dict[str, str]:
    """Give the lights of one column by unit, roll-ups aside."""
    column = [cell for cell in found.cells if cell.column.key == (code, occurrence) and not cell.rollup]
    return {cell.unit.code: cell.light.value for cell in column}


@transaction.atomic
def close(row: Obligation, on: dt.date, filed_on: dt.date | None = None) -> None:
    """Lead a row to 已销号 on a day, filed on the same day or an earlier one."""
    at = moment(on, 17)
    file(row, filed_on or on)
    moves.move(moves.locked(row.pk), Verb.ACCEPT, State.CLOSED, by=None, at=at, accepted_at=at, mend_by=None)


@transaction.atomic
def file(row: Obligation, on: dt.date) -> None:
    """Lead a row to 待审核 on a day."""
    at, row = moment(on, 10), moves.locked(row.pk)
    first = row.first_filed_on or on
    moves.move(
        row, Verb.FILE, State.REVIEW, by=None, at=at, last_filed_at=at,
        first_filed_on=first, first_filed_at=row.first_filed_at or at,
    )  # fmt: skip


@transaction.atomic
def lead(row: Obligation, verb: Verb, to: State, on: dt.date, **changes: Any) -> None:
    """Lead a row through any other move on a day."""
    moves.move(moves.locked(row.pk), verb, to, by=None, at=moment(on, 11), **changes)


def it_is(on: dt.date) -> None:
    """Let business time be nine o'clock of a day, for requests as well."""
    clock.start_demo(moment(on))
