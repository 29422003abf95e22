"""The portal's Celery application as a storm runs it: a beat that looks every second, workers that die where they are told.

A death is ordered by a file `deaths/STAGE.NUMBER` in the data folder. The child that comes to that stage of the portal's
own code takes the order by deleting the file and ends itself with SIGKILL: a kill -9 at just this instruction.
"""

from __future__ import annotations

import functools
import os
import signal
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

from celery.signals import worker_process_init

from xingxian_portal.celery import app
from xingxian_portal.schedule import every

BEFORE, AFTER = "before", "after"
# What a planner and a sender go through, in order: the module and the call, and on which side of it death comes.
STAGES = {
    "lines worked out": ("reform.reminders.planning", "missing", AFTER),
    "lines written, not committed": ("reform.reminders.proposing", "propose", BEFORE),
    "letters opened": ("liaisons.letters.gathering", "_attach", BEFORE),
    "letters filled, not committed": ("liaisons.letters.gathering", "_attach", AFTER),
    "claimed": ("liaisons.letters.claiming", "take", AFTER),
    "read again": ("liaisons.letters.sending", "write", AFTER),
    "in inboxes, not committed": ("liaisons.letters.delivering", "_settled", BEFORE),
    "half handed over": ("smtplib", "SMTP.data", BEFORE),
    "handed over, not recorded": ("liaisons.letters.mail", "Mail.send", AFTER),
    "recorded": ("liaisons.letters.recording", "sent", AFTER),
}
HANDING_OVER = ("half handed over", "handed over, not recorded")

# A call waits longer than until the next: on a busy machine all of them would expire in the queue.
WAITS = {"options": {"expires": 30}}
app.conf.beat_schedule = {
    "plan": every(5.0, "reform.jobs.plan_reminders") | WAITS,
    "send": every(1.0, "liaisons.jobs.send_letters") | WAITS,
}
app.conf.beat_max_loop_interval = 0.5


def deaths() -> Path:
    """Give the folder of orders."""
    return Path(os.environ["PORTAL_DATA_DIR"]) / "deaths"


def order(stage: str, number: int) -> Path:
    """Have the next child that comes to the stage die there; gives the order, gone once it is carried out."""
    path = deaths() / f"{stage}.{number}"
    path.touch()
    return path


@worker_process_init.connect
def lay_in_wait(**_kwargs: Any) -> None:
    """Have this child look for an order at each stage."""
    for stage, (module, name, side) in STAGES.items():
        *holders, last = name.split(".")
        owner = functools.reduce(getattr, holders, import_module(module))
        setattr(owner, last, _watched(getattr(owner, last), stage, side))


def _watched(call: Callable[..., Any], stage: str, side: str) -> Callable[..., Any]:
    @functools.wraps(call)
    def watched(*args: Any, **kwargs: Any) -> Any:
        if side == BEFORE:
            _die_if_told(stage)
            return call(*args, **kwargs)
        result = call(*args, **kwargs)
        # Who claimed nothing holds nothing: it would be no test to die then.
        if stage != "claimed" or result[1]:
            _die_if_told(stage)
        return result

    return watched


def _die_if_told(stage: str) -> None:
    for path in deaths().glob(f"{stage}.*"):
        try:
            path.unlink()
        except FileNotFoundError:
            continue  # another child was quicker
        os.kill(os.getpid(), signal.SIGKILL)
