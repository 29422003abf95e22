"""Logging in with a code from one's phone as well: set up, asked for, given back when the phone is lost.

Compulsory for whoever administers, audits or reviews; in the demo, and where the settings say so, only offered. A
session is opened after the code alone, so that every session of an account with a second factor has passed it.
"""

from __future__ import annotations

import datetime as dt
import math
import secrets
from typing import Any

from django.conf import settings
from django.db import transaction
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken

from liaisons import roles, sessions
from liaisons.models import Authenticator, User
from liaisons.permissions import Permission as P
from xingxian_portal.foundation import audit, clock
from xingxian_portal.foundation.keyed_digest import digest
from xingxian_portal.foundation.refusal import Refused

# Whoever holds one of these could do harm to many.
COMPULSORY_FOR = frozenset({P.MANAGE_ACCOUNTS, P.GRANT_ROLES, P.READ_AUDIT, P.REVIEW, P.DECIDE})
RECOVERY_CODES = 10
DIGITS = 6
# Without the letters and digits that look alike on paper.
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
WRONG = "动态码不正确。请输入手机上正显示的 6 位数字；一个码只能用一次，手机时间须准确。"


def is_compulsory_for(user: User, *, in_demo: bool) -> bool:
    """Say whether the account must have a second factor."""
    return settings.PORTAL_SECOND_FACTOR and not in_demo and bool(user.permissions & COMPULSORY_FOR)


def begun(user: User) -> Authenticator:
    """Give the app that is being set up: a secret nobody has confirmed yet, the same until then."""
    with transaction.atomic():
        User.objects.select_for_update(of=("self",)).get(pk=user.pk)
        return Authenticator.objects.get_or_create(user=user, confirmed=False, defaults={"name": "app"})[0]


@transaction.atomic
def set_up(user: User, code: str, *, besides: str) -> list[str]:
    """Take the app into use that shows `code`; gives the recovery codes. All sessions but the one with the key `besides` end.

    Raises Refused for a wrong code and when there is an app already.
    """
    User.objects.select_for_update(of=("self",)).get(pk=user.pk)
    if Authenticator.objects.filter(user=user, confirmed=True).exists():
        raise Refused("动态码已经启用。")
    app = begun(user)
    if not app.verify_token(code):
        app.throttle_reset()  # the secret is on the screen: there is nothing to guess
        raise Refused(WRONG, "code")
    app.confirmed = True
    app.save(update_fields=["confirmed"])
    audit.record("second_factor.set_up", by=user, subject=user)
    sessions.close(user, besides)
    return _draw_codes(user)


@transaction.atomic
def new_codes(user: User) -> list[str]:
    """Give new recovery codes; those from before are void. Raises Refused without a second factor."""
    if not Authenticator.objects.select_for_update().filter(user=user, confirmed=True).exists():
        raise Refused("还没有启用动态码。")
    audit.record("second_factor.new_codes", by=user, subject=user)
    return _draw_codes(user)


def _draw_codes(user: User) -> list[str]:
    device, _ = StaticDevice.objects.get_or_create(user=user, defaults={"name": "codes"})
    device.token_set.all().delete()
    codes = [
        "-".join("".join(secrets.choice(LETTERS) for _ in range(4)) for _ in range(3)) for _ in range(RECOVERY_CODES)
    ]
    StaticToken.objects.bulk_create(StaticToken(device=device, token=_token(code)) for code in codes)
    return codes


def _token(code: str) -> str:
    # Their digests lie in the table, in the 16 characters that it has room for.
    plain = "".join(letter for letter in code.casefold() if letter.isalnum())
    return digest(plain)[:16] if plain else ""


def codes_left(user: User) -> int:
    """Count the recovery codes that were not used yet."""
    return StaticToken.objects.filter(device__user=user).count()


def check(user: User, code: str) -> None:
    """Take a code from the app, or a recovery code; raises Refused, for a while without looking after wrong ones."""
    kind: type[Any] = Authenticator if code.isascii() and code.isdigit() and len(code) == DIGITS else StaticDevice
    with transaction.atomic():
        # Locked: of two who send the same code at once only one may be let in.
        device = kind.objects.select_for_update().filter(user=user, confirmed=True).first()
        allowed, why = device.verify_is_allowed() if device else (True, {})
        passed = bool(device) and device.verify_token(code if kind is Authenticator else _token(code))
        if passed and kind is StaticDevice:
            audit.record("second_factor.use_code", by=user, subject=user)
    if not allowed:
        raise Refused(_wait(why), "code")
    if not passed:
        raise Refused(WRONG if kind is Authenticator else "恢复码不正确，或者已经用过；动态码是 6 位数字。", "code")


def _wait(why: dict[str, Any]) -> str:
    left = why["locked_until"] - clock.real_now()
    return f"输错次数过多，请等 {max(1, math.ceil(left / dt.timedelta(seconds=1)))} 秒后再试。"


@transaction.atomic
def give_up(user: User, *, in_demo: bool) -> None:
    """Do without the second factor; raises Refused where it is compulsory."""
    if is_compulsory_for(user, in_demo=in_demo):
        raise Refused("您的角色必须使用动态码，不能停用。换手机时请先停用旧的：找安全管理员重置。")
    if not forget(user):
        raise Refused("动态码已经停用。")
    audit.record("second_factor.give_up", by=user, subject=user)


def may_reset(by: User, user: User) -> bool:
    """Say whether `by` may take a lost second factor from `user`.

    The 安全管理员 does; that of a 安全管理员 the 系统管理员 does. Who gives new passwords is somebody else in both
    cases but the last, so no administrator alone comes into an auditor's or a reviewer's account.
    """
    holds_grants = any(grant.role == roles.SECURITY_ADMIN.slug for grant in user.grants)
    return by.pk != user.pk and by.may(P.MANAGE_ACCOUNTS if holds_grants else P.GRANT_ROLES)


@transaction.atomic
def reset(user: User, *, by: User, at: dt.datetime | None = None) -> None:
    """Take a lost second factor away: the account logs in by password and must set one up again. Raises Refused."""
    if not may_reset(by, user):
        raise Refused("动态码由安全管理员重置；安全管理员的由系统管理员重置，自己的不能重置。")
    if not forget(user):
        raise Refused("这个账号没有启用动态码。")
    sessions.close(user)
    audit.record("second_factor.reset", by=by, subject=user, at=at)


def forget(user: User) -> bool:
    """Take the second factor away as part of an act that has an entry of its own; says whether there was one."""
    StaticDevice.objects.filter(user=user).delete()
    return Authenticator.objects.filter(user=user).delete()[0] > 0
