"""评查得分汇总: a round's files with their scores, units and problems compared, every deduction, as its page shows them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from liaisons import exports
from liaisons.exports import Choice, Export, Made, Wish
from liaisons.models import User
from liaisons.permissions import Permission
from reform.case_review import scores
from reform.case_review.outcomes import Outcome
from reform.case_review.round_sight import Sight
from reform.models import CaseReview, Deduction, ReviewRound
from reform.models.review_round import WITH_RESULTS
from xingxian_portal.foundation.refusal import Refused
from xingxian_portal.foundation.workbook.sheets import Column, Kind, Sheet

FILES = (
    Column("序号", 3, Kind.COUNT), Column("单位", 6, Kind.SHORT), Column("案卷编号", 9), Column("案由", 9),
    Column("类别", 4, Kind.SHORT), Column("评查一", 3.5, Kind.AMOUNT, "评分"), Column("评查二", 3.5, Kind.AMOUNT, "评分"),
    Column("复核", 3.5, Kind.AMOUNT, "评分"), Column("适用分值", 3.5, Kind.AMOUNT), Column("最终得分", 3.5, Kind.AMOUNT),
    Column("等次", 3.5, Kind.SHORT), Column("否决项", 7), Column("问题", 2.5, Kind.COUNT), Column("异议", 5, Kind.SHORT),
    Column("整改", 4, Kind.SHORT),
)  # fmt: skip
UNITS = (
    Column("名次", 4, Kind.COUNT), Column("单位", 12, Kind.SHORT), Column("卷数", 5, Kind.COUNT), Column("平均分", 6, Kind.AMOUNT),
    Column("上次平均分", 6, Kind.AMOUNT), Column("变化", 6, Kind.AMOUNT),
    *(Column(grade, 5, Kind.COUNT, "等次") for grade in scores.GRADES), Column("问题", 5, Kind.COUNT),
)  # fmt: skip
CLASSES = (
    Column("序号", 4, Kind.COUNT), Column("问题类别", 9, Kind.SHORT), Column("处数", 5, Kind.COUNT), Column("涉及卷数", 5, Kind.COUNT),
    Column("扣分", 6, Kind.AMOUNT), Column("平均每卷", 5, Kind.AMOUNT), Column("上次每卷", 5, Kind.AMOUNT), Column("主要问题", 30),
)  # fmt: skip
TAKEN = (
    Column("序号", 3, Kind.COUNT), Column("单位", 6, Kind.SHORT), Column("案卷编号", 9),
    Column("评查项目", 12), Column("问题", 16), Column("卷内页码", 3.5, Kind.SHORT), Column("依据", 10), Column("扣分", 3.5, Kind.AMOUNT),
    Column("评查员", 4, Kind.SHORT), Column("异议结果", 4, Kind.SHORT),
)  # fmt: skip


def may(user: User) -> bool:
    """Say whether results go out to `user`: of its own files, of all, or what is compared once it is made known."""
    return any(user.may(right) for right in (Permission.READ_OWN, Permission.READ_ANY_FILING, Permission.READ_ANY_TEXT))


def _rounds(user: User) -> list[ReviewRound]:
    """Give the rounds of which something may go out: all sheets in, and not of others' files alone."""
    rows = ReviewRound.objects.visible_to(user).filter(stage__in=WITH_RESULTS).select_related("organiser")
    sights = [Sight(one, user) for one in rows]
    return [sight.round for sight in sights if sight.shows_ranking or sight.own_units]


def make(wish: Wish) -> Made:
    """Give the sheets of the round asked for, of the newest when none is; raises Refused when there is none."""
    asked = wish.query.get("round", "")
    found = [one for one in _rounds(wish.user) if asked in ("", str(one.pk))]
    if not found:
        raise Refused("还没有已出结果的评查活动，没有可以导出的得分。")
    sight = Sight(found[0], wish.user)
    files = sorted(sight.files, key=_official)
    own = [_files(sight, wish, files), _taken(sight, wish, files)] if files else []
    compared = [_units(sight, wish), _classes(sight, wish)] if sight.shows_ranking else []
    sheets = [*own[:1], *compared, *own[1:]]
    return Made(sheets, len(files) or len(sight.places), name=f"{sight.round.title}得分汇总")


