"""What can be brought in as a workbook: each app offers its sheets at start, the page 导入 lists them by rights.

    imports.offer(RosterSheet, exports.PEOPLE)

A sheet says itself whom it admits and for what (`SheetResource.admits`, `subjects`).
"""

from __future__ import annotations

from liaisons import exports
from liaisons.models import Unit, User
from xingxian_portal.foundation.workbook.imports import ImportBatch
from xingxian_portal.foundation.workbook.resource import SheetResource

BASICS = "基础资料"
PARTS = (*exports.PARTS, BASICS)

_offered: dict[str, tuple[str, type[SheetResource]]] = {}


def offer(sheet: type[SheetResource], part: str) -> None:
    """Add a sheet to a part of the page; called when the portal starts. The same slug again takes the place of the first."""
    _offered[sheet.slug] = (part, sheet)


def named(slug: str, user: User) -> type[SheetResource] | None:
    """Give the sheet of this name if the user may bring it in."""
    _, sheet = _offered.get(slug, ("", None))
    return sheet if sheet and sheet.admits(user) else None


def all_sheets() -> dict[str, type[SheetResource]]:
    """Give every sheet by its slug."""
    return {slug: sheet for slug, (_, sheet) in _offered.items()}


def title_of(slug: str) -> str:
    """Give what a sheet is called, also one that its maker may not bring in any more."""
    return _offered[slug][1].title if slug in _offered else slug


def offered_to(user: User) -> list[tuple[str, list[type[SheetResource]]]]:
    """Give what the user may bring in, by the parts of the page."""
    mine = [(part, sheet) for part, sheet in _offered.values() if sheet.admits(user)]
    parts = [(part, [sheet for where, sheet in mine if where == part]) for part in PARTS]
    return [(part, found) for part, found in parts if found]


def opened(batch: ImportBatch, user: User) -> SheetResource | None:
    """Open the sheet of a batch for the user; None when it is not the user's to bring in (any more)."""
    kind = named(batch.sheet, user)
    return kind(by=user, subject=batch.subject) if kind else None


def may_leave_out(user: User) -> bool:
    """Say whether the user may import the good rows of a faulty workbook: the bureau's staff, each time on the record."""
    return bool(user.unit and user.unit.kind == Unit.BUREAU)
