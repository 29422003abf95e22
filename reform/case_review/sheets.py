"""A reviewer's sheet: saved while one types, signed once, then signed jointly or handed to a third (复核).

Blind: nobody but its reviewer sees a sheet before both are signed; who decides between two sees both.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from liaisons.models import User
from reform import rights as reform_rights
from reform.case_review import eligibility, outcomes, rights, rounds, stages, telling, typed
from reform.case_review.outcomes import Standing
from reform.models import CaseReview, Deduction, DrawnFile, ReviewRound, RoundReviewer, Stage
from xingxian_portal.foundation import audit, clock
from xingxian_portal.foundation.refusal import Refused, Stale


class Misplaced(Refused):
    """The sheet is with somebody who may not review its file any more."""


class SheetRefused(Refused):
    """The sheet cannot be signed as it is; `errors` says why, by the name of the input."""

    def __init__(self, errors: dict[str, str]) -> None:
        super().__init__(f"有 {len(errors)} 处需要补充或更正，没有签署。填写的内容都已保存。")
        self.errors = errors


def mark(sheet: CaseReview) -> str:
    """Give the mark of what a page of this sheet shows; it changes with every change typed."""
    return f"{sheet.pk}.{sheet.revision}"


def _own(sheet: CaseReview, by: User) -> CaseReview:
    locked_file(sheet.drawn_id)
    rows = CaseReview.objects.select_for_update(of=("self",))
    found = rows.select_related("drawn__round__organiser", "drawn__standard", "drawn__case_file__unit", "reviewer").get(
        pk=sheet.pk
    )
    reform_rights.require(rights.scores(by, found))
    return found


def _unsigned(sheet: CaseReview, by: User, what: str) -> CaseReview:
    sheet = _own(sheet, by)
    stages.at(sheet.drawn.round, Stage.SCORING, what=what)
    if sheet.signed_at:
        raise Refused("这份评查表已经签署，扣分和否决项都不能再改。")
    _require_place(sheet, what)
    return sheet


def _require_place(sheet: CaseReview, what: str) -> None:
    # Since the sheet was given its reviewer may have changed unit, or the file's handlers may have been corrected.
    if why := eligibility.misplaced(sheet):
        raise Misplaced(f"不能再{what}：{why}，须由组织单位改派给别的评查员。")


@transaction.atomic
def save(
    sheet: CaseReview, content: Mapping[str, Any], *, seen: str | None = None, by: User, at: dt.datetime | None = None
) -> CaseReview:
    """Keep what was typed, right or wrong. Raises Stale when the page is out of date, Refused once it is signed."""
    sheet = _unsigned(sheet, by, "填写评查表")
    if content == sheet.typed:
        return sheet
    if seen is not None and seen != mark(sheet):
        raise Stale("这份评查表")
    sheet.typed, sheet.saved_at = dict(content), at or clock.now()
    sheet.revision += 1
    sheet.save(update_fields=["typed", "saved_at", "revision"])
    return sheet


@transaction.atomic
def sign(sheet: CaseReview, *, by: User, at: dt.datetime | None = None) -> CaseReview:
    """签署: what was typed becomes deductions for good. Raises SheetRefused with every fault, Refused, Denied."""
    at, sheet = at or clock.now(), _unsigned(sheet, by, "签署")
    reading = typed.read(sheet.drawn.standard, sheet.typed)
    if reading.faults:
        raise SheetRefused(reading.faults)
    Deduction.objects.bulk_create(
        Deduction(
            sheet=sheet, item=one.item, veto=one.veto, points=one.points, problem=one.problem, page=one.page,
            rule=one.rule,
        )
        for one in reading.taken
    )  # fmt: skip
    sheet.absent, sheet.remark, sheet.signed_at = reading.absent, sheet.typed.get("remark", "").strip(), at
    sheet.signed_name, sheet.signed_unit = by.name, by.unit.short_name if by.unit else ""
    if sheet.seat == CaseReview.THIRD:
        sheet.joined_at = at
    sheet.save(update_fields=["absent", "remark", "signed_at", "signed_name", "signed_unit", "joined_at"])
    record("sign", sheet, by, at, deductions=len(reading.taken))
    if sheet.seat != CaseReview.THIRD:
        _look_further(sheet.drawn, at)
    return sheet


def locked_file(pk: int) -> DrawnFile:
    """Give a drawn file, its row locked until the transaction ends."""
    # Before any of its sheets: two reviewers who sign at once wait for each other here, and the later sees both signed.
    return DrawnFile.objects.select_for_update(of=("self",)).select_related("round", "case_file__unit").get(pk=pk)


def _look_further(drawn: DrawnFile, at: dt.datetime) -> None:
    """After a signature: call the third where the two differ, ask for the joint signature where they do not."""
    result = outcomes.of_file(drawn.pk)
    if result.standing is Standing.NEEDS_THIRD:
        _call_third(result.drawn, at)
    elif result.standing is Standing.JOINT:
        people = [sheet.reviewer.user for sheet in result.sheets]
        _tell(people, f"请联合署名：{result.drawn.case_file}", result.drawn, f"joint:{drawn.pk}", at)


def _tell(people: Sequence[User], title: str, drawn: DrawnFile, key: str, at: dt.datetime) -> None:
    telling.tell(list(people), title, telling.DESK, round_=drawn.round, key=key, at=at)


def record(verb: str, sheet: CaseReview, by: User, at: dt.datetime, **after: Any) -> None:
    """Write the audit entry of an act on a sheet."""
    audit.record(f"case_review.{verb}", by=by, subject=sheet, after={"drawn": sheet.drawn_id} | after, at=at)


@transaction.atomic
def join(sheet: CaseReview, *, by: User, at: dt.datetime | None = None) -> CaseReview:
    """联合署名 of what the portal made of both sheets. Signing twice changes nothing. Raises Refused, Denied."""
    at, sheet = at or clock.now(), _own(sheet, by)
    stages.at(sheet.drawn.round, Stage.SCORING, what="署名")
    if sheet.joined_at:
        return sheet
    if outcomes.of_file(sheet.drawn_id).standing is not Standing.JOINT:
        raise Refused("这一卷现在不需要联合署名：两份评查表还没有都签署，或已交第三人复核。")
    sheet.joined_at = at
    sheet.save(update_fields=["joined_at"])
    record("join", sheet, by, at)
    return sheet


@transaction.atomic
def dispute(sheet: CaseReview, reason: str, *, by: User, at: dt.datetime | None = None) -> CaseReview:
    """提请复核: do not agree with the joint result and have a third decide. Raises Refused, Denied."""
    at, sheet = at or clock.now(), _own(sheet, by)
    stages.at(sheet.drawn.round, Stage.SCORING, what="提请复核")
    if not 0 < len(reason.strip()) <= 200:
        raise Refused("请写明提请复核的理由，200 字以内。", "reason")
    _require_place(sheet, "提请复核")
    drawn = sheet.drawn
    if outcomes.of_file(drawn.pk).standing is not Standing.JOINT:
        raise Refused("这一卷现在不能提请复核，请刷新页面查看最新情况。")
    drawn.dispute, drawn.disputed_at = reason.strip(), at
    drawn.save(update_fields=["dispute", "disputed_at"])
    drawn.sheets.update(joined_at=None)
    record("dispute", sheet, by, at)
    _call_third(drawn, at)
    sheet.refresh_from_db()
    return sheet


# ── the third, and stand-ins ───────────────────────────────


@dataclass(frozen=True)
class Choice:
    """Somebody who could take a sheet: their seat in the round and how many sheets they have."""

    reviewer: RoundReviewer
    load: int


def free_for(drawn: DrawnFile) -> list[Choice]:
    """Give the round's reviewers who may review this file and do not yet, who has least to do first."""
    round_ = ReviewRound.objects.select_related("organiser").get(pk=drawn.round_id)
    busy = set(drawn.sheets.values_list("reviewer_id", flat=True))
    seats = round_.reviewers.select_related("user").prefetch_related("conflicts", "sheets", "user__role_grants")
    choices = [
        Choice(seat, len(seat.sheets.all()))
        for seat in seats
        if seat.pk not in busy
        and eligibility.may_sit(seat.user, round_)
        and not eligibility.bar(seat.user, drawn.case_file, round_, eligibility.declared(seat.conflicts.all()))
    ]
    return sorted(choices, key=lambda one: (one.load, one.reviewer.pk))


