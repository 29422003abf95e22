"""A keyed digest: what stands for a personal value where the value itself must not stand.

The same value always gives the same digest, so that entries about one person can be told to belong together and
a telephone number can be searched for; without the key nobody can find the value by trying all numbers.
"""

from __future__ import annotations

import hashlib
import hmac

from django.conf import settings

LENGTH = 32  # hexadecimal digits: 128 bits


def digest(value: str) -> str:
    """Give the digest of `value` under `DIGEST_KEY`, 32 hexadecimal digits; "" of nothing.

    The key must not change: the audit trail and the searchable columns were written with it.
    """
    if not value:
        return ""
    return hmac.new(settings.DIGEST_KEY.encode(), value.encode(), hashlib.sha256).hexdigest()[:LENGTH]
