"""Logging in: who may, what the trail keeps, and what a person is told who may not.

A password that is right opens a session, or for an account with a second factor the page that asks for the code;
until the code is given nobody is logged in.
"""

from __future__ import annotations

from django.contrib.auth import authenticate, login
from django.db import transaction
from django.http import HttpRequest

from liaisons import locking, second_factor, sessions
from liaisons.models import User
from liaisons.session_store import OPENED
from xingxian_portal.foundation import audit, clock
from xingxian_portal.foundation.refusal import Refused
from xingxian_portal.foundation.refusal_trail import Refusal, note

WAITING = "waiting_for_code"  # in the session: who has given the right password and must give a code
PATIENCE = 300  # seconds for it
MOST_CODES = 5  # wrong ones, until the password is asked for again
OVER = "等待时间过长或输错次数过多，请重新输入用户名和密码。"


def sign_in(request: HttpRequest, username: str, password: str) -> User:
    """Give the account that `username` and `password` open; raises `Refused`, which the trail then has."""
    user = authenticate(request, username=username, password=password)
    if isinstance(user, User) and user.is_active:
        return user
    known = User.objects.filter(username=username).first()
    if isinstance(user, User):
        _note_refusal(known, "账号已停用")
        raise Refused("这个账号已停用，请联系系统管理员。")
    locked = getattr(request, "axes_locked_out", False)
    _note_refusal(known, "登录已锁定" if locked else "用户名或密码不正确")
    raise Refused(locking.sentence(username) if locked else "用户名或密码不正确，请重新输入。")


def confirm(request: HttpRequest, user: User, password: str) -> None:
    """Make sure that it is `user` who sits there, before an act that a stolen session must not do; raises Refused."""
    if not authenticate(request, username=user.username, password=password):
        locked = getattr(request, "axes_locked_out", False)
        raise Refused(locking.sentence(user.username) if locked else "当前密码不正确。", "current")


def _note_refusal(known: User | None, why: str) -> None:
    # What was typed is not kept when it names nobody: people type their password into the wrong field.
    note(Refusal("session.open", subject=known, note=why))


def open_session(request: HttpRequest, user: User) -> None:
    """Open a session under a new key, with where it comes from."""
    with transaction.atomic():
        login(request, user, backend="liaisons.backends.AccountBackend")
        request.session.pop(WAITING, None)
        address = (audit.origin.get() or {}).get("address", "")
        device = sessions.device_of(request.META.get("HTTP_USER_AGENT", ""))
        request.session[OPENED] = {"at": clock.real_now().isoformat(), "address": address, "device": device}
        audit.record("session.open", by=user, subject=user)


def wait_for_code(request: HttpRequest, user: User) -> None:
    """Remember that `user` gave the right password; the session gets a new key already."""
    request.session.cycle_key()
    now = clock.real_now().timestamp()
    request.session[WAITING] = {
        "user": user.pk,
        "hash": user.get_session_auth_hash(),
        "until": now + PATIENCE,
        "wrong": 0,
    }


def waiting(request: HttpRequest) -> User | None:
    """Give who is waiting to give a code; None when nobody is, or no longer."""
    kept = request.session.get(WAITING)
    if not kept or kept["until"] < clock.real_now().timestamp() or kept["wrong"] >= MOST_CODES:
        return None
    user = User.objects.filter(pk=kept["user"], is_active=True).first()
    return user if user and user.get_session_auth_hash() == kept["hash"] else None


def check_code(request: HttpRequest, user: User, code: str) -> None:
    """Take the code of who is waiting; raises Refused, which the trail then has."""
    try:
        second_factor.check(user, code)
    except Refused as refusal:
        kept = request.session[WAITING]
        request.session[WAITING] = kept | {"wrong": kept["wrong"] + 1}
        _note_refusal(user, str(refusal))
        raise


def sign_out(user: User) -> None:
    """Note in the trail that `user` leaves."""
    with transaction.atomic():
        audit.record("session.close", by=user, subject=user)
