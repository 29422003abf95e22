"""Logging in: who may, what the trail keeps, and what a person is told who may not."""

from __future__ import annotations

from django.contrib.auth import authenticate
from django.db import transaction
from django.http import HttpRequest

from liaisons.models import User
from xingxian_portal.foundation import audit
from xingxian_portal.foundation.refusal import Refused
from xingxian_portal.foundation.refusal_trail import Refusal, note


def sign_in(request: HttpRequest, username: str, password: str) -> User:
    """Give the account that `username` and `password` open; raises `Refused`. Either way the trail has an entry."""
    user = authenticate(request, username=username, password=password)
    if isinstance(user, User):
        with transaction.atomic():
            audit.record("session.open", by=user, subject=user)
        return user
    known = User.objects.filter(username=username).first()
    disabled = known is not None and not known.is_active and known.check_password(password)
    _note_refusal(known, "账号已停用" if disabled else "用户名或密码不正确")
    raise Refused("这个账号已停用，请联系系统管理员。" if disabled else "用户名或密码不正确，请重新输入。")


def _note_refusal(known: User | None, why: str) -> None:
    # What was typed is not kept when it names nobody: people type their password into the wrong field.
    note(Refusal("session.open", subject=known, note=why))


def sign_out(user: User) -> None:
    """Note in the trail that `user` leaves."""
    with transaction.atomic():
        audit.record("session.close", by=user, subject=user)
