"""Case files, reviewers and rounds for tests, brought to any stage through the verbs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from liaisons import roles
from liaisons.models import Unit, User
from reform.case_review import feedback, rounds, sheets
from reform.case_review.rounds import Quota, Scope
from reform.models import (
    CaseFile,
    CaseReview,
    DrawnFile,
    ReviewItem,
    ReviewRound,
    ReviewStandard,
    ReviewVeto,
    Stage,
)
from tests.factories import UnitFactory, UserFactory, moment

DAY = dt.date(2022, 5, 10)
AT = moment(dt.date(2022, 6, 1))
PERIOD = (dt.date(2022, 1, 1), dt.date(2022, 5, 31))
ROW = {"problem": "未写明起诉期限", "page": "21", "rule": "行政处罚法第五十九条"}


def a_standard(**given: Any) -> ReviewStandard:
    """Give an issued standard: two items of 10, one of 80, a veto that fails and one that bars."""
    values = {"code": "small", "name": "样例评查表", "issued_at": AT} | given
    standard = ReviewStandard.objects.create(**values)
    for place, (section, points, kind) in enumerate(
        [("立案", 10, "papers"), ("证据", 10, "facts"), ("决定", 80, "basis")], 1
    ):
        ReviewItem.objects.create(
            standard=standard, code=f"B{place}.1", section=section, title=f"{section}项", points=points,
            problem_class=kind, position=place,
        )  # fmt: skip
    ReviewVeto.objects.create(standard=standard, code="A01", text="主体不适格", position=1)
    ReviewVeto.objects.create(standard=standard, code="A02", text="涉企未讨论", effect=ReviewVeto.BAR, position=2)
    return standard


def a_file(unit: Unit, by: User, number: str = "1", **given: Any) -> CaseFile:
    """Give a registered case file."""
    values = {
        "number": f"样罚〔2022〕{number}号", "title": "未按规定公示", "party": "示例商行", "decided_on": DAY,
        "officers": ["承办甲", "承办乙"], "registered_at": AT, "registered_by": by,
    } | given  # fmt: skip
    return CaseFile.objects.create(unit=unit, **values)


def reviewers(*units: Unit) -> list[User]:
    """Give a reviewer of each of these units."""
    return [UserFactory(unit=unit, role=roles.REVIEWER) for unit in units]


def a_round(by: User, units: Sequence[Unit], per_unit: int = 1, **given: Any) -> ReviewRound:
    """Open a round of the bureau, or of the organiser given, over these units."""
    standard = given.pop("standard", None) or ReviewStandard.objects.filter(code="small").first() or a_standard()
    values = {
        "title": "样例评查", "organiser": by.unit, "period_from": PERIOD[0], "period_to": PERIOD[1], "units": list(units),
        "quotas": [Quota(CaseFile.PUNISHMENT, per_unit, standard)], "tolerance": Decimal(10),
    } | given  # fmt: skip
    return rounds.open_round(Scope(**values), by=by, at=AT)


def drawn(round_: ReviewRound, people: Sequence[User], *, by: User, seed: str = "20220601") -> ReviewRound:
    """Seal, draw, seat and declare."""
    rounds.seal(round_, by=by, at=AT)
    rounds.draw(round_, seed, by=by, at=AT)
    rounds.seat(round_, people, by=by, at=AT)
    for seat in round_.reviewers.select_related("user"):
        rounds.declare(seat, by=seat.user, at=AT)
    round_.refresh_from_db()
    return round_


def scoring(by: User, units: Sequence[Unit], people: Sequence[User], **given: Any) -> ReviewRound:
    """Give a round in which sheets wait."""
    round_ = drawn(a_round(by, units, **given), people, by=by)
    return rounds.start(round_, by=by, at=AT)


def three_units(by: User) -> list[Unit]:
    """Give three departments with a case file each."""
    units = UnitFactory.create_batch(3)
    for unit in units:
        a_file(unit, by)
    return units


def a_started_round(by: User, **given: Any) -> ReviewRound:
    """Give a round over three units, each with a file and a reviewer: every file has its third at hand too."""
    units = three_units(by)
    return scoring(by, units, reviewers(*units, UnitFactory(), UnitFactory()), **given)


def took(points: str, code: str = "B3.1", **given: str) -> dict[str, Any]:
    """Give what a sheet with one deduction holds as typed."""
    return {"absent": [], "items": {code: [ROW | {"points": points} | given]}, "vetoes": {}, "remark": ""}


CLEAN: dict[str, Any] = {"absent": [], "items": {}, "vetoes": {}, "remark": ""}
VETOED = CLEAN | {"vetoes": {"A01": ROW}}


def fill(sheet: CaseReview, content: dict[str, Any]) -> CaseReview:
    """Fill a sheet in and sign it as its reviewer."""
    by = sheet.reviewer.user
    sheets.save(sheet, content, by=by, at=AT)
    return sheets.sign(sheet, by=by, at=AT)


def score(file: DrawnFile, first: dict[str, Any], second: dict[str, Any], third: dict[str, Any] | None = None) -> None:
    """Have a file scored to the end."""
    for sheet, content in zip(file.sheets.order_by("seat"), (first, second), strict=True):
        fill(sheet, content)
    if third is not None:
        fill(file.sheets.get(seat=CaseReview.THIRD), third)
        return
    for sheet in file.sheets.order_by("seat"):
        sheets.join(sheet, by=sheet.reviewer.user, at=AT)


def fed_back(by: User, first: dict[str, Any] = CLEAN, **given: Any) -> ReviewRound:
    """Give a round whose files are scored and whose results are with the units; the first file was scored `first`."""
    round_ = a_started_round(by, **given)
    for place, file in enumerate(round_.drawn.all()):
        score(file, first if not place else CLEAN, first if not place else CLEAN)
    feedback.give_feedback(round_, dt.date(2022, 6, 8), by=by, at=AT)
    round_.refresh_from_db()
    assert round_.stage == Stage.FEEDBACK
    return round_
