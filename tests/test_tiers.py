"""Nothing is left out in silence: missing parts are named, and under CI they fail the run."""

from pathlib import Path
from types import SimpleNamespace

import pytest

from tests import __main__ as runner
from tests import machine, tiers
from tests.tiers import Tally


class Asked:
    """A test that asks for these fixtures."""

    def __init__(self, *fixturenames):
        self.fixturenames = fixturenames


def nothing_there():
    raise machine.Missing("no Chromium")


def test_a_test_whose_part_is_missing_is_left_out_with_the_reason():
    journey, plain = Asked("page", "browser"), Asked("db")
    needs = {"browser": nothing_there}
    assert tiers.missing_parts([journey, plain], must_have_all=False, needs=needs) == {journey: "no Chromium"}


def test_a_test_whose_part_is_there_runs():
    assert tiers.missing_parts([Asked("browser")], must_have_all=True, needs={"browser": str}) == {}


def test_a_missing_part_fails_the_run_under_ci():
    with pytest.raises(pytest.UsageError, match="nothing may be left out, but no Chromium"):
        tiers.missing_parts([Asked("browser")], must_have_all=True, needs={"browser": nothing_there})


def test_a_missing_part_that_no_chosen_test_needs_fails_nothing():
    assert tiers.missing_parts([Asked("db")], must_have_all=True, needs={"browser": nothing_there}) == {}


def test_the_folder_names_the_tier():
    root = Path("/checkout/tests")
    assert tiers.tier_of(root / "journeys/test_month.py", root) == "journey"
    assert tiers.tier_of(root / "endurance/test_up.py", root) == "endurance"
    assert tiers.tier_of(root / "reform/views/test_wall.py", root) == "pages"
    assert tiers.tier_of(root / "reform/workbooks/test_exports.py", root) == "pages"
    assert tiers.tier_of(root / "reform/case_review/test_papers.py", root) == "pages"
    assert tiers.tier_of(root / "reform/test_lights.py", root) is None


def test_the_tally_counts_errors_as_failures_and_keeps_the_reasons(tmp_path):
    stats = {"passed": [1, 2], "failed": [3], "error": [4], "skipped": [SimpleNamespace(longrepr=("file", 1, "asked"))]}
    tally = tiers.count(stats, ["no Chromium", "no Chromium"])
    assert tally == Tally(passed=2, failed=2, left_out={"no Chromium": 2, "asked": 1})
    tally.save(tmp_path / "tally.json")
    assert Tally.load(tmp_path / "tally.json") == tally


def test_a_run_that_broke_off_counts_as_a_failure(tmp_path):
    assert Tally.load(tmp_path / "nothing.json").failed == 1


@pytest.mark.parametrize(
    ("tally", "code", "ci", "failed"),
    [
        (Tally(passed=3), 0, "", 0),
        (Tally(passed=3), 0, "true", 0),
        (Tally(passed=3, failed=2), 1, "", 2),
        (Tally(passed=3), 2, "", 1),  # pytest itself broke off
        (Tally(), 5, "", 1),  # a tier that has tests ran none of them
        (Tally(left_out={"no Chromium": 4}), 5, "", 0),
        (Tally(left_out={"no Chromium": 4}), 5, "true", 4),
    ],
)
def test_what_counts_as_a_failure(tally, code, ci, failed, monkeypatch):
    monkeypatch.setenv("CI", ci)
    assert runner.judged(tally, code).failed == failed


def test_a_tier_without_any_test_says_so(tmp_path):
    assert runner.run(runner.Tier("journey", folder=tmp_path)) == Tally(left_out={"no tests yet": 0})


def test_the_tiers_of_the_runner_are_those_of_the_folders():
    folders = {tier.folder.name: tier.arguments for tier in runner.TIERS if tier.folder}
    assert folders == {name: ("-m", tiers.FOLDERS[name]) for name in ("journeys", "endurance")}
    assert [tier.arguments for tier in runner.TIERS if "pages" in tier.arguments] == [
        ("-m", "pages"),
        ("-m", "pages", "--database=postgres"),
    ]
