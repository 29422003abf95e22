"""An object for each address of the case-file review, for the walk through all addresses."""

from __future__ import annotations

import datetime as dt
from typing import Any

from liaisons.models import Unit, User
from liaisons.permissions import Permission
from reform.models import (
    CaseDocument,
    CaseFile,
    CaseReview,
    DrawnFile,
    Objection,
    Rectification,
    ReviewRound,
    ReviewStandard,
    RoundReviewer,
    Stage,
)
from tests.cast import Cast
from tests.factories import ObligationFactory, moment
from tests.files import pdf
from tests.reform.case_review import rounds_of
from xingxian_portal.foundation import uploads

AT = moment(dt.date(2022, 6, 20))


def _unit(cast: Cast, visitor: User | None) -> Unit:
    unit = (visitor and visitor.unit) or cast.weifen.unit
    assert unit
    return unit


def a_standard(cast: Cast, _visitor: User | None) -> dict[str, Any]:
    """Give an issued standard."""
    found = ReviewStandard.objects.filter(code="small").first() or rounds_of.a_standard()
    return {"pk": found.pk}


def a_draft(cast: Cast, _visitor: User | None) -> dict[str, Any]:
    """Give a standard that can be edited."""
    return {"pk": ReviewStandard.objects.get_or_create(code="walk", name="草稿")[0].pk}


def _round(cast: Cast, visitor: User | None, stage: Stage) -> ReviewRound:
    """Give a round that the visitor sees, and runs if anybody does."""
    own = visitor and not visitor.may(Permission.READ_ANY_FILING) and visitor.unit and visitor.unit.kind != Unit.BUREAU
    runs = own and visitor and visitor.may(Permission.ORGANISE_OWN_REVIEWS)
    organiser = _unit(cast, visitor) if runs else cast.sfj.unit
    assert organiser
    round_ = ReviewRound.objects.create(
        title="样例评查", organiser=organiser, is_of_bureau=organiser.kind == Unit.BUREAU, period_from=AT.date(),
        period_to=AT.date(), stage=stage, created_at=AT, created_by=cast.sfjld, sealed_at=AT, seed="1", drawn_at=AT,
        drawn_by=cast.sfj, object_until=AT.date(), population=[["sfj", "punish", "1", 0]],
    )  # fmt: skip
    round_.units.set([_unit(cast, visitor)])
    return round_


def a_known_round(cast: Cast, visitor: User | None) -> dict[str, Any]:
    """Give a round that was made known."""
    return {"pk": _round(cast, visitor, Stage.PUBLISHED).pk}


def a_new_round(cast: Cast, visitor: User | None) -> dict[str, Any]:
    """Give a round that is being prepared."""
    return {"pk": _round(cast, visitor, Stage.PREPARING).pk}


def a_reviewer(cast: Cast, visitor: User | None) -> dict[str, Any]:
    """Give the seat of a reviewer in a round that is being prepared."""
    round_ = _round(cast, visitor, Stage.PREPARING)
    return {"pk": RoundReviewer.objects.get_or_create(round=round_, user=cast.pingcha)[0].pk}


def a_seat(cast: Cast, visitor: User | None) -> dict[str, Any]:
    """Give a round in which the visitor is a reviewer."""
    round_ = _round(cast, visitor, Stage.DRAWN)
    RoundReviewer.objects.create(round=round_, user=visitor or cast.pingcha)
    return {"pk": round_.pk}


def _file(cast: Cast, visitor: User | None) -> CaseFile:
    unit = _unit(cast, visitor)
    there = CaseFile.objects.filter(unit=unit, drawn__isnull=True).first()
    return there or rounds_of.a_file(unit, cast.sfj, number=str(CaseFile.objects.count()))


def a_file(cast: Cast, visitor: User | None) -> dict[str, Any]:
    """Give a case file of the visitor's unit."""
    return {"pk": _file(cast, visitor).pk}


def a_document(cast: Cast, visitor: User | None) -> dict[str, Any]:
    """Give a document of a file that the visitor has a sheet on or whose unit is theirs."""
    file = _drawn(cast, visitor).case_file
    return {"pk": CaseDocument.objects.create(case_file=file, file=uploads.store(pdf(), by_id=None)).pk}


