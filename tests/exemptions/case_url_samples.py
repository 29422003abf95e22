"""Cases and pilots for the walk over every address: one that a visitor who may enter also finds."""

from __future__ import annotations

from typing import Any

from exemptions import pilots
from exemptions.cases import materials
from exemptions.cases.states import State
from exemptions.models import ExemptionCase, Pilot
from liaisons.models import User
from liaisons.permissions import Permission
from tests import files
from tests.cast import Cast
from tests.exemptions.case_samples import AT, JUNE_1, ordered, recorded


def _filer(cast: Cast, visitor: User | None) -> User:
    """Give somebody who files for the visitor's unit, 蔚汾镇's where the visitor files for none."""
    if visitor and visitor.unit_ids_with(Permission.FILE):
        return visitor
    return cast.weifen


def a_case(cast: Cast, visitor: User | None) -> dict[str, Any]:
    return {"pk": _case(_filer(cast, visitor)).pk}


def _case(by: User) -> ExemptionCase:
    there = ExemptionCase.objects.filter(unit=by.unit, state=State.CORRECTING).first()
    return there or ordered(by)


def a_draft(cast: Cast, visitor: User | None) -> dict[str, Any]:
    by = _filer(cast, visitor)
    there = ExemptionCase.objects.filter(unit=by.unit, state=State.DRAFT).first()
    return {"pk": (there or recorded(by)).pk}


def a_paper(cast: Cast, visitor: User | None) -> dict[str, Any]:
    return a_case(cast, visitor) | {"slug": "order"}


def a_file(cast: Cast, visitor: User | None) -> dict[str, Any]:
    by = _filer(cast, visitor)
    case = _case(by)
    there = case.files.first()
    return {"pk": (there or materials.attach(case, [files.pdf()], stage="inspection", by=by, at=AT)[0]).pk}


def a_pilot(cast: Cast, visitor: User | None) -> dict[str, Any]:
    by = _filer(cast, visitor)
    assert by.unit
    there = Pilot.objects.filter(unit=by.unit).first()
    return {
        "pk": (there or pilots.lay(by.unit, site="东关商业街", field=None, started_on=JUNE_1, plan="先试。", by=by)).pk
    }


SAMPLES = {
    **dict.fromkeys(
        ("exemption_case", "exemption_case_conditions", "exemption_case_check", "exemption_case_promise",
         "exemption_case_recheck", "exemption_case_void", "exemption_case_publicity", "exemption_case_attach", "exemption_case_serve",
         "exemption_case_confirm", "exemption_case_elsewhere"), a_case,
    ),
    **dict.fromkeys(("exemption_case_edit", "exemption_case_order", "exemption_case_decide"), a_draft),
    "exemption_case_paper": a_paper,
    **dict.fromkeys(("exemption_case_file", "exemption_case_detach"), a_file),
    **dict.fromkeys(("pilot", "pilot_edit", "pilot_progress", "pilot_close"), a_pilot),
}  # fmt: skip
