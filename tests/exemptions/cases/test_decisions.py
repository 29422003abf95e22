"""Which decisions are possible, rule by rule."""

import datetime as dt
from dataclasses import replace

import pytest

from exemptions.cases.decisions import Condition, Correction, Facts, obstacles
from exemptions.cases.kinds import FORGIVING, Decision

MET = Condition("初次违法", True, True)
FIRST = Facts(
    is_first_offence_kind=True, is_no_fault_kind=False, conditions=[MET], is_first=True, correction=Correction.IN_TIME,
    awaits_recheck=False, deadline=dt.date(2022, 6, 10), officers=2, today=dt.date(2022, 6, 20),
)  # fmt: skip


def test_all_fits_and_everything_but_a_penalty_is_possible():
    assert [decision for decision in Decision if obstacles(decision, FIRST)] == [Decision.TRANSFER]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"conditions": [MET, replace(MET, met=None)]}, "还有免罚条件没有核对"),
        ({"conditions": [replace(MET, met=False)]}, "有免罚条件不满足"),
        ({"conditions": [replace(MET, proven=False)]}, "逐条写明证据"),
        ({"is_first": None}, "须先查询首违情况"),
        ({"is_first": False}, "不是初次违法"),
        ({"correction": Correction.UNKNOWN}, "还没有改正情况"),
        ({"correction": Correction.NOT}, "没有在期限内改正"),
        ({"correction": Correction.LATE}, "没有在期限内改正"),
        ({"officers": 1}, "不得少于两人"),
        ({"awaits_recheck": True}, "须先复查"),
    ],
)
def test_what_stands_against_forgiving(change, says):
    for decision in FORGIVING:
        found = obstacles(decision, replace(FIRST, **change))
        assert len(found) == 1
        assert says in found[0]


@pytest.mark.parametrize("correction", [Correction.BEFORE, Correction.ON_THE_SPOT, Correction.IN_TIME])
def test_each_way_of_correcting_in_good_time_will_do(correction):
    assert obstacles(Decision.NO_PENALTY, replace(FIRST, correction=correction)) == []


def test_a_minor_case_asks_for_no_check_and_one_without_fault_for_no_correction():
    minor = replace(FIRST, is_first_offence_kind=False, is_first=None)
    assert obstacles(Decision.NO_PENALTY, minor) == []
    no_fault = replace(minor, is_no_fault_kind=True, correction=Correction.UNKNOWN, deadline=None)
    assert obstacles(Decision.NO_PENALTY, no_fault) == []


def test_lighter_and_mitigated_ask_for_the_recheck_alone():
    bare = replace(FIRST, conditions=[], is_first=None, correction=Correction.LATE)
    for decision in (Decision.LIGHTER, Decision.MITIGATED):
        assert obstacles(decision, bare) == []
        assert obstacles(decision, replace(bare, awaits_recheck=True)) != []


@pytest.mark.parametrize(
    ("change", "possible"),
    [
        ({}, False),
        ({"correction": Correction.NOT}, True),
        ({"correction": Correction.NOT, "today": dt.date(2022, 6, 10)}, False),
        ({"correction": Correction.LATE}, True),
        ({"is_first": False}, True),
        ({"conditions": [replace(MET, met=False)]}, True),
        ({"correction": Correction.NOT, "awaits_recheck": True}, False),
    ],
)
def test_a_penalty_case_needs_a_ground(change, possible):
    assert (obstacles(Decision.TRANSFER, replace(FIRST, **change)) == []) is possible
