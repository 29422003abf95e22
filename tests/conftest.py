"""The ground under all tests: the database they run on, their tiers, and fixtures of real servers and a browser."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import hypothesis
import pytest
from django.conf import settings
from django.template.base import Template

from tests import machine, servers, tiers
from tests.browser import FAILED, browser, new_page, page, phone

__all__ = ["browser", "new_page", "page", "phone"]

SPREAD = {tiers.FAST, "pages", "journey", tiers.SCREENS}
MOST_WORKERS = 4
DRAWN_PLAINLY = getattr(Template, "_render")  # noqa: B009 - the stubs do not know it; taken before Django wraps it
CANNOT_RUN = pytest.StashKey[list[str]]()

# In CI the same inputs are drawn each time: a red run must mean that the change broke something.
# Forty inputs a test: all are drawn anew at every run at a desk.
hypothesis.settings.register_profile("ci", derandomize=True, deadline=None, max_examples=40)
hypothesis.settings.register_profile("desk", deadline=None, max_examples=40)
hypothesis.settings.load_profile("ci" if machine.must_have_all() else "desk")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--database", choices=["sqlite", "postgres"], default="sqlite", help="what the portal runs on")
    parser.addoption("--tally", type=Path, help="write passed, failed and left out to this file")


def pytest_configure(config: pytest.Config) -> None:
    config.stash[CANNOT_RUN] = []
    if _whole(config) and not config.option.markexpr:
        config.option.markexpr = tiers.FAST  # a file that is named runs, whatever its tier
    # A machine that keeps no compiled files would have every worker and every process of the portal compile all of it.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    sys.dont_write_bytecode = False
    if hasattr(config, "workerinput"):
        return  # a worker of pytest-xdist has loaded the settings that the main process chose
    if settings.configured:
        raise pytest.UsageError("unset DJANGO_SETTINGS_MODULE: the tests bring their own settings")
    # Here and not in pyproject.toml: Django names its database once, and which one is known only now.
    os.environ["DATABASE_URL"] = _postgres_url(config) if config.getoption("--database") == "postgres" else ""
    os.environ["DJANGO_SETTINGS_MODULE"] = "xingxian_portal.settings.test"
    assert settings.DATABASES


def _postgres_url(config: pytest.Config) -> str:
    """Give the address of the server on offer, else of one started for this run."""
    offered = os.environ.get("DATABASE_URL", "")
    if offered.startswith("postgres"):
        return offered
    stack = ExitStack()
    config.add_cleanup(stack.close)
    try:
        return stack.enter_context(servers.postgres())
    except machine.Missing as missing:
        raise pytest.UsageError(str(missing)) from missing


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    # A worker takes seconds to start: worth it for a whole tier, not for a file one works on. Endurance kills and loads
    # the machine, so its tests run one after another; each worker has a database, a server and a browser of its own.
    spread = _whole(config) and (config.option.markexpr or tiers.FAST) in SPREAD  # asked before the tier is chosen
    cores = os.cpu_count() or 1
    return min(cores, MOST_WORKERS) if spread and cores > 1 else 0


def _whole(config: pytest.Config) -> bool:
    """Say whether no file or folder was named."""
    return config.args_source is pytest.Config.ArgsSource.TESTPATHS


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_setupnodes() -> None:
    # The settings took it out of the environment; the workers that start now read it there again.
    os.environ["DATABASE_URL"] = settings.SERVER_URL


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node) -> None:
    # Every worker collects all tests and so leaves out the same ones; the last to end speaks for all.
    node.config.stash[CANNOT_RUN] = getattr(node, "workeroutput", {}).get("cannot_run", [])


def pytest_sessionfinish(session: pytest.Session) -> None:
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["cannot_run"] = session.config.stash[CANNOT_RUN]


def pytest_sessionstart(session: pytest.Session) -> None:
    # Not at the top of this file: the cast's tables can only be named once Django has loaded its apps.
    session.config.pluginmanager.import_plugin("tests.cast")
    session.config.pluginmanager.import_plugin("tests.emptying")
    session.config.pluginmanager.import_plugin("tests.ready_database")
    session.config.pluginmanager.import_plugin("tests.standing")
    session.config.pluginmanager.import_plugin("tests.trail")


def pytest_itemcollected(item: pytest.Item) -> None:
    tier = tiers.tier_of(item.path, Path(__file__).parent)
    if tier and not item.get_closest_marker(tiers.SCREENS):
        item.add_marker(tier)
    if "standing" in getattr(item, "fixturenames", ()):
        item.add_marker("django_db")  # what stands for the file is in the database, which only this mark has made
    if tier in ("journey", "endurance") and item.get_closest_marker("postgres"):
        # Journeys and endurance run on SQLite: such a test would be left out everywhere, and nobody would notice.
        raise pytest.UsageError(f"{item.nodeid}: in this tier ask for the fixture postgres_server instead")


@pytest.hookimpl(trylast=True)  # after `-m` has chosen the tier
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    on_sqlite = config.getoption("--database") == "sqlite"
    elsewhere = {item for item in items if on_sqlite and item.get_closest_marker("postgres")}
    cannot = tiers.missing_parts(items, must_have_all=machine.must_have_all())
    config.stash[CANNOT_RUN] = list(cannot.values())
    if left := elsewhere | set(cannot):
        config.hook.pytest_deselected(items=list(left))
        items[:] = [item for item in items if item not in left]


def pytest_terminal_summary(terminalreporter, config: pytest.Config) -> None:
    tally = tiers.count(terminalreporter.stats, config.stash[CANNOT_RUN])
    for what, count in tiers.counted(terminalreporter.stats).items():
        terminalreporter.write_line(f"{count:,} {what}")
    for reason, tests in tally.left_out.items():
        terminalreporter.write_line(f"could not run {tests} tests: {reason}", yellow=True)
    if config.getoption("--tally"):
        tally.save(config.getoption("--tally"))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item):
    report = yield
    item.stash[FAILED] = item.stash.get(FAILED, False) or report.failed
    return report


@pytest.fixture(scope="session", autouse=True)
def quick_ground(django_test_environment) -> Iterator[None]:
    """Leave out what costs every test a fifth of its time and shows nothing.

    Django notes each template it draws with a copy of its context, which none of our tests reads; and the collector
    of garbage walks all that was imported again and again.
    """
    gc.freeze()
    gc.set_threshold(100_000, 20, 20)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Template, "_render", DRAWN_PLAINLY)
        yield


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """Give the `DATABASE_URL` of a PostgreSQL for processes that a test starts itself."""
    if settings.SERVER_URL:
        yield settings.SERVER_URL
    else:
        with servers.postgres() as url:
            yield url


@pytest.fixture(scope="session")
def valkey_server() -> Iterator[str]:
    """Give the `CELERY_BROKER_URL` of a queue's server, the same that `up` starts."""
    with servers.valkey() as url:
        yield url
