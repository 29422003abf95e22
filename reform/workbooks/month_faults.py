"""What is wrong with a row of a month's report besides its cells one by one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from reform import filing
from reform.models import Obligation, ReportLine
from reform.report_checks import LONGEST_ZERO_REASON
from reform.workbooks.month_cells import UNCHANGED, ZERO, name_of
from xingxian_portal.foundation.workbook.kinds import MOST_ACCEPTED
from xingxian_portal.foundation.workbook.plans import Change, Fault, Key, Values


def of_line(values: Values, tickable: Iterable[Obligation]) -> Iterator[Fault]:
    """Give what is wrong with a task's line: a duty to be closed that it has not, or of which it tells nothing."""
    accepted = [name_of(row) for row in tickable]
    asked = [name for name in values.get("closes", "").split("；") if name]
    if unknown := [name for name in asked if name not in accepted]:
        why = "" if accepted else "这一行没有可以随月报申请销号的事项。"
        yield Fault(
            "closes", why or f"这一行没有“{unknown[0]}”可以申请销号。", accepted[:MOST_ACCEPTED], "unknown_name"
        )
    elif asked and values.get("text", "") in ("", UNCHANGED):
        yield Fault("text", f"“{asked[0]}”申请销号，请写明完成情况。", code="missing")


def of_zero(values: Values) -> Iterator[Fault]:
    """Give what is wrong with the row of a 零报告: it says its reason and nothing else."""
    if values.get("text", "") == UNCHANGED:
        yield Fault("text", "请写明零报告的理由；不是零报告就空着。", code="missing")
    elif too_long := filing.longer_than_allowed("零报告的理由", values.get("text", ""), LONGEST_ZERO_REASON):
        yield Fault("text", too_long, code="too_long")
    for name in ("problem", "closes"):
        if values.get(name):
            yield Fault(name, "零报告的这一行只写理由，其他格子请空着。")


def contradicted(changes: Iterable[Change], there: Mapping[Key, Values]) -> Iterator[tuple[int, str]]:
    """Give the row of each 零报告 whose unit tells of something all the same, and why it cannot stand."""
    rows = {change.key: change for change in changes}
    told = {key: change.after for key, change in rows.items()}
    for (name, task, _), change in rows.items():
        if task == ZERO and change.after.get("text") and change.after != change.before:
            lines = (told.get(key, values) for key, values in there.items() if key[0] == name and key[1] != ZERO)
            if line := next(filter(_tells, lines), None):
                yield change.row, f"填了零报告，又在“{line['task']}”填了内容。请空着零报告，或清空填写的内容。"


def _tells(values: Values) -> bool:
    is_told = values.get("text", "") not in ("", UNCHANGED) or bool(values.get("problem"))
    return values["kind"] == ReportLine.PROGRESS and is_told
