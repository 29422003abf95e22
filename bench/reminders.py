"""How fast and how safe the reminders are: `python -m bench.reminders`.

1. Fan-out: 10,000 letters over SMTP with every ledger state written, against a bare smtplib loop over one connection
   sending the same bytes to the same server, turn by turn in one run.
2. Planning: the number of queries for 40 and for 400 units; a whole month of 40 units.
3. Three days down over the 21st: what is sent on recovery.
4. The storm (`bench.reminder_storm`): kill -9 at every stage, 50 times over 2,000 notices, and what else may befall.

Read the ratio and the counts, not the seconds. The exit code is 1 when a budget is missed. `--quick` leaves the storm out.
"""

from __future__ import annotations

import datetime as dt
import logging
import os
import smtplib
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

LETTERS, ROUNDS, SHARE, WORKERS = 10_000, 2, 0.5, 2
KILLS, PEOPLE = 50, 2000
MONTH_SECONDS = 60


def main() -> int:
    """Measure, print; give the exit code."""
    with tempfile.TemporaryDirectory() as folder:
        from tests.running_portal import free_port

        port = free_port()
        os.environ |= {
            "PORTAL_DATA_DIR": folder, "DJANGO_SETTINGS_MODULE": "xingxian_portal.settings.base",
            "EMAIL_URL": f"smtp://127.0.0.1:{port}", "PORTAL_MAIL_FROM": "portal@example.com",
        }  # fmt: skip
        os.environ.pop("DATABASE_URL", None)
        import django

        django.setup()
        logging.disable(logging.CRITICAL)
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        few, many = _planning(40), _planning(400)
        fine = all([few == many, _month(), _down(), _fan_out(port, Path(folder) / "mails")])
        if "--quick" not in sys.argv:
            fine = _storm() and fine
    return 0 if fine else 1


def say(line: str) -> None:
    """Print one line."""
    sys.stdout.write(line + "\n")


def in_vain(act: Callable[[], int]) -> int:
    """Run `act` in a transaction that is taken back; give what it gave."""
    from django.db import transaction

    class Enough(Exception):
        pass

    found = 0
    try:
        with transaction.atomic():
            found = act()
            raise Enough
    except Enough:
        return found


def _planning(units: int) -> int:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from bench import reminded_county
    from liaisons.models import LedgerEntry
    from reform.reminders import planning

    def act() -> int:
        reminded_county.build(units)
        begun = time.perf_counter()
        with CaptureQueriesContext(connection) as queries:
            planning.plan(reminded_county.moment(14))
        lines = LedgerEntry.objects.count()
        say(f"planning for {units} units: {len(queries)} queries, {lines} lines, {time.perf_counter() - begun:.2f} s")
        return len(queries)

    return in_vain(act)


def _month() -> int:
    from bench import reminded_county
    from liaisons.letters import gathering
    from liaisons.models import LedgerEntry
    from reform.reminders import planning
    from xingxian_portal.foundation import clock

    def act() -> int:
        reminded_county.build(40)
        begun = time.perf_counter()
        for day in range(1, 31):
            at = reminded_county.moment(day)
            with clock.held_at(at):
                planning.plan(at)
                gathering.gather(at)
        seconds, steps = time.perf_counter() - begun, LedgerEntry.objects.values("step").distinct().count()
        say(f"a whole month of 40 units: {LedgerEntry.objects.count()} lines of {steps} steps in {seconds:.1f} s")
        return int(seconds < MONTH_SECONDS)

    return in_vain(act)


def _down() -> int:
    from bench import reminded_county
    from liaisons.models import LedgerEntry, Letter
    from reform.reminders import planning
    from xingxian_portal.foundation import clock

    def act() -> int:
        reminded_county.build(40)
        planning.plan(reminded_county.moment(17))
        back = reminded_county.moment(24)
        with clock.held_at(back):
            planning.plan(back)
            from liaisons.letters import gathering

            gathering.gather(back)
        by_person = Letter.objects.filter(day=back.date()).values_list("recipient", "channel")
        burst = len(by_person) - len(set(by_person))
        late = LedgerEntry.objects.filter(status=LedgerEntry.EXPIRED).count()
        say(f"three days down over the 21st: {len(by_person)} letters to 40 people and ways, {burst} beyond one each; "
            f"{late} lines written down as expired or superseded")  # fmt: skip
        return int(burst == 0)

    return in_vain(act)


