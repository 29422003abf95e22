"""Which tests belong to which tier, which of them this machine can run, and the tally that `python -m tests` reads."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests import machine

FOLDERS = {
    "views": "pages", "workbooks": "pages", "workbook": "pages", "journeys": "journey", "endurance": "endurance",
    # Official papers are made and opened again as workbooks are.
    "test_papers.py": "pages", "test_bulletin.py": "pages",
}  # fmt: skip
# Looking at every page with axe is no journey and takes as long as all of them: such a test says so by its marker.
SCREENS = "screens"
FAST = " and ".join(f"not {marker}" for marker in [*dict.fromkeys(FOLDERS.values()), SCREENS])
# A test that asks for the fixture needs the part, and so does every test whose fixtures ask for it.
NEEDS: Mapping[str, Callable[[], Any]] = {
    "browser": machine.chromium,
    "postgres_server": machine.postgres_programs,
    "valkey_server": machine.queue_program,
}


@dataclass
class Tally:
    """What became of one run of pytest."""

    passed: int = 0
    failed: int = 0
    left_out: dict[str, int] = field(default_factory=dict)  # how many tests for which reason

    def save(self, path: Path) -> None:
        """Write it for `load`."""
        path.write_text(json.dumps(asdict(self)))

    @classmethod
    def load(cls, path: Path) -> Tally:
        """Read what `save` wrote; a run that ended before its tally counts as one failure."""
        return cls(**json.loads(path.read_text())) if path.exists() else cls(failed=1)


def tier_of(path: Path, root: Path) -> str | None:
    """Give the marker that the folder or the name of a test file stands for, None for the fast tier."""
    return next((FOLDERS[part] for part in path.relative_to(root).parts if part in FOLDERS), None)


def missing_parts(
    items: Iterable[pytest.Item], *, must_have_all: bool, needs: Mapping[str, Callable[[], Any]] = NEEDS
) -> dict[pytest.Item, str]:
    """Give the tests that cannot run here, each with the reason; raises UsageError where nothing may be left out."""
    cannot = {}
    for item in items:
        for fixture in needs.keys() & set(getattr(item, "fixturenames", ())):
            try:
                needs[fixture]()
            except machine.Missing as missing:
                cannot[item] = str(missing)
    if cannot and must_have_all:
        raise pytest.UsageError(f"CI=true: nothing may be left out, but {'; '.join(sorted(set(cannot.values())))}")
    return cannot


def count(stats: Mapping[str, list[Any]], cannot: list[str]) -> Tally:
    """Give the tally of pytest's own statistics and the reasons of the tests that could not run."""
    left_out = Counter(cannot)
    left_out.update(report.longrepr[2] for report in stats.get("skipped", []))
    failed = len(stats.get("failed", [])) + len(stats.get("error", []))
    return Tally(len(stats.get("passed", [])), failed, dict(left_out))


def counted(stats: Mapping[str, list[Any]]) -> Counter[str]:
    """Give what the tests that passed counted on the way (`record_property`), summed."""
    found: Counter[str] = Counter()
    for report in stats.get("passed", []):
        found.update(
            {what: number for what, number in getattr(report, "user_properties", ()) if isinstance(number, int)}
        )
    return found
