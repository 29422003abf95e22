"""How fast the wall is: `python -m bench.wall`.

40 units × 30 nodes in a database of its own. In one run, turn by turn, through the whole stack (middleware, log-in,
templates), the wall is measured against an empty page with the same log-in, middleware and base template, and against
Django's stock administration listing 100 obligations. Read the ratios, not the milliseconds. The exit code is 1 when
a budget is missed.
"""

from __future__ import annotations

import datetime as dt
import io
import logging
import os
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any

UNITS, NODES, ROUNDS = 40, 27, 60
ISSUED = dt.datetime(2022, 4, 13, 7, tzinfo=dt.UTC)
TODAY = dt.datetime(2022, 6, 20, 1, tzinfo=dt.UTC)


@dataclass
class Course:
    """One thing measured, and what its median may be as a multiple of another's."""

    name: str
    address: str
    session: str
    before: Callable[[], None] = lambda: None
    times: list[float] = field(default_factory=list)

    @property
    def median(self) -> float:
        """Give the median in milliseconds."""
        return statistics.median(self.times)

    def p95(self) -> float:
        """Give the time in milliseconds that 19 of 20 stay below."""
        return sorted(self.times)[int(len(self.times) * 0.95)]


def main() -> int:
    """Build, measure, print; give the exit code."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"PORTAL_DATA_DIR": folder, "DJANGO_SETTINGS_MODULE": "xingxian_portal.settings.base"}
        os.environ.pop("DATABASE_URL", None)
        import django

        django.setup()
        logging.disable(logging.CRITICAL)
        return _run()


def _run() -> int:
    from django.conf import settings
    from django.core.management import call_command
    from django.test import override_settings

    from bench import county

    call_command("migrate", verbosity=0)
    made = county.build(UNITS, NODES, issued_at=ISSUED, now=TODAY)
    # As in a portal with several workers: or each request, the last to close the file, would fold up its journal.
    with closing(sqlite3.connect(settings.DATABASES["default"]["NAME"])) as other_worker:
        other_worker.execute("SELECT COUNT(*) FROM reform_move").fetchone()
        with override_settings(ROOT_URLCONF="bench.urls", ALLOWED_HOSTS=["localhost"]):
            courses = measure(_application(), made)
    return report(courses, made.cells)


def _application() -> Any:
    from xingxian_portal.wsgi import application

    return application


def measure(application: Any, made: Any) -> dict[str, Course]:
    """Ask for each page in turn, round after round; the first rounds only warm up."""
    courses = {
        "empty": Course("empty page", "/empty/", made.officer),
        "changed": Course("wall, something changed", "/wall/", made.officer, before=made.change),
        "same": Course("wall, nothing changed", "/wall/", made.officer),
        "past": Course("wall of a past day, changed", "/wall/?on=2022-05-31", made.officer, before=made.change),
        "admin": Course("stock admin list, 100 rows", "/stock/reform/obligation/", made.admin),
    }
    for turn in range(-5, ROUNDS):
        for course in courses.values():
            course.before()
            started = time.perf_counter()
            size = _get(application, course.address, course.session)
            if turn >= 0:
                course.times.append((time.perf_counter() - started) * 1000)
            assert size > 1000
    return courses


def _get(application: Any, address: str, session: str) -> int:
    path, _, question = address.partition("?")
    status: list[str] = []
    environ = {
        "REQUEST_METHOD": "GET", "PATH_INFO": path, "QUERY_STRING": question, "SERVER_NAME": "localhost",
        "SERVER_PORT": "80", "SERVER_PROTOCOL": "HTTP/1.1", "HTTP_HOST": "localhost", "REMOTE_ADDR": "127.0.0.1",
        "HTTP_COOKIE": f"sessionid={session}", "wsgi.url_scheme": "http", "wsgi.input": io.BytesIO(),
        "wsgi.errors": sys.stderr, "wsgi.version": (1, 0), "wsgi.multithread": False, "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }  # fmt: skip
    response = application(environ, lambda line, headers, error=None: status.append(line))
    size = sum(map(len, response))
    response.close()
    assert status == ["200 OK"], (address, status)
    return size


def report(courses: dict[str, Course], cells: int) -> int:
    """Print the table and the budgets; give the exit code."""
    empty = courses["empty"].median
    print(f"{cells} cells, median of {ROUNDS} interleaved rounds\n")
    print(f"{'':32}{'ms':>8}{'p95':>8}{'× empty':>9}")
    for course in courses.values():
        print(f"{course.name:32}{course.median:8.1f}{course.p95():8.1f}{course.median / empty:9.1f}")
    budgets = [
        ("changed: at most 8 × the empty page", courses["changed"].median / empty, 8.0, False),
        ("unchanged: at most 2 × the empty page", courses["same"].median / empty, 2.0, False),
        (
            "changed: at least 3 × faster than the stock list",
            courses["admin"].median / courses["changed"].median,
            3.0,
            True,
        ),
    ]
    print()
    kept = [_verdict(*budget) for budget in budgets]
    return 0 if all(kept) else 1


def _verdict(says: str, found: float, budget: float, at_least: bool) -> bool:
    kept = found >= budget if at_least else found <= budget
    print(f"{'kept' if kept else 'MISSED':8}{says}: {found:.1f}")
    return kept


if __name__ == "__main__":
    sys.exit(main())
