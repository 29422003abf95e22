"""Planners and senders killed at every stage while 2,000 notices go out; used by the bench and the endurance tests.

Two real Celery workers and two beats by mistake, on a real queue and PostgreSQL, a real SMTP server in its own process.
Children are killed with SIGKILL, in turn at each named stage of their work and at moments drawn at random. Meanwhile the
queue is wiped, the database crashes and comes back, a whole worker is killed, a beat loses its file, the clock is set
back by an hour. Then all is down for days, across the 21st, and comes back.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import asdict
from itertools import chain, count, cycle
from pathlib import Path
from typing import Any

from bench import storm_app
from bench.storm_counts import Counts, after_the_days_down, after_the_storm
from bench.storm_processes import BEATS, ROOT, WORKERS, Processes

LEASE_SECONDS = 4
PATIENCE = 420.0
PAUSE = (0.1, 0.6)
AFTER_ALL_WENT = 3.0  # seconds in which a second message would still show
RESTART = "restart the database"
BLOWS = ("wipe_queue", "crash_database", "set_clock_back", "kill_worker", "lose_beat", "wipe_queue", "crash_database")


def environment(folder: Path, database: str, broker: str, port: int) -> dict[str, str]:
    """Give what the processes are started with."""
    return os.environ | {
        "DJANGO_SETTINGS_MODULE": "xingxian_portal.settings.base", "PORTAL_DATA_DIR": str(folder), "DATABASE_URL": database,
        "CELERY_BROKER_URL": broker, "EMAIL_URL": f"smtp://127.0.0.1:{port}", "PORTAL_MAIL_FROM": "portal@example.com",
        "PORTAL_LETTER_LEASE_SECONDS": str(LEASE_SECONDS), "PYTHONPATH": str(ROOT),
    }  # fmt: skip


class Storm:
    """One storm, in a process that has Django set up on the same database and queue."""

    def __init__(self, people: int, kills: int, processes: Processes) -> None:
        self.people, self.kills, self.processes = people, kills, processes
        self.dice = random.Random(2022)  # noqa: S311 - draws moments
        self.stages, self.happened = Counter[str](), 0
        self._ordered: dict[Path, str] = {}
        self._next_stage, self._turns = cycle(storm_app.STAGES), count(1)
        self._events = self._spread_out()

    def rage(self) -> float:
        """Kill until enough were killed and everything went out, or patience ends; gives how long it took."""
        from bench.reminded_county import moment
        from xingxian_portal.foundation import clock

        begun = time.monotonic()
        clock.start_demo(moment(14, 10, 5))
        self.processes.start("mail", *WORKERS, *BEATS)
        while time.monotonic() - begun < PATIENCE:
            time.sleep(self.dice.uniform(*PAUSE))
            self.processes.revive()
            self._collect()
            killed = sum(self.stages.values())
            for _, event in self._events_until(killed):
                event()
                self.happened += 1
            all_went = self._went(14) >= 2 * self.people
            if all_went and killed >= self.kills:
                break
            if all_went:
                self._take_back_orders()
                self._strike_one()
            elif killed + len(self._ordered) < self.kills:
                self._kill_one()
        time.sleep(AFTER_ALL_WENT)
        return time.monotonic() - begun

    def come_back(self) -> None:
        """Be down from the 14th over the 21st to the 24th, then start again and wait until everything went out."""
        from bench.reminded_county import moment
        from xingxian_portal.foundation import clock

        for name in (*WORKERS, *BEATS):
            self.processes.kill(name)
        patiently(lambda: clock.start_demo(moment(24)))
        self.processes.start(*WORKERS, *BEATS)
        begun = time.monotonic()
        while self._went(24) < 2 * self.people and time.monotonic() - begun < PATIENCE:
            time.sleep(0.5)
            self.processes.revive()
        time.sleep(AFTER_ALL_WENT)

    def _kill_one(self) -> None:
        """Order a death at the next stage, or, every third time at most, strike one whatever it does."""
        turn = next(self._turns)
        if turn % 3 == 0 and 3 * self.stages["any moment"] < self.kills:
            self._strike_one()
        elif len(self._ordered) < len(storm_app.STAGES):
            stage = next(self._next_stage)
            self._ordered[storm_app.order(stage, turn)] = stage

    def _strike_one(self) -> None:
        if children := self.processes.children():
            self.stages["any moment"] += _strike(self.dice.choice(children))

    def _collect(self) -> None:
        for path in [path for path in self._ordered if not path.exists()]:
            self.stages[self._ordered.pop(path)] += 1

    def _take_back_orders(self) -> None:
        """Take back what nobody comes to any more, now that all is sent: others are struck instead."""
        for path in list(self._ordered):
            with suppress(FileNotFoundError):
                path.unlink()
                del self._ordered[path]

    def _spread_out(self) -> Iterator[tuple[int, Callable[[], None]]]:
        """Give what befalls besides, each with the number of kills after which it does."""
        return iter(
            [((number + 1) * self.kills // (len(BLOWS) + 1), getattr(self, name)) for number, name in enumerate(BLOWS)]
        )

    def _events_until(self, killed: int) -> Iterator[tuple[int, Callable[[], None]]]:
        for after, event in self._events:
            if after > killed:
                self._events = chain([(after, event)], self._events)
                return
            yield after, event

    def wipe_queue(self) -> None:
        """Lose all that the queue holds."""
        from xingxian_portal.celery import app

        with app.connection_for_write() as line:
            line.default_channel.client.flushall()  # type: ignore[attr-defined] # the Redis transport has one

    def crash_database(self) -> None:
        """End the database and all connections to it, and have it started again."""
        sys.stdout.write(f"{RESTART}\n")
        sys.stdout.flush()
        sys.stdin.readline()

    def set_clock_back(self) -> None:
        """Set the clock back by an hour."""
        from django.db.models import F

        from xingxian_portal.foundation.clock import ClockAnchor

        patiently(lambda: ClockAnchor.objects.update(business_at=F("business_at") - dt.timedelta(hours=1)))

    def kill_worker(self) -> None:
        """Kill a worker with its children."""
        self.processes.kill(WORKERS[0])
        self.processes.start(WORKERS[0])

    def lose_beat(self) -> None:
        """Kill a beat and lose its file."""
        self.processes.lose_schedule(BEATS[0])

    def _went(self, day: int) -> int:
        from bench.reminded_county import moment
        from liaisons.models import Letter

        return patiently(lambda: Letter.objects.filter(status=Letter.SENT, day=moment(day).date()).count())


def _strike(pid: int) -> int:
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return 0
    return 1


def patiently(ask: Callable[[], Any]) -> Any:
    """Ask the database, again when it was just taken away."""
    from django.db import Error, connection

    for _ in range(100):
        try:
            return ask()
        except Error:
            connection.close()
            time.sleep(0.1)
    raise TimeoutError


def storm(folder: Path, broker: str, *, people: int, kills: int) -> Counts:
    """Run a storm on a database of its own, in a process that has Django set up there; gives what it counted."""
    from tests import servers
    from tests.running_portal import free_port

    port = free_port()
    script = [sys.executable, "-m", "bench.reminder_storm", str(people), str(kills), str(port)]
    with servers.postgres_that_crashes() as database:
        variables = environment(folder, database.url, broker, port)
        with subprocess.Popen(
            script, env=variables, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        ) as child:
            assert child.stdin
            assert child.stdout
            said = ""
            for said in child.stdout:
                if said.strip() == RESTART:
                    database.crash()
                    child.stdin.write("\n")
                    child.stdin.flush()
    return Counts(**json.loads(said))


def main() -> None:
    """Build, storm, be down, come back; print the counts as JSON."""
    import logging

    import django
    from django.core.management import call_command

    people, kills, port = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
    folder = Path(os.environ["PORTAL_DATA_DIR"])
    django.setup()
    logging.disable(logging.CRITICAL)
    call_command("migrate", verbosity=0)
    from bench import reminded_county

    reminded_county.build(people)
    storm_app.deaths().mkdir()
    (folder / "mails").touch()
    with Processes(folder, port) as processes:
        one = Storm(people, kills, processes)
        seconds = one.rage()
        mails = processes.mails.read_text().splitlines()
        found = after_the_storm(people, mails)
        one.come_back()
        found |= after_the_days_down(processes.mails.read_text().splitlines()[len(mails) :])
    counts = Counts(dict(one.stages), one.happened, seconds=seconds, **found)
    sys.stdout.write(json.dumps(asdict(counts)) + "\n")


if __name__ == "__main__":
    main()
