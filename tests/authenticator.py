"""The app on a person's phone, for tests: shows the code of the moment for a secret."""

from __future__ import annotations

import base64

from django_otp.oath import totp

from liaisons import second_factor
from liaisons.models import User


def code_of(secret: str, *, later: int = 0) -> str:
    """Give the code that an app with this secret shows now, or so many half minutes later."""
    return f"{totp(base64.b32decode(secret), drift=later):06}"


def set_up(user: User) -> tuple[str, list[str]]:
    """Give the account a second factor; gives the secret in the app and the recovery codes.

    The code of now is used up by that; that of the next half minute is taken already.
    """
    secret = second_factor.begun(user).secret
    return secret, second_factor.set_up(user, code_of(secret), besides="")
