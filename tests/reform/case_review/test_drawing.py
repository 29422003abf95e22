from __future__ import annotations

import hashlib

from hypothesis import given
from hypothesis import strategies as st

from reform.case_review import drawing
from reform.case_review.drawing import Candidate

candidates = st.lists(
    st.builds(
        Candidate, st.sampled_from(["a", "b", "c"]), st.sampled_from(["punish", "licence"]), st.integers(0, 40).map(str)
    ),
    unique_by=lambda one: one.line,
    max_size=60,
)
quotas = st.fixed_dictionaries({"punish": st.integers(1, 5)}, optional={"licence": st.integers(1, 3)})


@given(candidates, quotas, st.text(min_size=1, max_size=20))
def test_of_each_stratum_as_many_are_drawn_as_asked_or_all_there_are(population, per_unit, seed):
    drawn = drawing.draw(population, per_unit, seed)

    for stratum in {one.stratum for one in population}:
        size = sum(one.stratum == stratum for one in population)
        assert sum(one.stratum == stratum for one in drawn) == min(size, per_unit.get(stratum[1], 0))
    assert len(set(drawn)) == len(drawn)


@given(candidates, quotas, st.text(min_size=1, max_size=20), st.randoms())
def test_the_same_seed_draws_the_same_files_in_whatever_order_the_register_lies(population, per_unit, seed, dice):
    shuffled = list(population)
    dice.shuffle(shuffled)

    assert drawing.draw(shuffled, per_unit, seed) == drawing.draw(population, per_unit, seed)


def test_a_mark_is_what_any_tool_makes_of_seed_line_break_and_line():
    one = Candidate("scj", "punish", "兴市监罚〔2022〕17号")

    assert (
        drawing.mark("6812", one.line) == hashlib.sha256("6812\nscj|punish|兴市监罚〔2022〕17号".encode()).hexdigest()
    )


def test_another_seed_draws_others():
    population = [Candidate("a", "punish", str(number)) for number in range(50)]

    assert drawing.draw(population, {"punish": 5}, "1") != drawing.draw(population, {"punish": 5}, "2")
