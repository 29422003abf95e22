"""Jobs about people: letters, big workbooks out and in; timed in `xingxian_portal.schedule`. Each may run twice or late and does no harm."""

from __future__ import annotations

from celery import shared_task

from liaisons import export_runs, import_runs, leavers, locking, sessions
from liaisons.letters import gathering, pinging, sending
from xingxian_portal.foundation import clock
from xingxian_portal.foundation.workdays import Workdays

SHARE = 500  # letters for which another worker is asked to help
MOST_WORKERS = 3


@shared_task
def send_letters() -> dict[str, int]:
    """Gather what is due and send it, with the help of other workers when it is much; gives how many ended how."""
    at = clock.now()
    waiting = gathering.gather(at)
    for _ in range(min(waiting // SHARE, MOST_WORKERS)):
        help_sending.apply_async(expires=60, retry=False)
    return dict(sending.send_due(at))


@shared_task
def help_sending() -> dict[str, int]:
    """Send what is gathered, beside others who do."""
    at = clock.now()
    with clock.held_at(at):
        return dict(sending.send_gathered(at))


@shared_task
def ping_outside() -> bool:
    """Tell something outside of this machine that reminders run; its silence raises the alarm there."""
    at = clock.now()
    return Workdays.load().is_workday(clock.local_date(at)) and pinging.ping(at)


# A hundred thousand rows take some ten seconds; below the queue's visibility time-out.
@shared_task(time_limit=800)
def write_export(pk: int) -> bool:
    """Write a big export; says whether it is written."""
    return export_runs.write(pk)


@shared_task
def take_up_exports() -> int:
    """Hand over exports that wait or were left by a lost worker; gives how many."""
    return export_runs.take_up()


@shared_task
def clear_exports() -> int:
    """Take away files of exports older than a week; gives how many."""
    return export_runs.clear_away()


@shared_task(time_limit=800)
def work_on_import(pk: int) -> bool:
    """Check or write a workbook that came in; says whether it waits for nothing more."""
    return import_runs.work(pk)


@shared_task
def take_up_imports() -> int:
    """Hand over workbooks that wait or were left by a lost worker; gives how many."""
    return import_runs.take_up()


@shared_task
def clear_imports() -> int:
    """Take away workbooks that were kept for 180 days; gives how many."""
    return import_runs.clear_away()


@shared_task
def anonymise_leavers() -> int:
    """Take away what names people who left long enough ago; gives how many there were."""
    return leavers.run()


@shared_task
def clear_log_ins() -> int:
    """Take away ended sessions and forgotten failures to log in; gives how many."""
    return sessions.clear_ended() + locking.forget_old()
