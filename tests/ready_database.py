"""The empty test database, migrated once and kept: a copy of the file takes the place of seconds of migrations.

Kept under pytest's own cache by what made it, so a changed migration, a changed lock of packages or a changed module
that migrations call makes a new one. PostgreSQL is migrated each time.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import sys
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection

KEPT = 3
ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="session")
def kept_database(request: pytest.FixtureRequest) -> Path | None:
    """Give where the migrated file is or is to be kept; None where there is no cache or no SQLite."""
    cache = getattr(request.config, "cache", None)
    if cache is None or connection.vendor != "sqlite":
        return None
    return Path(cache.mkdir("databases")) / f"{_what_makes_it()}.sqlite3"


def _what_makes_it() -> str:
    """Give a digest of everything that decides what an empty database looks like."""
    digest = hashlib.sha256((ROOT / "requirements.txt").read_bytes())
    for app in sorted(apps.get_app_configs(), key=lambda app: app.label):
        if not Path(app.path).is_relative_to(ROOT / ".venv"):
            for path in sorted(Path(app.path, "migrations").glob("*.py")):
                digest.update(path.name.encode() + path.read_bytes())
    # Migrations have been imported by nobody yet: what they call is said here.
    for name in ("audit_guard", "audit", "clock", "sealed"):
        digest.update((ROOT / "xingxian_portal" / "foundation" / f"{name}.py").read_bytes())
    return digest.hexdigest()[:24] + f"-{sys.version_info.major}{sys.version_info.minor}"


@pytest.fixture(scope="session")
def django_db_keepdb(kept_database: Path | None) -> bool:
    """Say whether a migrated file is there to start from."""
    return kept_database is not None and kept_database.exists()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings: None, kept_database: Path | None, django_db_keepdb: bool
) -> None:
    """Lay the migrated file where the tests' database is expected, after its name was settled for this worker."""
    if django_db_keepdb and kept_database:
        shutil.copyfile(kept_database, str(settings.DATABASES["default"]["TEST"]["NAME"]))
        settings.DATABASES["default"]["TEST"]["MIGRATE"] = False  # nothing is left to do


@pytest.fixture(scope="session")
def django_db_setup(
    django_db_setup: None, django_db_blocker, kept_database: Path | None, django_db_keepdb: bool
) -> None:
    """Keep the file that was migrated; of two workers at once the later one wins, with the same content."""
    if django_db_keepdb or kept_database is None:
        return
    mine = kept_database.with_suffix(f".{os.getpid()}")
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute("VACUUM INTO %s", [str(mine)])
    mine.replace(kept_database)
    for old in sorted(kept_database.parent.glob("*.sqlite3"), key=lambda path: path.stat().st_mtime)[:-KEPT]:
        old.unlink(missing_ok=True)
