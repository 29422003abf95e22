"""改派: a sheet whose reviewer may no longer review its file goes to another, by the rules of the draw.

Who changes unit in the middle of a round keeps the sheets given before; what they signed stays, what they did not is handed on.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass

from django.db import transaction
from django.db.models import QuerySet

from liaisons.models import User
from reform.case_review import eligibility, rounds, sheets, stages
from reform.case_review.sheets import Choice
from reform.models import CaseReview, ReviewRound, Stage
from xingxian_portal.foundation import clock
from xingxian_portal.foundation.refusal import Refused


@dataclass(frozen=True)
class Misplaced:
    """An unsigned sheet that must be handed on: why, and to whom it would go, nobody where all others are barred."""

    sheet: CaseReview
    why: str
    choice: Choice | None = None


def misplaced(round_: ReviewRound) -> list[Misplaced]:
    """Give the sheets of a round that must be handed on, in the order of the draw."""
    return [
        Misplaced(one.sheet, one.why, next(iter(sheets.free_for(one.sheet.drawn)), None))
        for one in _found(_unsigned().filter(drawn__round=round_))
    ]


def counted(found: Collection[ReviewRound]) -> Counter[int]:
    """Count the sheets to be handed on of several rounds, by the id of the round."""
    return Counter(one.sheet.drawn.round_id for one in _found(_unsigned().filter(drawn__round__in=found)))


def taken_from(user: User) -> list[Misplaced]:
    """Give the sheets that a reviewer has and may not go on with."""
    return _found(_unsigned().filter(reviewer__user=user))


def _unsigned() -> QuerySet[CaseReview]:
    rows = CaseReview.objects.filter(signed_at=None, drawn__round__stage=Stage.SCORING)
    return (
        rows.select_related("drawn__case_file__unit__successor", "drawn__round__organiser", "reviewer__user__unit")
        .prefetch_related("reviewer__conflicts", "reviewer__user__role_grants")
        .order_by("drawn__round", "drawn__number", "seat")
    )


def _found(rows: QuerySet[CaseReview]) -> list[Misplaced]:
    return [Misplaced(sheet, why) for sheet in rows if (why := eligibility.misplaced(sheet))]


@transaction.atomic
def reassign(sheet: CaseReview, user: User | None = None, *, by: User, at: dt.datetime | None = None) -> CaseReview:
    """Hand the sheet on, empty: to whoever of the round has least to do, or to `user`, seated if need be. Raises Refused, Denied."""
    at, round_ = at or clock.now(), stages.organised(sheet.drawn.round, by)
    stages.at(round_, Stage.SCORING, what="改派")
    drawn = sheets.locked_file(sheet.drawn_id)
    sheet = _unsigned().select_for_update(of=("self",)).filter(pk=sheet.pk).first() or sheet
    if sheet.signed_at or not eligibility.misplaced(sheet):
        raise Refused("这份评查表不需要改派，可能已经改派或签署。请刷新页面查看最新情况。")
    if user is None:
        choices = sheets.free_for(drawn)
        if not choices:
            raise Refused("本次的评查员里没有别人可以接这一卷，请另选一名评查员。")
        stand_in = choices[0].reviewer
    else:
        sheets.require_free(drawn, user, round_)
        stand_in = rounds.seated(round_, user, by=by, at=at)
    why = eligibility.misplaced(sheet)
    sheets.record("reassign", sheet, by, at, reviewer=sheet.reviewer.user_id, to=stand_in.user_id, why=why)
    sheets.hand_on(sheet, stand_in, at=at)
    sheet.refresh_from_db()
    return sheet
