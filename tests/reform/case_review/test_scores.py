from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reform.case_review import scores
from reform.case_review.scores import EXCELLENT, FAILED, GOOD, PASSED, Score
from reform.models import ReviewStandard, ReviewVeto

POINTS = {"a": Decimal(5), "b": Decimal("0.5"), "c": Decimal(10), "d": Decimal("84.5")}
amounts = st.decimals("0.01", 90, places=2)
taken = st.lists(st.tuples(st.sampled_from(sorted(POINTS)), amounts), max_size=12)
absent = st.sets(st.sampled_from(sorted(POINTS)))
STANDARD = ReviewStandard(excellent_from=Decimal(90), good_from=Decimal(80), pass_from=Decimal(60))


@given(taken, absent)
def test_the_raw_score_is_the_sum_of_what_is_left_of_what_applies(lost, away):
    left = scores.left(POINTS, lost)

    assert scores.score(POINTS, lost, away).raw == sum(left[code] for code in POINTS if code not in away)
    assert all(0 <= left[code] <= POINTS[code] for code in POINTS)


@given(taken, absent, st.randoms())
def test_the_order_of_deductions_does_not_matter(lost, away, dice):
    shuffled = list(lost)
    dice.shuffle(shuffled)

    assert scores.score(POINTS, shuffled, away) == scores.score(POINTS, lost, away)


@given(taken, absent, st.sets(st.sampled_from([ReviewVeto.FAIL, ReviewVeto.BAR])))
def test_the_scaled_score_keeps_within_0_and_100(lost, away, effects):
    got = scores.score(POINTS, lost, away, effects)

    assert 0 <= got.scaled <= 100
    assert 0 <= got.final <= got.scaled


@given(taken, amounts, st.sampled_from(sorted(POINTS)))
def test_one_more_deduction_never_raises_a_score(lost, more, code):
    assert scores.score(POINTS, [*lost, (code, more)]).scaled <= scores.score(POINTS, lost).scaled


def test_an_item_is_never_worth_less_than_nothing():
    assert scores.score(POINTS, [("a", Decimal(4)), ("a", Decimal(4))]).raw == Decimal(95)


def test_what_does_not_apply_leaves_the_denominator():
    got = scores.score(POINTS, [("a", Decimal(1))], ["c"])

    assert (got.raw, got.applicable, got.scaled, got.is_scaled) == (Decimal(89), Decimal(90), Decimal("98.89"), True)


def test_a_veto_that_fails_makes_nothing_of_it_and_one_that_bars_keeps_from_the_best():
    failing = scores.score(POINTS, [], (), [ReviewVeto.FAIL])
    barring = scores.score(POINTS, [], (), [ReviewVeto.BAR])

    assert (failing.final, scores.grade(failing, STANDARD)) == (0, FAILED)
    assert (barring.final, scores.grade(barring, STANDARD)) == (100, GOOD)


@pytest.mark.parametrize(
    ("final", "grade"),
    [
        ("100", EXCELLENT),
        ("90", EXCELLENT),
        ("89.99", GOOD),
        ("80", GOOD),
        ("79.99", PASSED),
        ("60", PASSED),
        ("59.99", FAILED),
    ],
)
def test_grades_begin_at_their_cut_off(final, grade):
    assert scores.grade(Score(Decimal(final), Decimal(100), Decimal(final)), STANDARD) == grade


@pytest.mark.parametrize(
    ("one", "other", "far"),
    [
        (Score(Decimal(90), Decimal(100), Decimal(90)), Score(Decimal(80), Decimal(100), Decimal(80)), False),
        (Score(Decimal(90), Decimal(100), Decimal("90.01")), Score(Decimal(80), Decimal(100), Decimal(80)), True),
        (Score(Decimal(5), Decimal(100), Decimal(5), fails=True), Score(Decimal(5), Decimal(100), Decimal(5)), True),
        (Score(Decimal(5), Decimal(100), Decimal(5), barred=True), Score(Decimal(5), Decimal(100), Decimal(5)), True),
    ],
)
def test_a_third_looks_beyond_the_tolerance_and_where_vetoes_disagree(one, other, far):
    assert scores.differ(one, other, Decimal(10)) is far


def test_two_within_the_tolerance_come_to_their_mean():
    both = [scores.score(POINTS, [("a", Decimal(1))]), scores.score(POINTS, [("c", Decimal("2.25"))])]

    assert scores.joined(both).scaled == Decimal("98.38")  # (99 + 97.75) / 2, halves upwards
