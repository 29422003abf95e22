"""Who may act on which obligation; verbs ask here, pages and querysets show no more than this allows."""

from __future__ import annotations

from enum import IntEnum

from django.conf import settings

from liaisons.models import Unit, User
from liaisons.permissions import Permission
from reform.models import Obligation, Party


class Denied(Exception):
    """The person may not do this to this object; pages answer 404."""


class Sight(IntEnum):
    """How much of an obligation a person may see (rules: who opens a cell); each level includes those before."""

    NOTHING = 0
    LIGHT = 1  # the light and the sentence
    TEXT = 2  # text and dates of what was filed, not the attachments
    FILED = 3  # everything filed, not the drafts
    OWN = 4  # drafts too


def require(allowed: bool) -> None:
    """Raise Denied unless allowed."""
    if not allowed:
        raise Denied


def files_for(user: User, unit: Unit) -> bool:
    """Say whether `user` signs for, drafts and files for `unit`."""
    return unit.pk in user.unit_ids_with(Permission.FILE)


def cosigns_for(user: User, unit: Unit) -> bool:
    """Say whether `user` signs as 分管领导 of `unit`."""
    return unit.pk in user.unit_ids_with(Permission.COSIGN)


def reviews(user: User) -> bool:
    """Say whether `user` accepts and returns filings."""
    return user.may(Permission.REVIEW)


def decides(user: User) -> bool:
    """Say whether `user` decides extensions, exemptions and the like: 局领导, by a setting also a second officer."""
    second = settings.PORTAL_SECOND_OFFICER_DECIDES and user.may(Permission.REVIEW)
    return user.may(Permission.DECIDE) or second


def leads(user: User, obligation: Obligation) -> bool:
    """Say whether a unit of `user` leads the obligation's task: one query, for those who belong to a unit only."""
    units = user.unit_ids_with(Permission.READ_OWN)
    parties = obligation.milestone.task.parties.filter(role=Party.LEAD, unit_id__in=units)
    return bool(units) and parties.exists()


def sight(user: User, obligation: Obligation) -> Sight:
    """Say how much of `obligation` the user may see."""
    if obligation.unit_id in user.unit_ids_with(Permission.READ_OWN):
        return Sight.OWN
    if user.may(Permission.READ_ANY_FILING) or leads(user, obligation):
        return Sight.FILED
    if user.may(Permission.READ_ANY_TEXT):
        return Sight.TEXT
    return Sight.LIGHT if user.may(Permission.VIEW_WALL) else Sight.NOTHING
