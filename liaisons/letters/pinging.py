"""The dead man's switch: a call to an address outside of the machine, as long as all is well."""

from __future__ import annotations

import datetime as dt
import http.client
from urllib.parse import urlsplit

import structlog
from django.conf import settings

from liaisons.letters.watching import health

SECONDS = 10
logger = structlog.get_logger(__name__)


def ping(at: dt.datetime) -> bool:
    """Call the address of the settings; gives whether it answered. Silent when something is wrong, or without one."""
    if not settings.PORTAL_PING_URL or health(at).planner_is_late:
        return False
    address = urlsplit(settings.PORTAL_PING_URL)
    kind = http.client.HTTPSConnection if address.scheme == "https" else http.client.HTTPConnection
    line = kind(address.netloc, timeout=SECONDS)
    try:
        line.request("GET", f"{address.path or '/'}{'?' + address.query if address.query else ''}")
        return line.getresponse().status < 300
    except (OSError, http.client.HTTPException) as broken:
        logger.warning("ping_failed", why=str(broken))
        return False
    finally:
        line.close()