def _official(one: Outcome) -> tuple[int, str, int]:
    unit = one.drawn.case_file.unit
    return unit.position, unit.code, one.drawn.number


def _sheet(sight: Sight, wish: Wish, name: str, columns: Sequence[Column], rows: list[list[Any]]) -> Sheet:
    compares = columns in (UNITS, CLASSES)
    scope = "全部案卷" if compares or sight.sees_all else "本单位案卷"
    known = "已通报" if sight.round.is_known else "尚未通报"
    about = wish.about(scope=f"{scope}（{known}）", count=len(rows))
    return Sheet(name, f"{sight.round.title}{name}", about, columns, rows, frozen=2 if compares else 3)


def _files(sight: Sight, wish: Wish, files: Sequence[Outcome]) -> Sheet:
    return _sheet(sight, wish, "得分汇总", FILES, [_file(number, one) for number, one in enumerate(files, 1)])


def _file(number: int, one: Outcome) -> list[Any]:
    file = one.drawn.case_file
    seats = {sheet.seat: one.first_score_of(sheet).final for sheet in one.sheets}
    return [
        number, file.unit.short_name, file.number, file.title, file.get_kind_display(),
        *(seats.get(seat) for seat in (CaseReview.FIRST, CaseReview.SECOND, CaseReview.THIRD)),
        one.score.applicable, one.score.final, one.grade, _vetoes(one), len(one.faulty), _objections(one), _mending(one),
    ]  # fmt: skip


def _vetoes(one: Outcome) -> str:
    return "；".join(dict.fromkeys(str(taken.veto) for taken in one.problems if taken.veto))


def _objections(one: Outcome) -> str:
    held = sum(bool(objection.upheld) for objection in one.objections)
    return f"{len(one.objections)} 条，成立 {held}" if one.objections else ""


def _mending(one: Outcome) -> str:
    asked = getattr(one.drawn, "rectification", None)
    return asked.obligation.get_state_display() if asked else ""


def _units(sight: Sight, wish: Wish) -> Sheet:
    rows = [
        [place.place, place.unit.short_name, place.files, place.mean, place.before, place.change, *place.grades.values(), place.problems]
        for place in sight.places
    ]  # fmt: skip
    return _sheet(sight, wish, "单位排名", UNITS, rows)


def _classes(sight: Sight, wish: Wish) -> Sheet:
    rows = [
        [number, one.label, one.problems, one.files, one.points, one.per_file, one.before, "；".join(one.examples)]
        for number, one in enumerate(sight.classes, 1)
    ]
    return _sheet(sight, wish, "问题类别", CLASSES, rows)


def _taken(sight: Sight, wish: Wish, files: Sequence[Outcome]) -> Sheet:
    found = [(one, taken) for one in files for taken in one.deductions]
    rows = [_deduction(number, one, taken) for number, (one, taken) in enumerate(found, 1)]
    return _sheet(sight, wish, "扣分明细", TAKEN, rows)


def _deduction(number: int, one: Outcome, taken: Deduction) -> list[Any]:
    file = one.drawn.case_file
    return [
        number, file.unit.short_name, file.number, str(taken.item or taken.veto), taken.problem, taken.page, taken.rule,
        taken.points, taken.sheet.get_seat_display(), "已撤销" if taken.lifted_by_id else "",
    ]  # fmt: skip


def choices(user: User) -> list[Choice]:
    """Give the rounds to choose from, the newest first."""
    found = [(str(one.pk), one.title) for one in _rounds(user)]
    return [Choice("round", "评查活动", found)] if found else []


EXPORT = Export(
    "review-scores", "评查得分汇总", "一次评查的逐卷得分、单位排名、问题类别和扣分明细；通报前只有组织单位和本单位能看。", exports.REVIEWS,
    may, make, choices=choices, asks=("round",),
)  # fmt: skip
