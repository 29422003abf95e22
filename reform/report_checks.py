"""What keeps a monthly report from being filed, line by line and all at once."""

from __future__ import annotations

from reform import drafts, filing, monthly_lines
from reform.models import MonthlyReport, ReportLine, Submission
from reform.report_lines import tells
from reform.states import UNFILED

LONGEST_ZERO_REASON = 300


def check(draft: Submission) -> dict[str, str]:
    """Give what keeps the report from being filed, field by field; empty when it is complete."""
    lines = list(draft.report.lines.select_related("task").prefetch_related("closes__milestone__data_items"))
    if draft.report.is_zero:
        return _zero_problems(draft.report, lines)
    owed = {line.key for line in monthly_lines.wanted(draft.obligation)}
    if not owed and not any(map(tells, lines)):
        return {"": "本单位的任务都已销号，没有要填的行。请选“零报告”，写明情况后报送。"}
    found: dict[str, str] = {}
    for line in lines:
        found |= _line_problems(line, is_owed=line.key in owed)
    return found


def check_closing(filed: Submission) -> dict[str, str]:
    """Give what keeps the duties ticked on a report from being filed with it, line by line."""
    lines = filed.report.lines.select_related("task").prefetch_related("closes__milestone__data_items")
    return {f"line-{line.key}": found for line in lines if (found := _missing_for_closing(line))}


def _zero_problems(kept: MonthlyReport, lines: list[ReportLine]) -> dict[str, str]:
    found = {}
    if not kept.zero_reason.strip():
        found["zero_reason"] = "零报告须写明理由。"
    elif too_long := filing.longer_than_allowed("零报告的理由", kept.zero_reason, LONGEST_ZERO_REASON):
        found["zero_reason"] = too_long
    if not kept.zero_confirmed:
        found["zero_confirmed"] = "请勾选确认，零报告由报送人负责。"
    told = [line for line in lines if line.kind == ReportLine.PROGRESS and (tells(line) or line.problem.strip())]
    if told:
        found["is_zero"] = f"选了零报告，又在“{told[0].task.title}”填了内容。请不选零报告，或清空填写的内容。"
    return found


def _line_problems(line: ReportLine, *, is_owed: bool) -> dict[str, str]:
    found = {}
    if too_long := filing.longer_than_allowed("问题和需要协调的事项", line.problem):
        found[f"problem-{line.key}"] = too_long
    if text_problem := _text_problem(line, is_owed=is_owed) or _missing_for_closing(line):
        found[f"line-{line.key}"] = text_problem
    return found


def _text_problem(line: ReportLine, *, is_owed: bool) -> str:
    typed = bool(line.text.strip())
    if line.unchanged and typed:
        return f"“{line.task.title}”勾了“本月无变化”，又写了进展，请只留一样。"
    if is_owed and not line.unchanged and not typed:
        return f"“{line.task.title}”还没有填写；没有变化请点“本月无变化”。"
    return filing.longer_than_allowed(f"“{line.task.title}”", line.text)


def _missing_for_closing(line: ReportLine) -> str:
    for row in line.closes.all():
        if row.state not in UNFILED:
            continue
        if not tells(line):
            return f"“{row.milestone.title}”申请销号，请写明完成情况。"
        last = drafts.latest(row)
        if lacking := filing.value_problems(row, drafts.typed_values(last)):
            return f"“{row.milestone.title}”申请销号还缺数据：{''.join(lacking.values())}请先打开该事项填写并保存。"
        if too_long := filing.longer_than_allowed(f"“{row.milestone.title}”的工作情况", joined(last, line.text)):
            return too_long
    return ""


def joined(own: Submission | None, text: str) -> str:
    """Give the text to file for a ticked duty: what its own draft says already, then the line of the report."""
    before = own.text.strip() if own else ""
    return before if text.strip() in before else "\n".join(filter(None, [before, text.strip()]))
