"""What a public search costs: `python -m bench.public_search`.

The same queries with 50 hits through the real search, among 500 published items, then among 50,000, then among 500
again, so that a machine that grows slower meanwhile counts for both; in one run and a database of its own. The median
among 50,000 may be 1.5 times that among 500; the exit code is 1 when it is more. `--database=postgres` measures on a
PostgreSQL started for it, `--database=URL` on one of yours (an empty database) instead of SQLite.
"""

from __future__ import annotations

import datetime as dt
import logging
import os
import statistics
import sys
import tempfile
import time
from contextlib import ExitStack
from typing import Any

FEW, MANY = 500, 50_000
HITS, ROUNDS, BUDGET = 50, 200, 1.5
DAY = dt.date(2022, 6, 20)
SETTLING = {
    "sqlite": (
        "INSERT INTO exemptions_publicentry_fts(exemptions_publicentry_fts) VALUES ('optimize')",
        "ANALYZE", "PRAGMA wal_checkpoint",
    ),
    "postgresql": ("VACUUM (ANALYZE)", "CHECKPOINT"),
}  # fmt: skip
QUERIES = ("珠宝", "珠宝店", "珠")
FILLER = "经营者未按照规定办理变更登记备案使用不合格计量器具占用道路堆放物料超过期限没有及时改正"


def main() -> int:
    """Build, measure, print; give the exit code."""
    given = [word.partition("=")[2] for word in sys.argv[1:] if word.startswith("--database=")]
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        if given == ["postgres"]:
            from tests import servers

            given = [stack.enter_context(servers.postgres())]
        os.environ |= {"PORTAL_DATA_DIR": folder, "DJANGO_SETTINGS_MODULE": "xingxian_portal.settings.base"}
        os.environ |= {"DATABASE_URL": given[0]} if given else {}
        import django

        django.setup()
        logging.disable(logging.CRITICAL)
        return _run()


def _run() -> int:
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    kept = True
    medians: dict[tuple[str, int], list[float]] = {}
    for size in (FEW, MANY, FEW):
        build(size)
        for query in QUERIES:
            found, median = measure(query)
            medians.setdefault((query, size), []).append(median)
            print(f"{size:>7} items  {query}  {found:>3} hits  {median:7.3f} ms")
    for query in QUERIES:
        ratio = statistics.mean(medians[query, MANY]) / statistics.mean(medians[query, FEW])
        kept = kept and ratio <= BUDGET
        print(f"{'kept' if ratio <= BUDGET else 'MISSED':8}{query}: at most {BUDGET} × ({ratio:.2f})")
    return 0 if kept else 1


def build(size: int) -> None:
    """Bring the published items to `size`; 50 of them, spread over all, speak of the thing that is asked for."""
    from django.db import connection

    from exemptions.models import Item, PublicEntry

    Item.objects.all().delete()
    edition, every = _edition(), size // HITS
    conducts = (_conduct(number, number % every == 0) for number in range(size))
    rows = [
        Item(edition=edition, position=number % 30000, code=f"B-{number}", conduct=conduct, kind=Item.FIRST)
        for number, conduct in enumerate(conducts)
    ]
    Item.objects.bulk_create(rows, batch_size=2000)
    PublicEntry.objects.bulk_create(_entries(edition), batch_size=2000)
    _settle(connection)


def _settle(connection: Any) -> None:
    # What a bulk of rows leaves a database to do (counting, sweeping, writing out) is done before, not beside, the searches.
    with connection.cursor() as cursor:
        for statement in SETTLING[connection.vendor]:
            cursor.execute(statement)


def _edition() -> Any:
    from django.utils import timezone

    from exemptions.edition_states import State
    from exemptions.models import Edition, ExemptionList
    from liaisons.models import Unit, User

    unit, _ = Unit.objects.get_or_create(
        code="bench", defaults={"name": "样例局", "short_name": "样例局", "kind": "department"}
    )
    people = [User.objects.get_or_create(username=name, defaults={"name": name})[0] for name in ("filer", "officer")]
    now = timezone.now()
    row, _ = ExemptionList.objects.get_or_create(unit=unit)
    given = {
        "state": State.PUBLISHED, "filed_at": now, "filed_by": people[0], "recorded_at": now, "recorded_by": people[1],
        "record_number": "样例1号", "published_at": now, "published_by": people[0], "effective_from": dt.date(2022, 6, 1),
    }  # fmt: skip
    return Edition.objects.get_or_create(exemption_list=row, number=1, defaults=given)[0]


def _conduct(number: int, hit: bool) -> str:
    start = number * 7 % len(FILLER)
    words = (FILLER[start:] + FILLER[:start])[:24]
    return f"{'珠宝店' if hit else ''}{words}第{number}种"


def _entries(edition: Any) -> list[Any]:
    from exemptions import public_index

    return [public_index.entry_of(item, edition) for item in edition.items.in_full().order_by("pk")]


def measure(query: str) -> tuple[int, float]:
    """Search again and again; give the number of hits and the median in milliseconds."""
    from exemptions import public_search

    asked, times = public_search.Asked(query), []
    for turn in range(-10, ROUNDS):
        started = time.perf_counter()
        found = public_search.find(asked, DAY)
        if turn >= 0:
            times.append((time.perf_counter() - started) * 1000)
    assert len(found.items) == public_search.PER_PAGE
    return found.total, statistics.median(times)


if __name__ == "__main__":
    sys.exit(main())