def _call_third(drawn: DrawnFile, at: dt.datetime) -> None:
    choices = free_for(drawn)
    if not choices:
        round_ = ReviewRound.objects.select_related("organiser", "created_by").get(pk=drawn.round_id)
        people = telling.organisers(round_)
        _tell(people, f"请指定复核人：{drawn.case_file}", drawn, f"third:{drawn.pk}", at)
        return
    _seat_third(drawn, choices[0].reviewer, at)


def _seat_third(drawn: DrawnFile, reviewer: RoundReviewer, at: dt.datetime) -> CaseReview:
    sheet = CaseReview.objects.create(drawn=drawn, reviewer=reviewer, seat=CaseReview.THIRD)
    audit.record("case_review.third", subject=sheet, after={"drawn": drawn.pk, "reviewer": reviewer.user_id}, at=at)
    _tell([reviewer.user], f"请复核：{drawn.case_file}", drawn, f"third:{drawn.pk}:{reviewer.pk}", at)
    return sheet


@transaction.atomic
def name_third(drawn: DrawnFile, user: User, *, by: User, at: dt.datetime | None = None) -> CaseReview:
    """指定复核人 where the round's own reviewers are all barred or busy with the file. Raises Refused, Denied."""
    at, round_ = at or clock.now(), stages.organised(drawn.round, by)
    stages.at(round_, Stage.SCORING, what="指定复核人")
    drawn = locked_file(drawn.pk)
    if outcomes.of_file(drawn.pk).standing is not Standing.NEEDS_THIRD:
        raise Refused("这一卷不需要指定复核人，可能已经指定。")
    require_free(drawn, user, round_)
    return _seat_third(drawn, rounds.seated(round_, user, by=by, at=at), at)


