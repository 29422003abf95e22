"""The register of 执法人员与证件: entered and corrected by their unit or the bureau; what lapses soon stands on top."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from liaisons import contacts
from liaisons.models import Officer, Unit, User
from xingxian_portal.foundation import audit
from xingxian_portal.foundation.refusal import Refused

SOON = dt.timedelta(days=60)
IDENTITY_NUMBER = re.compile(r"\d{17}[\dXx]")


def seen_by(user: User) -> QuerySet[Officer]:
    """Give the officers of the units whose contacts `user` sees."""
    rows = Officer.objects.select_related("unit", "field")
    return rows.filter(unit__in=contacts.units_seen_by(user)).order_by("unit__position", "unit__code", "pk")


def lapsing(rows: QuerySet[Officer], today: dt.date) -> QuerySet[Officer]:
    """Give those still serving whose certificate lapses within 60 days or has lapsed, the first to lapse first."""
    due = rows.filter(valid_until__lte=today + SOON).exclude(standing=Officer.LEFT)
    return due.order_by("valid_until", "pk")


@transaction.atomic
def enter(unit: Unit, *, by: User, at: dt.datetime | None = None, **values: Any) -> Officer:
    """Enter an officer of `unit`; raises Refused."""
    contacts.require_keeper(by, unit)
    officer = _saved(Officer(unit=unit, **values))
    audit.record("officer.create", by=by, subject=officer, unit_code=unit.code, after=_facts(officer), at=at)
    return officer


@transaction.atomic
def amend(officer: Officer, *, by: User, at: dt.datetime | None = None, **values: Any) -> Officer:
    """Correct an officer's data; the unit stays. Raises Refused."""
    officer = Officer.objects.select_for_update(of=("self",)).select_related("unit").get(pk=officer.pk)
    contacts.require_keeper(by, officer.unit)
    before = _facts(officer)
    for name, value in values.items():
        setattr(officer, name, value)
    _saved(officer)
    code = officer.unit.code
    audit.record("officer.amend", by=by, subject=officer, unit_code=code, before=before, after=_facts(officer), at=at)
    return officer


def _saved(officer: Officer) -> Officer:
    if IDENTITY_NUMBER.fullmatch(officer.certificate):
        raise Refused("这像是身份证号。平台不登记身份证号，请填写行政执法证件上的证号。", "certificate")
    try:
        with transaction.atomic():
            officer.save()
    except IntegrityError as error:
        raise Refused("这个执法证号已经登记过，请核对。", "certificate") from error
    return officer


def _facts(officer: Officer) -> dict[str, Any]:
    # The trail names people by number: see `audit`.
    return {"field": officer.field_id, "valid_until": officer.valid_until, "standing": officer.standing}
