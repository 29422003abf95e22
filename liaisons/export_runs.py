"""Big exports, written by a worker: asked for, claimed, written, taken up again when a worker is lost, cleared away.

A claim is a conditional UPDATE, so that of two workers one writes. Rights are checked anew when it is written: what
was taken from the asker meanwhile does not go out.
"""

from __future__ import annotations

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from typing import IO, Any

import structlog
from django.db import connection, transaction
from django.db.models import F, Q, QuerySet
from kombu.exceptions import OperationalError

from liaisons import exports
from liaisons.exports import Export, Made, Wish
from liaisons.models import ExportRun, User
from xingxian_portal.foundation import audit, clock, made_files
from xingxian_portal.foundation.refusal import Refused
from xingxian_portal.foundation.workbook.streamed import streamed

LOST_AFTER = dt.timedelta(minutes=3)  # without a sign of life
MOST_ATTEMPTS = 5
KEPT_FOR = dt.timedelta(days=7)
UNFINISHED_FOR = dt.timedelta(days=1)
GAVE_UP = "多次没有生成，请稍后重试，或联系系统管理员。"
logger = structlog.get_logger(__name__)


def ask(export: Export, wish: Wish, made: Made) -> ExportRun:
    """Have a worker write the export; gives the run, whose page shows how far it is."""
    with transaction.atomic():
        run = ExportRun.objects.create(
            slug=export.slug, title=made.name or export.title, query=dict(wish.query), in_full=wish.in_full, asked_by=wish.user,
            asked_at=clock.now(), as_of=wish.at, total=made.rows, seen_at=clock.real_now(),
        )  # fmt: skip
        audit.record("export.ask", by=wish.user, subject=run, after={"what": export.slug, "rows": made.rows})
    _hand_over(run.pk)
    return run


def _hand_over(pk: int) -> None:
    from liaisons.jobs import write_export

    try:
        write_export.apply_async((pk,), retry=False)
    except OperationalError:  # the next look at what waits takes it up
        logger.warning("export_not_queued", run=pk)


def take_up() -> int:
    """Hand over what waits and what a lost worker left; gives how many."""
    lost = Q(state=ExportRun.RUNNING, seen_at__lt=clock.real_now() - LOST_AFTER)
    keys = list(ExportRun.objects.filter(Q(state=ExportRun.WAITING) | lost).values_list("pk", flat=True))
    for pk in keys:
        _hand_over(pk)
    return len(keys)


def write(pk: int) -> bool:
    """Write the run's file, unless somebody else does or did; says whether it is written now."""
    now = clock.real_now()
    free = Q(state=ExportRun.WAITING) | Q(state=ExportRun.RUNNING, seen_at__lt=now - LOST_AFTER)
    rows = ExportRun.objects.filter(free, pk=pk)
    if not _set(rows, ExportRun.RUNNING, seen_at=now, written=0, attempts=F("attempts") + 1):
        return False
    run = ExportRun.objects.select_related("asked_by__unit").get(pk=pk)
    if run.attempts > MOST_ATTEMPTS:  # it took its workers down with it
        _fail(run, GAVE_UP)
        return False
    try:
        _write(run)
    except Refused as refusal:
        _fail(run, str(refusal))
    except Exception:
        logger.exception("export_failed", run=pk)
        if run.attempts < MOST_ATTEMPTS:
            _set(ExportRun.objects.filter(pk=pk), ExportRun.WAITING)
        else:
            _fail(run, GAVE_UP)
    return ExportRun.objects.filter(pk=pk, state=ExportRun.DONE).exists()


def _write(run: ExportRun) -> None:
    asker = User.objects.get(pk=run.asked_by_id)
    export = exports.named(run.slug, asker) if asker.is_active else None
    if export is None:
        raise Refused("你已没有导出这份材料的权限。")
    made = export.make(Wish(asker, run.as_of, run.query, run.in_full))

    def fill(out: IO[bytes]) -> None:
        # Rows are read while the file is written. On SQLite a connection that still reads cannot write any more once
        # somebody else has written, and is told so at once, whatever its patience: so a thread of its own tells.
        with ThreadPoolExecutor(1) as beside:
            streamed(made.sheets, out, tell=lambda count: beside.submit(_tell, run.pk, count).result())

    file = made_files.keep(f"{run.title}.xlsx", fill, by_id=asker.pk)
    with transaction.atomic():
        done = ExportRun.objects.filter(pk=run.pk, state=ExportRun.RUNNING)
        if not _set(done, ExportRun.DONE, file=file, written=made.rows, total=made.rows, seen_at=clock.real_now()):
            made_files.forget(file)  # another worker was quicker


def _set(runs: QuerySet[ExportRun], state: str, **more: Any) -> int:
    return runs.update(state=state, **more)


def _tell(pk: int, count: int) -> None:
    """Tell how far the run is; called in a thread, whose connection is its own and closed again."""
    try:
        ExportRun.objects.filter(pk=pk).update(written=count, seen_at=clock.real_now())
    finally:
        connection.close()


def _fail(run: ExportRun, why: str) -> None:
    _set(ExportRun.objects.filter(pk=run.pk), ExportRun.FAILED, trouble=why[:200])


def clear_away(at: dt.datetime | None = None) -> int:
    """Take away the files and rows of runs older than a week, and what killed writers left; gives how many."""
    now = at or clock.real_now()
    old = ExportRun.objects.filter(seen_at__lt=now - KEPT_FOR).select_related("file")
    for run in old:
        file = run.file
        run.delete()
        if file:
            made_files.forget(file)
    return len(old) + made_files.sweep(now - UNFINISHED_FOR)
