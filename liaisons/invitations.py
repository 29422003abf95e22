"""Invitations: a link by which the owner of a new account chooses the password; signed, one use, expiring.

    path = invitations.invite(user, by=admin)      # "/invitation/?to=…", for a mail or a printed sheet

Nothing is stored but when it was made: the signature covers the password and that moment, so that a used link and one
that a newer one replaced no longer fit.
"""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.urls import reverse
from django.utils.crypto import constant_time_compare

from liaisons import accounts
from liaisons.models import User
from xingxian_portal.foundation import audit, clock
from xingxian_portal.foundation.keyed_digest import digest
from xingxian_portal.foundation.refusal import Refused

SALT = "liaisons.invitations"
OVER = "这个邀请链接已经用过、过期或被新的邀请代替。请直接登录，或请系统管理员重新邀请。"


def invite(user: User, *, by: User | None, note: str = "", at: dt.datetime | None = None) -> str:
    """Invite the owner of the account, whose earlier invitations are void; gives the link's path. Raises Refused.

    `by` is None where the portal itself invites; `note` says in the trail by which way the link goes.
    """
    with transaction.atomic():
        user = User.objects.select_for_update(of=("self",)).get(pk=user.pk)
        if not is_invitable(user):
            raise Refused("只能邀请已启用、还没有设过自己密码的账号；忘记密码请用“重置密码”。")
        user.invited_at = clock.real_now()
        user.save(update_fields=["invited_at"])
        audit.record("account.invite", by=by, subject=user, note=note, at=at)
    return path_of(user)


def path_of(user: User) -> str:
    """Give the path of the account's last invitation. Whoever has it may set the password: show it to nobody else."""
    return f"{reverse('invitation')}?to={_token(user)}"


def is_invitable(user: User) -> bool:
    """Say whether the account still waits for a password of its owner's own."""
    return user.is_active and user.must_change_password


def valid_until(user: User) -> dt.datetime | None:
    """Give when the account's invitation expires, None without one that could still be used."""
    if not user.invited_at or not is_invitable(user):
        return None
    until = user.invited_at + dt.timedelta(days=settings.PORTAL_INVITATION_DAYS)
    return until if until > clock.real_now() else None


def invited(token: str) -> User:
    """Give the account that the link with `token` invites to; raises Refused."""
    days = dt.timedelta(days=settings.PORTAL_INVITATION_DAYS)
    try:
        key, mark = signing.loads(token, salt=SALT, max_age=days)
    except (signing.BadSignature, TypeError, ValueError) as error:
        raise Refused(OVER) from error
    user = User.objects.select_related("unit").filter(pk=key).first()
    if user is None or not is_invitable(user) or not constant_time_compare(_mark(user), mark):
        raise Refused(OVER)
    return user


@transaction.atomic
def accept(token: str, password: str) -> User:
    """Set the password that the invited person chose, which the form has held to the rules; raises Refused."""
    user = invited(token)
    user = User.objects.select_for_update(of=("self",)).get(pk=user.pk)
    invited(token)  # once more under the lock: somebody may have used the link in between
    accounts.choose_password(user, password)
    return user


def _token(user: User) -> str:
    return signing.dumps([user.pk, _mark(user)], salt=SALT)


def _mark(user: User) -> str:
    return digest(f"{user.pk}:{user.password}:{user.invited_at.isoformat() if user.invited_at else ''}")
