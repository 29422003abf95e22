"""For the tests: a folder of its own that goes away with the process, SQLite, no queue, a quick password hash."""

from __future__ import annotations

import atexit
import os
import shutil
import sys
import tempfile

if "pytest" in sys.modules:  # the type checker reads this file too, and ends without cleaning up
    _folder = tempfile.mkdtemp(prefix="portal-tests-")
    atexit.register(shutil.rmtree, _folder, ignore_errors=True)
    os.environ["PORTAL_DATA_DIR"] = _folder

from xingxian_portal.settings.base import *  # reads the folder set above

# A file, as in the real portal: a live server's threads cannot share a database in memory.
DATABASES["default"]["TEST"] = {"NAME": str(DATA_DIR / "test.sqlite3")}
CELERY_BROKER_URL = "memory://"
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
PORTAL_LOGIN_RATE = PORTAL_PUBLIC_RATE = 0  # every test comes from the same address
# Static files are looked for when asked for: every client of a test would list them all anew.
WHITENOISE_AUTOREFRESH = True
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
AXES_ENABLED = False  # five wrong passwords of one test must not lock out another; tests of the lock turn it on
PORTAL_SECOND_FACTOR = False  # the cast logs in by password; tests of the second factor ask for it
# Taken out of the environment, or a process that a test starts would write to the database of the tests.
SERVER_URL = os.environ.pop("DATABASE_URL", "")
