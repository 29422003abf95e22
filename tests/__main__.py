"""`python -m tests`: every tier this machine can run, then one table that says what ran and what could not, and why."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from tests import machine
from tests.tiers import Tally

HERE = Path(__file__).parent
NO_TESTS_COLLECTED = 5


@dataclass(frozen=True)
class Tier:
    """One run of pytest; `folder` holds its tests when it is not the fast tier."""

    name: str
    arguments: tuple[str, ...] = ()
    folder: Path | None = None

    def has_tests(self) -> bool:
        """Say whether anybody wrote a test for it yet."""
        return self.folder is None or any(self.folder.rglob("test_*.py"))


TIERS = [
    Tier("fast, SQLite"),
    Tier("pages, SQLite", ("-m", "pages")),
    Tier("fast, PostgreSQL", ("--database=postgres",)),
    Tier("pages, PostgreSQL", ("-m", "pages", "--database=postgres")),
    Tier("journey", ("-m", "journey"), HERE / "journeys"),
    Tier("screens", ("-m", "screens")),
    Tier("endurance", ("-m", "endurance"), HERE / "endurance"),
]


def run(tier: Tier) -> Tally:
    """Run one tier and give its tally; whatever pytest calls a failure is at least one failed test."""
    if not tier.has_tests():
        return Tally(left_out={"no tests yet": 0})
    if "--database=postgres" in tier.arguments and not machine.must_have_all():
        try:
            machine.postgres_programs()
        except machine.Missing as missing:
            return Tally(left_out={str(missing): 0})
    print(f"\n=== {tier.name} ===", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "tally.json"
        code = subprocess.run(
            [sys.executable, "-m", "pytest", *tier.arguments, f"--tally={file}"], cwd=HERE.parent, check=False
        ).returncode
        return judged(Tally.load(file), code)


def judged(tally: Tally, code: int) -> Tally:
    """Give the tally in which pytest's exit code and, under CI, tests left out count as failures."""
    if machine.must_have_all():
        tally.failed += sum(tally.left_out.values())
    nothing_ran_for_a_reason = code == NO_TESTS_COLLECTED and bool(tally.left_out)
    if code and not nothing_ran_for_a_reason:
        tally.failed = max(tally.failed, 1)
    return tally


def main() -> int:
    """Run all tiers and print the table; gives 1 when anything failed."""
    rows = []
    for tier in TIERS:
        start = time.monotonic()
        rows.append((tier.name, run(tier), time.monotonic() - start))
    print(f"\n{'tier':<18}{'passed':>8}{'failed':>8}{'seconds':>9}  could not run")
    for name, tally, seconds in rows:
        why = "; ".join(f"{tests} tests: {reason}" if tests else reason for reason, tests in tally.left_out.items())
        print(f"{name:<18}{tally.passed:>8}{tally.failed:>8}{seconds:>9.0f}  {why or '-'}")
    passed, failed = sum(tally.passed for _, tally, _ in rows), sum(tally.failed for _, tally, _ in rows)
    print(f"\n{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