def _fan_out(port: int, log: Path) -> int:
    from django.db.models import Min

    from bench import reminded_county
    from liaisons.letters import gathering
    from liaisons.models import LedgerEntry, Letter
    from reform.reminders import planning
    from xingxian_portal.foundation import clock

    at = reminded_county.moment(14)
    reminded_county.build(LETTERS)
    with clock.held_at(at):
        planning.plan(at)
        LedgerEntry.objects.filter(channel="inbox").delete()
        gathering.gather(at)
    bare, ours, part = 0.0, 0.0, LETTERS // ROUNDS
    first = Letter.objects.aggregate(pk=Min("recipient"))["pk"]
    sink = [sys.executable, "-m", "bench.mail_sink", str(port), str(log)]
    with subprocess.Popen(sink, stdin=subprocess.PIPE) as server:
        _wait(port)
        for number in range(ROUNDS):
            bare += _bare(port, part)
            # The other half waits: it is let go in its own round.
            Letter.objects.filter(status=Letter.PLANNED).update(next_attempt_at=at + dt.timedelta(days=1))
            Letter.objects.filter(status=Letter.PLANNED, recipient__pk__lt=first + (number + 1) * part).update(
                next_attempt_at=at
            )
            ours += _ours(at)
        assert server.stdin
        server.stdin.close()
    sent = Letter.objects.filter(status=Letter.SENT).count()
    ratio = bare / ours
    say(
        f"fan-out of {sent} letters: bare loop {LETTERS / bare:,.0f}/s, with ledger {LETTERS / ours:,.0f}/s = {ratio:.2f} of it"
    )
    return int(ratio >= SHARE and sent == LETTERS)


def _ours(at: dt.datetime) -> float:
    """Send what may go with as many workers as the jobs ask for on two cores; give how long it took."""
    import multiprocessing

    from django.db import connection

    connection.close()
    fork = multiprocessing.get_context("fork")
    ready, go = fork.Barrier(WORKERS + 1), fork.Barrier(WORKERS + 1)
    workers = [fork.Process(target=_worker, args=(at, ready, go)) for _ in range(WORKERS)]
    for one in workers:
        one.start()
    ready.wait()
    begun = time.perf_counter()
    go.wait()
    for one in workers:
        one.join()
    return time.perf_counter() - begun


def _worker(at: dt.datetime, ready: Any, go: Any) -> None:
    from liaisons.letters import sending
    from xingxian_portal.foundation import clock

    with clock.held_at(at):
        ready.wait()
        go.wait()
        sending.send_gathered(at, seconds=600)


def _bare(port: int, count: int) -> float:
    from liaisons.letters.mail import in_bytes
    from liaisons.letters.writing import Written
    from liaisons.models import Letter

    letter = Letter.objects.first()
    assert letter
    message = in_bytes(
        letter, Written("请在6月21日 24:00 前报送月度报告（2022年6月）", "请报送。" * 10), "p@example.com"
    )
    begun = time.perf_counter()
    with smtplib.SMTP("127.0.0.1", port) as line:
        for _ in range(count):
            line.sendmail("portal@example.com", ["p@example.com"], message)
    return time.perf_counter() - begun


def _wait(port: int) -> None:
    for _ in range(100):
        try:
            smtplib.SMTP("127.0.0.1", port).quit()
        except OSError:
            time.sleep(0.1)
        else:
            return


def _storm() -> bool:
    from bench.reminder_storm import BLOWS, storm
    from tests import servers

    with servers.valkey() as broker, tempfile.TemporaryDirectory() as folder:
        counts = storm(Path(folder), broker, people=PEOPLE, kills=KILLS)
    say(
        f"storm of {counts.kills} kills and {counts.events} blows over {PEOPLE} notices in {counts.seconds:.0f} s, two beats and two "
        f"planners, queue wiped, database crashed, a beat's file lost, a worker killed, clock set back an hour: {counts.lost} lost, "
        f"{counts.second_rows} second rows, {counts.other_ids} second messages, {counts.doubled} in flight sent again with the same "
        "Message-ID"
    )
    say("killed at: " + ", ".join(f"{stage} {number}" for stage, number in sorted(counts.stages.items())))
    say(
        f"then down from the 14th to the 24th, across the 21st: {counts.recovered} of {PEOPLE} told by both ways what is still of "
        f"use, {counts.burst} messages beyond one each, {counts.expired} lines written down as expired"
    )
    return counts.is_fine(PEOPLE, KILLS, len(BLOWS))


if __name__ == "__main__":
    sys.exit(main())