def require_free(drawn: DrawnFile, user: User, round_: ReviewRound) -> None:
    """Raise Refused unless `user` may review this file and does not yet."""
    conflicts = round_.reviewers.filter(user=user).first()
    known = eligibility.declared(conflicts.conflicts.all()) if conflicts else eligibility.NONE_DECLARED
    if why := eligibility.bar(user, drawn.case_file, round_, known):
        raise Refused(f"{user}不能评查这一卷：{why}。", "user")
    if drawn.sheets.filter(reviewer__user=user).exists():
        raise Refused(f"{user}已经在评查这一卷。", "user")


@transaction.atomic
def recuse(sheet: CaseReview, reason: str, *, by: User, at: dt.datetime | None = None) -> None:
    """回避 a file met only now: the sheet goes, empty, to whoever has least to do. Raises Refused, Denied."""
    at, sheet = at or clock.now(), _unsigned(sheet, by, "回避")
    if not 0 < len(reason.strip()) <= 120:
        raise Refused("请写明回避的理由，120 字以内。", "reason")
    sheet.reviewer.conflicts.create(case_file_id=sheet.drawn.case_file_id, reason=reason.strip())
    drawn = sheet.drawn
    choices = free_for(drawn)
    if not choices:
        raise Refused("没有别的评查员可以接这一卷，请先联系组织单位增加评查员。")
    stand_in = choices[0].reviewer
    record("recuse", sheet, by, at, to=stand_in.user_id)
    hand_on(sheet, stand_in, at=at)


def hand_on(sheet: CaseReview, stand_in: RoundReviewer, *, at: dt.datetime) -> None:
    """Give an unsigned sheet, empty, to another reviewer and tell them."""
    CaseReview.objects.filter(pk=sheet.pk).update(
        reviewer=stand_in, typed={}, revision=sheet.revision + 1, saved_at=None
    )
    what = "复核" if sheet.seat == CaseReview.THIRD else "评查"
    key = f"stand-in:{sheet.pk}:{stand_in.pk}"
    _tell([stand_in.user], f"请{what}：{sheet.drawn.case_file}", sheet.drawn, key, at)
