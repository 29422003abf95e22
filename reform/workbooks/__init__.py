"""Workbooks about the plan: each module makes one, and says how it is offered on the page 通报与导出; or takes one in."""

from liaisons import exports
from reform.workbooks import (
    case_register,
    figure_sheet,
    figures,
    ledger,
    month,
    month_sheet,
    problem_list,
    review_scores,
    wall_chart,
)

EXPORTS = (
    ledger.EXPORT, month.EXPORT, wall_chart.EXPORT, figures.EXPORT, problem_list.EXPORT, review_scores.EXPORT,
    case_register.EXPORT,
)  # fmt: skip
SHEETS = (
    (month_sheet.MonthSheet, exports.WORK), (figure_sheet.FigureSheet, exports.WORK),
    (case_register.CaseRegisterSheet, exports.REVIEWS),
)  # fmt: skip
