"""For work on the portal itself: errors in the browser, nothing else different from the embedded default."""

from __future__ import annotations

from xingxian_portal.settings.base import *

DEBUG = True
ALLOWED_HOSTS = ["*"]
