from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reform.case_review import assignment


@st.composite
def tables(draw):
    """Give files, reviewers and who is barred from what, so that every file keeps two."""
    files = list(range(draw(st.integers(1, 20))))
    people = list(range(100, 100 + draw(st.integers(2, 8))))
    barred = draw(st.sets(st.tuples(st.sampled_from(people), st.sampled_from(files)), max_size=40))
    return files, people, {(one, file) for one, file in barred if sum((p, file) not in barred for p in people) >= 2}


@given(tables(), st.text(max_size=5))
def test_every_file_has_two_different_reviewers_who_are_not_barred(table, seed):
    files, people, barred = table
    given_ = assignment.assign(files, people, barred, seed)

    assert sorted(given_) == files
    assert all(len(set(hands)) == 2 for hands in given_.values())
    assert not [(one, file) for file, hands in given_.items() for one in hands if (one, file) in barred]


@given(st.integers(1, 40), st.integers(2, 9), st.text(max_size=5))
def test_the_load_is_even_when_nobody_is_barred(number, people, seed):
    given_ = assignment.assign(list(range(number)), list(range(100, 100 + people)), set(), seed)
    load = Counter(one for hands in given_.values() for one in hands)

    assert max(load.values()) - min(load[one] for one in range(100, 100 + people)) <= 1


@given(st.integers(3, 8), st.integers(1, 4), st.text(max_size=5))
def test_the_load_is_even_when_each_is_barred_from_the_own_unit(units, per_unit, seed):
    files = list(range(units * per_unit))
    people = list(range(100, 100 + units))
    barred = {(100 + file // per_unit, file) for file in files}
    load = Counter(one for hands in assignment.assign(files, people, barred, seed).values() for one in hands)

    assert max(load.values()) - min(load[one] for one in people) <= 1


@given(tables(), st.text(max_size=5))
def test_the_same_seed_assigns_the_same(table, seed):
    assert assignment.assign(*table, seed) == assignment.assign(*table, seed)


def test_a_chain_of_hand_overs_evens_out_what_one_swap_cannot():
    # 1 may do everything, 2 the files 0 to 3, 3 file 0 alone: only by handing on from 1 over 2 does 3 get it.
    barred = {(2, 4), (2, 5), (3, 1), (3, 2), (3, 3)}
    given_ = assignment.assign([0, 1, 2, 3], [1, 2, 3, 4], barred - {(2, 4), (2, 5)}, "x")
    load = Counter(one for hands in given_.values() for one in hands)

    assert load[3] == 1
    assert max(load.values()) - load[3] <= 2


def test_a_file_that_nobody_may_review_is_named():
    with pytest.raises(assignment.NobodyLeft) as refused:
        assignment.assign([1, 2], [7, 8], {(7, 2)}, "x")

    assert refused.value.files == [2]
