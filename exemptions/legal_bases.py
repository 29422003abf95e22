"""Legal bases: found or entered by who cites them; the bureau says when one was amended or repealed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import asdict, replace

from django.db import transaction
from django.db.models import Q

from exemptions import citations, rights, telling
from exemptions.citations import Citation
from exemptions.models import Item, ItemBasis, LegalBasis, Provisions
from liaisons.models import Unit, User
from reform.rights import require
from xingxian_portal.foundation import audit, clock
from xingxian_portal.foundation.refusal import Refused


def cited(text: str, field: str | None = None) -> Provisions:
    """Give the provisions that `text` cites, those that are new entered, none for an empty text; raises Refused.

    Without a version the newest one in force is meant.
    """
    return Provisions(dict.fromkeys(_entered(citation) for citation in citations.read_all(text, field)))


def _entered(citation: Citation) -> LegalBasis:
    place = asdict(citation)
    if not citation.version:
        place.pop("version")
        known = LegalBasis.objects.filter(**place).order_by("-version")
        held = known.filter(status=LegalBasis.IN_FORCE).first() or known.first()
        if held:
            return held
    return LegalBasis.objects.get_or_create(**asdict(citation))[0]


def newest_versions() -> dict[Citation, str]:
    """Give for every known provision, cited without a version, the version that is meant: the newest in force."""
    found: dict[Citation, tuple[bool, str]] = {}
    for basis in LegalBasis.objects.all():
        place = replace(_citation(basis), version="")
        found[place] = max(found.get(place, (False, "")), (basis.is_in_force, basis.version))
    return {place: version for place, (_, version) in found.items()}


def words_of(provisions: Provisions) -> str:
    """Give provisions as they are typed into a form; what is read from the words is the same again."""
    return "；".join(_citation(basis).words for basis in provisions)


def _citation(basis: LegalBasis) -> Citation:
    return Citation(basis.statute, basis.article, basis.paragraph, basis.clause, basis.version)


def citing(bases: Iterable[LegalBasis]) -> Q:
    """Give the filter for items that cite one of `bases`."""
    return Q(pk__in=ItemBasis.objects.filter(basis__in=bases).values("item"))


@transaction.atomic
def set_status(
    basis: LegalBasis,
    status: str,
    *,
    by: User,
    changed_on: dt.date | None,
    note: str = "",
    whole_statute: bool = False,
    at: dt.datetime | None = None,
) -> int:
    """Say that a provision, or its statute's whole version, was amended or repealed; gives how many provisions.

    The units whose lists cite it are told: the items are their worklist (动态调整). Raises Refused, Denied.
    """
    require(rights.records(by))
    at = at or clock.now()
    lapsed = status != LegalBasis.IN_FORCE
    if lapsed and changed_on is None:
        raise Refused("请填写修改或废止的日期。", "changed_on")
    same = LegalBasis.objects.filter(statute=basis.statute, version=basis.version)
    rows = list((same if whole_statute else same.filter(pk=basis.pk)).select_for_update().exclude(status=status))
    for row in rows:
        before = row.status
        row.status, row.changed_on, row.changed_by = status, changed_on if lapsed else None, by
        row.status_note = note.strip()
        row.save()
        after = {"status": status, "changed_on": row.changed_on}
        audit.record("basis.set_status", by=by, subject=row, before={"status": before}, after=after, note=note, at=at)
    if lapsed and rows:
        _tell(rows, by=by, at=at)
    return len(rows)


def _tell(bases: list[LegalBasis], *, by: User, at: dt.datetime) -> None:
    items = Item.objects.in_force_on(clock.local_date(at)).filter(citing(bases))
    units = Unit.objects.filter(exemption_lists__editions__items__in=items).distinct()
    first = bases[0]
    for unit in units:
        count = items.filter(edition__exemption_list__unit=unit).count()
        title = f"{first.title}{first.get_status_display()}，清单有{count}项要调整"
        key = f"lapse:{first.pk}:{first.status}:{first.changed_on}:{unit.pk}"
        telling.of_lapse(unit, title, body="请在清单里起草新版，改用现行依据。", by=by, key=key, at=at)
