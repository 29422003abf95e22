"""What a sheet comes to: pure arithmetic over points, deductions and vetoes; the portal alone computes it.

An item is worth its points less what was taken, never below nothing. What does not apply leaves the denominator: the
score is 得分 ÷ 适用分值 × 100. A veto that fails makes it 0, one that bars keeps it from 优秀.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from reform.models import ReviewStandard, ReviewVeto

CENT = Decimal("0.01")
WHOLE = Decimal(100)
NOTHING = Decimal(0)
EXCELLENT, GOOD, PASSED, FAILED = "优秀", "良好", "合格", "不合格"
GRADES = (EXCELLENT, GOOD, PASSED, FAILED)


@dataclass(frozen=True)
class Score:
    """What one sheet comes to: points left of those that apply, scaled to 100, and what its vetoes do to it."""

    raw: Decimal
    applicable: Decimal
    scaled: Decimal
    fails: bool = False
    barred: bool = False

    @property
    def final(self) -> Decimal:
        """Give what counts."""
        return NOTHING if self.fails else self.scaled

    @property
    def is_scaled(self) -> bool:
        """Say whether something did not apply."""
        return self.applicable != WHOLE


def left(points: Mapping[str, Decimal], taken: Iterable[tuple[str, Decimal]]) -> dict[str, Decimal]:
    """Give what is left of each item's points (扣完为止，不计负分)."""
    lost: dict[str, Decimal] = defaultdict(Decimal)
    for code, amount in taken:
        lost[code] += amount
    return {code: max(NOTHING, full - lost[code]) for code, full in points.items()}


def score(
    points: Mapping[str, Decimal],
    taken: Iterable[tuple[str, Decimal]],
    absent: Collection[str] = (),
    effects: Collection[str] = (),
) -> Score:
    """Give what a sheet comes to; `points` are the standard's, `effects` those of the vetoes found."""
    applying = {code: full for code, full in points.items() if code not in absent}
    raw, applicable = sum(left(applying, taken).values(), NOTHING), sum(applying.values(), NOTHING)
    return Score(
        raw, applicable, rounded(raw / applicable * WHOLE) if applicable else NOTHING,
        fails=ReviewVeto.FAIL in effects, barred=ReviewVeto.BAR in effects,
    )  # fmt: skip


def rounded(value: Decimal) -> Decimal:
    """Give a score with two decimals, halves upwards."""
    return value.quantize(CENT, ROUND_HALF_UP)


def differ(one: Score, other: Score, tolerance: Decimal) -> bool:
    """Say whether two reviewers are so far apart that a third must look: in points, or in what their vetoes do."""
    apart = abs(one.final - other.final) > tolerance
    return apart or (one.fails, one.barred) != (other.fails, other.barred)


def joined(scores: Collection[Score]) -> Score:
    """Give what sheets within the tolerance come to together: their mean."""
    number = Decimal(len(scores))
    return Score(
        rounded(sum((one.raw for one in scores), NOTHING) / number),
        rounded(sum((one.applicable for one in scores), NOTHING) / number),
        rounded(sum((one.scaled for one in scores), NOTHING) / number),
        fails=any(one.fails for one in scores),
        barred=any(one.barred for one in scores),
    )


def grade(counted: Score, standard: ReviewStandard) -> str:
    """Give the grade that a score has under the cut-offs of its standard."""
    if counted.fails or counted.final < standard.pass_from:
        return FAILED
    if counted.final >= standard.excellent_from and not counted.barred:
        return EXCELLENT
    return GOOD if counted.final >= standard.good_from else PASSED
