"""免罚案件台账: the cases that the list shows for the same question, with orders, rechecks and decisions."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import Prefetch

from exemptions.cases import first_offence, listing
from exemptions.forms.cases import CaseFilterForm
from exemptions.models import CaseOfficer, CorrectionOrder, ExemptionCase, FirstOffenceCheck
from exemptions.models.case import CaseQuerySet
from liaisons import exports
from liaisons.exports import Choice, Export, Made, Papers, Wish
from liaisons.models import Unit, User
from liaisons.permissions import Permission
from reform.workbooks import asking
from xingxian_portal.foundation import clock
from xingxian_portal.foundation.workbook.sheets import Column, Kind, Sheet

AT_ONCE = 500
COLUMNS = (
    Column("序号", 3, Kind.COUNT), Column("案件编号", 6, Kind.SHORT), Column("单位", 6, Kind.SHORT), Column("当事人", 10),
    Column("统一社会信用代码", 10, Kind.SHORT), Column("检查日期", 6, Kind.DAY), Column("违法行为", 14), Column("清单事项", 10),
    Column("免罚情形", 5, Kind.SHORT), Column("首违查询", 9), Column("执法人员", 9), Column("责令改正文号", 9), Column("改正期限", 6, Kind.DAY),
    Column("复查日期", 6, Kind.DAY), Column("复查结果", 5, Kind.SHORT), Column("决定", 7, Kind.SHORT), Column("决定文号", 9),
    Column("决定日期", 6, Kind.DAY), Column("估算免罚（元）", 6, Kind.AMOUNT), Column("教育情况", 9), Column("公示状态", 5, Kind.SHORT), Column("状态", 6, Kind.SHORT),
)  # fmt: skip


def may(user: User) -> bool:
    """Say whether the ledger goes out to `user`: to whom cases may be read, totals alone are not enough."""
    return user.may(Permission.READ_OWN) or user.may(Permission.READ_ANY_FILING)


def make(wish: Wish) -> Made:
    """Give the ledger of the cases asked for."""
    form = CaseFilterForm(wish.query, units=Unit.objects.all())
    rows = listing.matching(form.asked(), ExemptionCase.objects.visible_to(wish.user), clock.local_date(wish.at))
    count = rows.count()
    about = wish.about(scope=asking.scope(wish.user), filters=form.words(), count=count)
    sheet = Sheet("免罚案件", "包容免罚案件台账", about, COLUMNS, _rows(rows), paper="A3", frozen=4)
    return Made([sheet], count)


def _rows(cases: CaseQuerySet) -> Iterator[list[Any]]:
    brought = (
        Prefetch("handlers", CaseOfficer.objects.select_related("officer")),
        Prefetch("orders", CorrectionOrder.objects.select_related("number")),
        Prefetch("checks", FirstOffenceCheck.objects.prefetch_related("units")),
    )
    for number, case in enumerate(cases.with_names().prefetch_related(*brought).iterator(AT_ONCE), 1):
        yield [number, *_row(case)]


def _row(case: ExemptionCase) -> list[Any]:
    order, check = _last(case.orders.all()), _last(case.checks.all())
    return [
        case.number, case.unit.short_name, case.party_name, case.credit_code, case.discovered_on, case.conduct,
        str(case.item) if case.item else "未列入清单，直接适用第三十三条", case.get_kind_display(), _checked(check),
        "、".join(f"{row.officer.name}（{row.officer.certificate}）" for row in case.handlers.all()),
        str(order.number) if order else "", order.correct_by if order else None, order.rechecked_on if order else None,
        order.get_result_display() if order else "", case.get_decision_display(), str(case.decision_number or ""), case.decided_on,
        case.spared, case.education, case.get_publicity_display() if case.decision_number_id else "", case.get_state_display(),
    ]  # fmt: skip


def _last(rows: Any) -> Any:
    found = list(rows)
    return found[-1] if found else None


def _checked(check: FirstOffenceCheck | None) -> str:
    if check is None:
        return ""
    meant = {True: "；确认是初次", False: "；不是初次", None: "；未确认"}[check.is_first]
    return first_offence.said(check) + meant


def choices(user: User) -> list[Choice]:
    """Give what can be chosen on the page of exports."""
    offered = CaseFilterForm(units=Unit.objects.none()).offered
    found = [
        Choice(name, label, offered(name)) for name, label in (("state", "状态"), ("kind", "情形"), ("field", "领域"))
    ]
    return [*found, Choice("since", "检查日期从"), Choice("until", "到")]


EXPORT = Export(
    "exemption-cases",
    "免罚案件台账",
    "案件、首违查询、责令改正、复查和决定，一件一行。",
    exports.EXEMPTIONS,
    may,
    make,
    choices,
    asks=tuple(CaseFilterForm.base_fields),
)
PAPERS = Papers(
    "免罚案件文书",
    "责令改正通知书、不予处罚决定书等，在各案件页上下载 Word、打印。",
    exports.EXEMPTIONS,
    "exemption_cases",
    may,
)
