"""评查表 of one file as .docx: every item with what each reviewer took, the reasons, the result, the joint signatures."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal

from django.utils import timezone

from reform.case_review import typed
from reform.case_review.outcomes import Outcome
from reform.models import CaseReview, Deduction
from xingxian_portal.foundation.official_document import OfficialDocument

NOTHING_TAKEN, NOT_APPLICABLE = "", "不适用"


def write(one: Outcome, issuer: str) -> bytes:
    """Give the sheet of a file whose reviewers have all signed."""
    file = one.drawn.case_file
    document = OfficialDocument(one.drawn.standard.name, issuer=issuer)
    document.table(
        ["案卷编号", "单位", "案由", "当事人"],
        [[file.number, file.unit.short_name, file.title, file.party]],
        widths=[4, 3, 4, 4],
    )
    document.heading("评查结果")
    document.paragraph(_result(one))
    document.heading("逐项评分")
    seats = [sheet.get_seat_display() for sheet in one.sheets]
    document.table(["评查项目", "分值", *seats], list(_items(one)), widths=[8, 2, *(2 for _ in seats)])
    document.heading("扣分理由")
    _reasons(document, one)
    document.heading("联合署名")
    document.table(["席位", "评查员", "单位", "签署", "署名"], [_signed(sheet) for sheet in one.sheets])
    return document.as_bytes()


def told(taken: Deduction) -> str:
    """Give one deduction in words: what it is about, the problem, page and rule."""
    return f"{taken.item or taken.veto}——{taken.problem}（第{taken.page}页，依据：{taken.rule}）"


def _result(one: Outcome) -> str:
    scored = "，".join(f"{sheet.get_seat_display()}{one.first_score_of(sheet).final}分" for sheet in one.sheets)
    how = "以复核评分为准" if len(one.sheets) >= CaseReview.THIRD else "取两人平均"
    lifted = "，异议成立的扣分已撤销" if any(taken.lifted_by_id for taken in one.deductions) else ""
    score = one.score
    scaled = f"，适用分值{score.applicable}分，折算成百分制" if score.is_scaled else ""
    return f"{scored}；{how}{lifted}{scaled}。最终得分{score.final}分，等次：{one.grade}。"


def _items(one: Outcome) -> Iterator[list[str]]:
    """Give the items with what was taken from each by each reviewer, as they signed it."""
    lost: dict[tuple[int, int], Decimal] = defaultdict(Decimal)
    for sheet in one.sheets:
        for taken in sheet.deductions.all():
            if taken.item_id:
                lost[sheet.pk, taken.item_id] += taken.points
    for item in one.drawn.standard.items.all():
        cells = [
            NOT_APPLICABLE if item.code in sheet.absent else _minus(lost[sheet.pk, item.pk], item.points)
            for sheet in one.sheets
        ]
        yield [str(item), typed.plain(item.points), *cells]


def _minus(lost: Decimal, points: Decimal) -> str:
    return f"-{typed.plain(min(lost, points))}" if lost else NOTHING_TAKEN


def _reasons(document: OfficialDocument, one: Outcome) -> None:
    found = [(sheet, taken) for sheet in one.sheets for taken in sheet.deductions.all()]
    for sheet, taken in found:
        what = (
            f"扣{typed.plain(taken.points)}分"
            if taken.item
            else f"否决项，{taken.veto.get_effect_display()}"
            if taken.veto
            else ""
        )
        lifted = "（异议成立，已撤销）" if taken.lifted_by_id else ""
        document.heading(f"{sheet.get_seat_display()}：{told(taken)}，{what}{lifted}。", 3)
    if not found:
        document.paragraph("没有扣分。")
    for sheet in one.sheets:
        if sheet.remark:
            document.paragraph(f"{sheet.get_seat_display()}总体意见：{sheet.remark}")


def _signed(sheet: CaseReview) -> list[str]:
    return [sheet.get_seat_display(), sheet.by_name, sheet.by_unit, _at(sheet.signed_at), _at(sheet.joined_at)]


def _at(moment: dt.datetime | None) -> str:
    return f"{timezone.localtime(moment):%Y-%m-%d %H:%M}" if moment else ""
