"""How a unit stands: its rates, what was returned to it, the problems it raised or is to answer."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Q

from liaisons.models import Unit, User
from liaisons.permissions import Permission
from reform.models import Obligation, Problem
from reform.rates import Rates, Row, rates
from reform.states import UNFILED


@dataclass(frozen=True)
class Standing:
    """A unit's rates as of a day, what it must mend, and its open problems."""

    rates: Rates
    returned: Sequence[Obligation]
    problems: Sequence[Problem]


def may_see(user: User, unit: Unit) -> bool:
    """Say whether `user` sees more of the unit than its lights: the bureau, county leaders, the unit itself."""
    return user.may(Permission.READ_ANY_TEXT) or unit.pk in user.unit_ids_with(Permission.READ_OWN)


def of(user: User, unit: Unit, duties: Iterable[Obligation], on: dt.date) -> Standing:
    """Give how the unit stands, from all its duties: one query more, for the problems.

    Only the bureau and the unit read what a problem says; to others none is given.
    """
    rows = list(duties)
    return Standing(
        rates((Row(row.state, row.due_on, row.first_filed_on) for row in rows), on),
        [row for row in rows if row.mend_by and row.state in UNFILED],
        list(_problems(user, unit)),
    )


def _problems(user: User, unit: Unit) -> Iterable[Problem]:
    if not user.may(Permission.REVIEW) and unit.pk not in user.unit_ids_with(Permission.READ_OWN):
        return []
    mine = Q(obligation__unit=unit) | Q(answerer=unit)
    return Problem.objects.filter(mine, answered_at__isnull=True).select_related("answerer", "obligation__unit")
