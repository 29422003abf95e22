"""pyproject.toml, the reasons in it, and the two locks say the same; checked without a network."""

import re
import tomllib
from importlib import metadata

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.architecture.sources import ROOT

PROJECT = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
DECLARED = tomllib.loads(PROJECT)
RUNTIME = [Requirement(line) for line in DECLARED["project"]["dependencies"]]
DEV = [Requirement(line) for line in DECLARED["dependency-groups"]["dev"]]
LOCKS = {"requirements.txt": RUNTIME, "requirements-dev.txt": RUNTIME + DEV}
each_lock = pytest.mark.parametrize(("file", "wanted"), LOCKS.items(), ids=LOCKS)


def pins(text: str) -> dict[str, Requirement]:
    """Give the pinned packages of a lock by name."""
    lines = [line.removesuffix("\\") for line in text.splitlines() if re.match(r"\w", line)]
    return {canonicalize_name(pin.name): pin for pin in map(Requirement, lines)}


def drift(wanted: list[Requirement], locked: dict[str, Requirement]) -> list[str]:
    """Give the declared packages that the lock lacks, pins at another version, or asks for on other machines."""
    return [str(need) for need in wanted if not _keeps(need, locked.get(canonicalize_name(need.name)))]


def _keeps(need: Requirement, pin: Requirement | None) -> bool:
    if pin is None or (need.marker is None) != (pin.marker is None):
        return False
    version = next(iter(pin.specifier)).version
    return need.specifier.contains(version) and _alike(need, pin)


def _alike(need: Requirement, pin: Requirement) -> bool:
    """Say whether two markers, which the resolver may have reordered, agree on every kind of machine we name."""
    machines = [(system, kind) for system in ("linux", "darwin", "win32") for kind in ("x86_64", "arm64")]
    answers = [
        [r.marker is None or r.marker.evaluate({"sys_platform": s, "platform_machine": m}) for s, m in machines]
        for r in (need, pin)
    ]
    return answers[0] == answers[1]


def asked_for(wanted: list[Requirement]) -> set[str]:
    """Give the names of everything that the wanted packages need on any machine, by what is installed here."""
    found: set[tuple[str, str]] = set()
    waiting = [(canonicalize_name(need.name), extra) for need in wanted for extra in ("", *need.extras)]
    while waiting:
        name, extra = waiting.pop()
        if (name, extra) in found:
            continue
        found.add((name, extra))
        for need in map(Requirement, _needs(name)):
            optional = need.marker is not None and "extra ==" in str(need.marker)
            if not optional or f'extra == "{extra}"' in str(need.marker):
                waiting += [(canonicalize_name(need.name), more) for more in ("", *need.extras)]
    return {name for name, _ in found}


def _needs(name: str) -> list[str]:
    try:
        return metadata.requires(name) or []
    except metadata.PackageNotFoundError:
        return []  # wanted on other machines only


def without_reason(text: str) -> list[str]:
    """Give the dependencies that no comment on the same line explains."""
    lines = re.findall(r'^  "[a-z0-9-]+[\[=><;~].*$', text, re.MULTILINE)
    return [line for line in lines if not re.search(r'", # \w.{9,}$', line)]


def test_each_dependency_has_its_reason():
    assert without_reason(PROJECT) == []
    assert len(re.findall(r'^  ".*", # ', PROJECT.split("[tool.")[0], re.MULTILINE)) == len(RUNTIME + DEV)


def test_a_dependency_without_a_reason_is_noticed():
    assert without_reason('  "django==5.2.*",\n  "redis>=8.1", # the queue of jobs\n') == ['  "django==5.2.*",']


@each_lock
def test_the_lock_holds_what_the_project_declares(file, wanted):
    assert drift(wanted, pins((ROOT / file).read_text())) == []


@each_lock
def test_the_lock_holds_nothing_that_nobody_asks_for(file, wanted):
    assert sorted(set(pins((ROOT / file).read_text())) - asked_for(wanted)) == []


@each_lock
def test_each_pin_is_exact_and_has_its_digests(file, wanted):
    text = (ROOT / file).read_text()
    blocks = re.split(r"\n(?=\w)", text)
    assert [
        block for block in blocks if not re.match(r"[\w.-]+==\S+[^\n]*\\\n    --hash=sha256:[0-9a-f]{64}", block)
    ] == []


def test_the_tests_run_on_what_the_portal_runs_on():
    runtime, dev = (pins((ROOT / file).read_text()) for file in LOCKS)
    assert {name: str(dev.get(name)) for name in runtime} == {name: str(pin) for name, pin in runtime.items()}


def test_drift_is_noticed():
    locked = pins("django==5.2.1 \\\n    --hash=sha256:00\ngunicorn==27.0 ; sys_platform != 'win32'\n")
    kept = [Requirement("Django==5.2.*"), Requirement("gunicorn>=27; sys_platform != 'win32'")]
    drifted = ["django>=6", "celery>=5", "gunicorn>=27", 'gunicorn>=27; sys_platform == "linux"']
    assert drift(kept, locked) == []
    assert drift([Requirement(line) for line in drifted], locked) == drifted


def test_a_pin_that_nobody_asks_for_is_noticed():
    asked = asked_for([Requirement("psycopg[binary]")])
    assert {"psycopg", "psycopg-binary"} <= asked
    assert "psycopg-binary" not in asked_for([Requirement("psycopg")])
    assert "celery" not in asked
