"""The draw over thousands of seeds: fair within each stratum, never a conflict, always repeatable."""

from __future__ import annotations

from collections import Counter

import pytest

from reform.case_review import assignment, drawing
from reform.case_review.drawing import Candidate

SEEDS = 2000
# Files of each stratum, and how many are drawn of it.
STRATA = [
    ("scj", "punish", 12, 2),
    ("jtj", "punish", 5, 2),
    ("scj", "licence", 9, 1),
    ("sthjj", "punish", 2, 2),
    ("wlj", "punish", 1, 2),
]
# 0.1 % points of chi-square by degrees of freedom: a fair draw passes at these fixed seeds or the draw is not fair.
CRITICAL = {11: 31.26, 4: 18.47, 8: 26.12}
POPULATION = [Candidate(unit, kind, f"样罚〔2022〕{n}号") for unit, kind, size, _ in STRATA for n in range(size)]
QUOTAS = {"punish": 2, "licence": 1}


@pytest.fixture(scope="module")
def drawn() -> Counter[Candidate]:
    """Count how often each file was drawn."""
    counted: Counter[Candidate] = Counter()
    for seed in range(SEEDS):
        counted.update(drawing.draw(POPULATION, QUOTAS, f"{seed:06}"))
    return counted


@pytest.mark.parametrize(("unit", "kind", "size", "quota"), STRATA)
def test_every_file_of_a_stratum_is_drawn_as_often_as_any_other(drawn, unit, kind, size, quota):
    of_it = [one for one in POPULATION if one.stratum == (unit, kind)]
    expected = SEEDS * min(quota, size) / size
    if size <= quota:
        assert [drawn[one] for one in of_it] == [SEEDS] * size
        return
    # Drawn without replacement: the counts vary less than independent ones by this factor.
    factor = (size - 1) / size * 1 / (1 - quota / size)
    chi_square = factor * sum((drawn[one] - expected) ** 2 / expected for one in of_it)
    assert chi_square < CRITICAL[size - 1]


def test_pairs_are_drawn_as_often_as_any_other_pair():
    of_it = [one for one in POPULATION if one.stratum == ("jtj", "punish")]
    pairs = Counter(frozenset(drawing.draw(of_it, QUOTAS, f"{seed:06}")) for seed in range(SEEDS))
    expected = SEEDS / 10

    assert len(pairs) == 10
    assert sum((found - expected) ** 2 / expected for found in pairs.values()) < 27.88  # 0.1 %, 9 degrees


def test_over_all_seeds_nobody_ever_meets_a_file_they_are_barred_from_and_loads_stay_even():
    files, people = list(range(24)), list(range(100, 106))
    barred = {(100 + file % 6, file) for file in files} | {(100, 7), (101, 14), (102, 21)}
    for seed in range(SEEDS // 4):
        given = assignment.assign(files, people, barred, f"{seed:06}")
        load = Counter(one for hands in given.values() for one in hands)
        assert not barred & {(one, file) for file, hands in given.items() for one in hands}
        assert max(load.values()) - min(load.values()) <= 1
