"""The app on a person's phone that shows a new code every half minute."""

from __future__ import annotations

import hashlib
import hmac
from base64 import b32encode
from binascii import unhexlify

from django.conf import settings
from django_otp.plugins.otp_totp.models import TOTPDevice


class Authenticator(TOTPDevice):
    """django-otp's device whose secret follows from its row and our key: the database alone shows no codes."""

    class Meta:
        proxy = True
        verbose_name = "动态码"
        verbose_name_plural = verbose_name

    @property
    def bin_key(self) -> bytes:
        """Give the secret shared with the app. The key must stay the same for ever: see `keyed_digest`."""
        return hmac.new(settings.DIGEST_KEY.encode(), unhexlify(self.key), hashlib.sha1).digest()

    @property
    def secret(self) -> str:
        """Give the secret as one types it into the app when the camera cannot read the picture."""
        return b32encode(self.bin_key).decode()
