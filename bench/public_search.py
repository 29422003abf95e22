"""What a public search costs: `python -m bench.public_search`.

The same queries with 50 hits through the real search, among 500 published items and among 50,000, turn by turn in one
run, each size in a database of its own. Among 50,000 a turn may cost 1.5 times what the one beside it costs among 500
(the median of the turns, so that others at work on the machine count for neither); the exit code is 1 when it is more.
`--database=postgres` measures on a PostgreSQL started for it instead of SQLite.
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
HITS, TURNS, SEARCHES, BUDGET = 50, 40, 10, 1.5
DAY = dt.date(2022, 6, 20)
SETTLING = {
    "sqlite": ("ANALYZE", "PRAGMA wal_checkpoint"),
    "postgresql": ("VACUUM (ANALYZE)", "CHECKPOINT"),
}
QUERIES = ("珠宝", "珠宝店", "珠")
FILLER = "经营者未按照规定办理变更登记备案使用不合格计量器具占用道路堆放物料超过期限没有及时改正"


def main() -> int:
    """Build, measure, print; give the exit code."""
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        os.environ |= {"PORTAL_DATA_DIR": folder, "DJANGO_SETTINGS_MODULE": "xingxian_portal.settings.base"}
        os.environ.pop("DATABASE_URL", None)
        if "--database=postgres" in sys.argv:
            from tests import servers

            os.environ["DATABASE_URL"] = stack.enter_context(servers.postgres())
        import django

        django.setup()
        logging.disable(logging.CRITICAL)
        return _run()


def _run() -> int:
    from django.core.management import call_command

    names = _two_databases()
    for size, name in names.items():
        _turn_to(name)
        call_command("migrate", verbosity=0)
        build(size)
    costs: dict[tuple[str, int], list[float]] = {(query, size): [] for query in QUERIES for size in names}
    for _ in range(TURNS):
        for size, name in names.items():
            _turn_to(name)
            for query in QUERIES:
                costs[query, size].append(measure(query))
    kept = [_said(query, costs[query, FEW], costs[query, MANY]) for query in QUERIES]
    return 0 if all(kept) else 1


def _said(query: str, few: list[float], many: list[float]) -> bool:
    ratio = statistics.median(large / small for small, large in zip(few, many, strict=True))
    print(f"{query}: {FEW} items {statistics.median(few):.2f} ms, {MANY} items {statistics.median(many):.2f} ms")
    print(f"{'kept' if ratio <= BUDGET else 'MISSED':8}{query}: at most {BUDGET} × ({ratio:.2f})")
    return ratio <= BUDGET


def _two_databases() -> dict[int, str]:
    from django.db import connection

    first = str(connection.settings_dict["NAME"])
    if connection.vendor == "sqlite":
        return {FEW: first, MANY: f"{first}-many"}
    with connection.cursor() as cursor:
        cursor.execute("CREATE DATABASE many")
    return {FEW: first, MANY: "many"}


def _turn_to(name: str) -> None:
    from django.db import connection

    connection.close()
    connection.settings_dict["NAME"] = name


def build(size: int) -> None:
    """Publish `size` items; 50 of them, spread over all, speak of the thing that is asked for."""
    from django.db import connection

    from exemptions.models import Item, PublicEntry

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


def measure(query: str) -> float:
    """Search again and again; give the median in milliseconds."""
    from exemptions import public_search

    asked, times = public_search.Asked(query), []
    for turn in range(-3, SEARCHES):
        started = time.perf_counter()
        found = public_search.find(asked, DAY)
        if turn >= 0:
            times.append((time.perf_counter() - started) * 1000)
    assert (found.total, len(found.items)) == (HITS, public_search.PER_PAGE)
    return statistics.median(times)


if __name__ == "__main__":
    sys.exit(main())