def _drawn(cast: Cast, visitor: User | None) -> DrawnFile:
    round_ = _round(cast, visitor, Stage.FEEDBACK)
    standard = ReviewStandard.objects.get(**a_standard(cast, visitor))
    drawn = DrawnFile.objects.create(round=round_, case_file=_file(cast, visitor), standard=standard, number=1)
    people = [visitor or cast.pingcha, cast.sfj]
    for place, user in enumerate(dict.fromkeys(people), 1):
        seat = RoundReviewer.objects.create(round=round_, user=user)
        CaseReview.objects.create(drawn=drawn, reviewer=seat, seat=place, signed_at=AT, signed_name=seat.user.name)
    return drawn


def a_drawn_file(cast: Cast, visitor: User | None) -> dict[str, Any]:
    """Give a file of the visitor's unit whose result is fed back."""
    return {"pk": _drawn(cast, visitor).pk}


def a_sheet(cast: Cast, visitor: User | None) -> dict[str, Any]:
    """Give a sheet of the visitor."""
    return {"pk": _drawn(cast, visitor).sheets.get(seat=1).pk}


def an_opinion(cast: Cast, visitor: User | None) -> dict[str, Any]:
    """Give a round whose results are with the visitor's unit."""
    drawn = _drawn(cast, visitor)
    return {"pk": drawn.round_id, "unit_pk": drawn.case_file.unit_id}


def an_objection(cast: Cast, visitor: User | None) -> dict[str, Any]:
    """Give an objection to a file of the visitor's unit."""
    drawn = _drawn(cast, visitor)
    asked = {"text": "请复核。", "raised_at": AT, "raised_by": visitor or cast.weifen}
    return {"pk": Objection.objects.create(drawn=drawn, item=drawn.standard.items.first(), **asked).pk}


def a_notice(cast: Cast, visitor: User | None) -> dict[str, Any]:
    """Give a file of the visitor's unit that is to be mended."""
    drawn = _drawn(cast, visitor)
    duty = ObligationFactory(unit=drawn.case_file.unit)
    Rectification.objects.create(
        drawn=drawn, problems="一", owner="甲", obligation=duty, asked_at=AT, asked_by=cast.sfj
    )
    return {"pk": drawn.pk}


SAMPLES = {
    **dict.fromkeys(("review_bulletin", "review_bundle"), a_known_round),
    "review_opinion": an_opinion,
    "review_notice": a_notice,
    "review_round": a_known_round,
    **dict.fromkeys(("review_draw", "review_draw_text"), a_known_round),
    "review_round_edit": a_new_round,
    **dict.fromkeys(
        ("review_seal", "review_unseal", "review_seat", "review_start", "review_feedback", "review_publish",
         "review_archive"), a_new_round,
    ),
    "review_unseat": a_reviewer,
    "review_self_check": a_new_round,
    "review_declare": a_seat,
    **dict.fromkeys(("review_result", "review_score_sheet", "review_third", "review_object", "review_rectify"), a_drawn_file),
    "review_answer": an_objection,
    **dict.fromkeys(
        ("review_sheet", "review_sheet_save", "review_sheet_join", "review_sheet_dispute", "review_sheet_recuse",
         "review_reassign"), a_sheet
    ),
    **dict.fromkeys(("case_file", "case_file_edit", "case_file_remove", "case_documents", "case_elsewhere"), a_file),
    **dict.fromkeys(("case_document", "case_document_remove"), a_document),
    **dict.fromkeys(("review_standard", "review_standard_revise"), a_standard),
    **dict.fromkeys(("review_standard_edit", "review_standard_issue"), a_draft),
}  # fmt: skip

# Rounds, sheets and registers belong to those who run, score and keep them, whatever else one may read.
HIDDEN = (
    "review_bulletin", "review_bundle", "review_score_sheet", "review_round_edit", "review_seal", "review_unseal", "review_seat",
    "review_start", "review_feedback", "review_publish", "review_archive", "review_unseat",
    "review_declare", "review_sheet", "review_sheet_save", "review_sheet_join", "review_sheet_dispute",
    "review_sheet_recuse", "review_reassign", "case_file_edit", "case_elsewhere", "case_file_remove", "case_document_remove",
    "review_object",
)  # fmt: skip
HIDDEN_FROM_UNITS = ("review_round", "review_draw", "review_draw_text", "case_document")
