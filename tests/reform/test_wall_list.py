"""The list behind the wall: every cell once, in pages that begin behind a key."""

import pytest

from reform import wall_list
from tests.reform.walls import county, grid

pytestmark = pytest.mark.django_db


@pytest.fixture
def found():
    county()
    return grid()


def names(page):
    return [(row.cell.column.name, row.cell.unit.code) for row in page.rows]


def test_it_lists_every_cell_but_the_roll_ups(found):
    cells = [(cell.column.name, cell.unit.code) for cell in found.cells if not cell.rollup]
    assert names(wall_list.page(found, size=1000)) == cells


@pytest.mark.parametrize("size", [1, 7, 50, 55])
def test_going_on_shows_each_row_once(found, size):
    everything, after, seen = names(wall_list.page(found, size=1000)), "", []
    while True:
        page = wall_list.page(found, after, size=size)
        seen += names(page)
        assert page.count == len(everything)
        if not page.after:
            break
        after = page.after
    assert seen == everything


def test_going_back_shows_the_page_before(found):
    second = wall_list.page(found, wall_list.page(found, size=7).after, size=7)
    back = wall_list.page(found, before=second.before, size=7)
    assert names(back) == names(wall_list.page(found, size=7))
    assert (second.first, second.last, back.first) == (8, 14, 1)


def test_a_key_stays_where_it_is_when_rows_before_it_go(found):
    page = wall_list.page(found, size=7)
    fewer = found.narrowed(lambda cell: (cell.column.name, cell.unit.code) not in names(page)[:3])
    assert names(wall_list.page(fewer, page.after, size=7)) == names(wall_list.page(found, page.after, size=7))


@pytest.mark.parametrize("key", ["x", "0", "1.nobody", "-1.scj", "99999999.scj", ".", "１.scj", "\0"])
def test_a_key_that_names_nothing_is_none(found, key):
    assert names(wall_list.page(found, key)) == names(wall_list.page(found))
    assert names(wall_list.page(found, before=key)) == names(wall_list.page(found))


def test_a_key_behind_the_last_row_gives_the_last_page(found):
    assert names(wall_list.page(found, "9999.scj", size=5)) == names(wall_list.page(found, size=1000))[-5:]


def test_nothing_found_is_an_empty_page(found):
    nothing = found.narrowed(lambda cell: bool(cell.rollup))
    page = wall_list.page(nothing, "0.sfj")
    assert (page.rows, page.count, page.after, page.before) == ([], 0, "", "")
