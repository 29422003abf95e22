"""Accounts: made, closed, opened again, given a new password. Each act is one entry of the trail."""

from __future__ import annotations

import datetime as dt
import secrets
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction

from liaisons import password_rules, sessions
from liaisons.models import FormerPassword, Unit, User
from xingxian_portal.foundation import audit, clock
from xingxian_portal.foundation.refusal import Refused

# Without the letters and digits that look alike on paper: 0 O o 1 I l.
LETTERS = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"


def initial_password() -> str:
    """Give a password to be handed over once: four groups of four, about 92 bits."""
    return "-".join("".join(secrets.choice(LETTERS) for _ in range(4)) for _ in range(4))


def open_account(
    *, username: str, name: str, unit: Unit | None, by: User | None, at: dt.datetime | None = None
) -> tuple[User, str]:
    """Make an account without any role; give it and its password, which nobody can read later. Raises `Refused`."""
    password = initial_password()
    try:
        with transaction.atomic():
            user = User.objects.create_user(username, password, name=name, unit=unit, must_change_password=True)
            audit.record("account.open", by=by, subject=user, after=_facts(user), at=at)
    except IntegrityError as error:
        raise Refused("这个用户名已有人使用。", "username") from error
    return user, password


def amend(user: User, *, name: str, unit: Unit | None, by: User, at: dt.datetime | None = None) -> User:
    """Correct the name or the unit of an account; its roles stay as they are. Raises `Refused` for a leaver's."""
    with transaction.atomic():
        user = _locked(user)
        before = _facts(user)
        user.name, user.unit = name, unit
        user.save(update_fields=["name", "unit"])
        audit.record("account.amend", by=by, subject=user, before=before, after=_facts(user), at=at)
    return user


def disable(user: User, *, by: User, at: dt.datetime | None = None) -> User:
    """Close an account: whoever is logged in with it is out at the next click. Raises `Refused` for one's own."""
    if user.pk == by.pk:
        raise Refused("不能停用自己的账号。")
    return _switch(user, active=False, by=by, at=at)


def enable(user: User, *, by: User, at: dt.datetime | None = None) -> User:
    """Open a closed account again, with the roles and the password that it had. Raises `Refused` for a leaver's."""
    return _switch(user, active=True, by=by, at=at)


def reset_password(user: User, *, by: User, at: dt.datetime | None = None) -> str:
    """Give the account a new password to be changed at the next log-in; ends its sessions. Raises `Refused`."""
    if user.pk == by.pk:
        raise Refused("自己的密码请在“修改密码”里修改。")
    password = initial_password()
    with transaction.atomic():
        user = _locked(user)
        user.set_password(password)
        user.must_change_password, user.invited_at = True, None
        user.save(update_fields=["password", "must_change_password", "invited_at"])
        sessions.close(user)
        audit.record("account.reset_password", by=by, subject=user, at=at)
    return password


def choose_password(user: User, password: str, *, besides: str = "") -> None:
    """Set the password its owner chose, which the form has held to the rules; the one before stays barred for a while.

    All sessions but the one with the key `besides` end.
    """
    with transaction.atomic():
        _bar(user)
        user.set_password(password)
        user.must_change_password, user.password_set_at = False, clock.real_now()
        user.save(update_fields=["password", "must_change_password", "password_set_at"])
        sessions.close(user, besides)
        audit.record("account.choose_password", by=user, subject=user)


def _bar(user: User) -> None:
    if user.has_usable_password():
        FormerPassword.objects.create(user=user, password=user.password)
    kept = user.former_passwords.values_list("pk", flat=True)[: password_rules.BARRED]
    user.former_passwords.exclude(pk__in=list(kept)).delete()


def password_is_due(user: User) -> bool:
    """Say whether the account must change its password before anything else: given by somebody, or too old."""
    age = clock.real_now() - user.password_set_at if user.password_set_at else dt.timedelta(0)
    return user.must_change_password or 0 < settings.PORTAL_PASSWORD_DAYS <= age.days


def _switch(user: User, *, active: bool, by: User, at: dt.datetime | None) -> User:
    with transaction.atomic():
        user = _locked(user)
        if user.is_active == active:
            raise Refused(f"这个账号已经是{'启用' if active else '停用'}状态。")
        user.is_active, user.closed_at = active, None if active else at or clock.now()
        user.save(update_fields=["is_active", "closed_at"])
        sessions.close(user)
        audit.record("account.enable" if active else "account.disable", by=by, subject=user, at=at)
    return user


def _locked(user: User) -> User:
    user = User.objects.select_for_update(of=("self",)).get(pk=user.pk)
    if user.anonymised_at:
        raise Refused("这个账号的人已离任，个人信息已经删去，不能再用；请另建账号。")
    return user


def _facts(user: User) -> dict[str, Any]:
    # The trail names people by number: see `audit`.
    return {"unit": user.unit.code if user.unit else None, "active": user.is_active}
