"""Senders and planners killed at every stage while 2,000 notices go out; used by the bench and the endurance tests.

Real Celery workers on a real queue and PostgreSQL, a real SMTP server in its own process. Two calls for each look, as
two beats by mistake would make. Pool processes are killed with SIGKILL at moments drawn at random; meanwhile the queue
is wiped, all connections to the database are cut, a whole worker is killed, and the clock is set back by an hour.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
LEASE_SECONDS = 4
PATIENCE = 150.0
STEP = 0.35
EVENTS = {12: "wipe the queue", 22: "cut the database", 30: "set the clock back", 38: "kill a worker"}


@dataclass(frozen=True)
class Counts:
    """What the storm left behind."""

    kills: int
    notices: int  # inbox notices of as many people
    lost: int  # lines whose letter did not go out
    second_rows: int  # ledger lines beyond one for each person and channel
    doubled: int  # mails that came a second time, all with the Message-ID of the first
    other_ids: int  # people who were sent two different letters
    seconds: float


def environment(folder: Path, database: str, broker: str, port: int) -> dict[str, str]:
    """Give what the processes are started with."""
    return os.environ | {
        "DJANGO_SETTINGS_MODULE": "xingxian_portal.settings.base", "PORTAL_DATA_DIR": str(folder), "DATABASE_URL": database,
        "CELERY_BROKER_URL": broker, "EMAIL_URL": f"smtp://127.0.0.1:{port}", "PORTAL_MAIL_FROM": "portal@example.com",
        "PORTAL_LETTER_LEASE_SECONDS": str(LEASE_SECONDS), "PYTHONPATH": str(ROOT),
    }  # fmt: skip


@contextmanager
def running(command: list[str], variables: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    """Run a process, and end it with all it started."""
    process = subprocess.Popen(
        command, env=variables, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        start_new_session=True,
    )  # fmt: skip
    try:
        yield process
    finally:
        _kill(process)


def _kill(process: subprocess.Popen[bytes]) -> None:
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def worker(name: str) -> list[str]:
    """Give a worker's command."""
    pool = ["--pool=prefork", "--concurrency=2", "--without-mingle", "--without-gossip", "--without-heartbeat"]
    return [sys.executable, "-m", "celery", "-A", "xingxian_portal", "worker", *pool, f"--hostname={name}@storm"]


def children_of(pid: int) -> list[int]:
    """Give the processes that `pid` started."""
    try:
        return [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except FileNotFoundError:
        return []


class Storm:
    """One storm, in a process that has Django set up on the same database and queue."""

    def __init__(self, people: int, kills: int, workers: list[Any], restart: Any) -> None:
        self.people, self.kills, self.workers, self.restart = people, kills, workers, restart
        self.dice = random.Random(2022)  # noqa: S311 - draws moments

    def rage(self, log: Path) -> Counts:
        """Kill until enough were killed and everything went out, or patience ends."""
        begun, killed, step = time.monotonic(), 0, 0
        while time.monotonic() - begun < PATIENCE:
            self._look()
            time.sleep(self.dice.uniform(0.3, 1.7) * STEP)
            if killed < self.kills:
                killed += self._kill_one()
                self._event(EVENTS.pop(killed, "") if step < killed else "")
                step = killed
            elif self._is_over():
                break
        return self._counted(killed, log, time.monotonic() - begun)

    def _look(self) -> None:
        from kombu.exceptions import OperationalError

        from xingxian_portal.celery import app

        for job in ("reform.jobs.plan_reminders", "liaisons.jobs.send_letters"):
            for _beat in range(2):
                try:
                    app.send_task(job, expires=30)
                except OperationalError:
                    return

    def _kill_one(self) -> int:
        busy = [pid for one in self.workers for pid in children_of(one.pid)]
        if not busy:
            return 0
        try:
            os.kill(self.dice.choice(busy), signal.SIGKILL)
        except ProcessLookupError:
            return 0
        return 1

    def _event(self, name: str) -> None:
        if name == "wipe the queue":
            from xingxian_portal.celery import app

            with app.connection_for_write() as line:
                line.default_channel.client.flushall()  # type: ignore[attr-defined] # the Redis transport has one
        elif name == "cut the database":
            from django.db import connection

            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                    "WHERE datname = current_database() AND pid <> pg_backend_pid()"
                )
        elif name == "set the clock back":
            import datetime as dt

            from django.db.models import F

            from xingxian_portal.foundation.clock import ClockAnchor

            ClockAnchor.objects.update(business_at=F("business_at") - dt.timedelta(hours=1))
        elif name == "kill a worker":
            _kill(self.workers[0])
            self.workers[0] = self.restart()

    def _is_over(self) -> bool:
        from liaisons.models import Letter

        return Letter.objects.filter(status=Letter.SENT).count() >= 2 * self.people

    def _counted(self, killed: int, log: Path, seconds: float) -> Counts:
        from liaisons.models import LedgerEntry, Letter, Notice

        mails = [tuple(line.split()) for line in log.read_text().splitlines()]
        ids = set(mails)
        by_person = Counter(person for person, _ in ids)
        went = LedgerEntry.objects.filter(letter__status=Letter.SENT).count()
        return Counts(
            kills=killed, notices=Notice.objects.filter(letter__isnull=False).count(), lost=2 * self.people - went,
            second_rows=LedgerEntry.objects.count() - 2 * self.people, doubled=len(mails) - len(ids),
            other_ids=sum(count - 1 for count in by_person.values()), seconds=seconds,
        )  # fmt: skip


def storm(folder: Path, database: str, broker: str, *, people: int, kills: int, port: int) -> Counts:
    """Run a storm in a process of its own and give what it counted: it needs Django set up on that database."""
    import json

    script = [sys.executable, "-m", "bench.reminder_storm", str(folder), str(people), str(kills), str(port)]
    done = subprocess.run(
        script, env=environment(folder, database, broker, port), cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True
    )
    return Counts(**json.loads(done.stdout.splitlines()[-1]))


def main() -> None:
    """Build, storm, print the counts as JSON."""
    import dataclasses
    import json
    import logging

    import django
    from django.core.management import call_command

    folder, people, kills, port = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), sys.argv[4]
    django.setup()
    logging.disable(logging.CRITICAL)
    call_command("migrate", verbosity=0)
    from bench import reminded_county
    from xingxian_portal.foundation import clock

    reminded_county.build(people)
    clock.start_demo(reminded_county.moment(14, 10, 5))
    log = folder / "mails"
    log.touch()
    variables = dict(os.environ)
    sink = [sys.executable, "-m", "bench.mail_sink", port, str(log), "0.008"]
    with running(sink, variables), running(worker("b"), variables) as second:
        workers = [
            subprocess.Popen(
                worker("a"), env=variables, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
            ),
            second,
        ]

        def restart() -> subprocess.Popen[bytes]:
            return subprocess.Popen(
                worker("c"), env=variables, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
            )

        try:
            counts = Storm(people, kills, workers, restart).rage(log)
        finally:
            _kill(workers[0])
    sys.stdout.write(json.dumps(dataclasses.asdict(counts)) + "\n")


if __name__ == "__main__":
    main()
