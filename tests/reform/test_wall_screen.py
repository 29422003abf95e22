"""The big screen: a part at a time that can be read from afar, and all of it in turn."""

import pytest

from liaisons.models import GroupMember
from reform import issue, wall_screen
from tests.factories import UnitFactory
from tests.reform.walls import ISSUED, county, grid

pytestmark = pytest.mark.django_db


@pytest.fixture
def many():
    here = county(issued=False)
    for _ in range(25):
        GroupMember.objects.create(group=here.townships, unit=UnitFactory(township=True))
    issue.issue(here.plan, by=here.officer, at=ISSUED)
    return grid()


def test_few_units_are_shown_together_first_the_dated_nodes_then_the_others():
    county()
    whole = grid()
    first = wall_screen.turn(whole, "")
    second = wall_screen.turn(whole, "2")
    assert (first.number, first.of, first.next, second.next) == (1, 2, 2, 1)
    assert {column.part for column in first.grid.columns} == {"dated"}
    assert {column.part for column in second.grid.columns} == {"undated", "continuous"}
    assert [line.unit for line in first.grid.lines] == [line.unit for line in whole.lines]


def test_all_turns_together_show_every_cell_once(many):
    turns = [wall_screen.turn(many, str(number)) for number in range(1, wall_screen.turn(many, "").of + 1)]
    shown = [(cell.unit.pk, cell.column.key) for turn in turns for cell in turn.grid.cells]
    assert len(shown) == len(set(shown))
    assert set(shown) == {(cell.unit.pk, cell.column.key) for cell in many.cells}


def test_no_turn_has_more_units_than_can_be_read(many):
    for number in range(1, wall_screen.turn(many, "").of + 1):
        assert len(wall_screen.turn(many, str(number)).grid.lines) <= wall_screen.MOST_LINES


def test_the_tally_stays_that_of_the_whole_wall(many):
    whole = {line.unit.pk: (line.closed, line.owed) for line in many.lines}
    for line in wall_screen.turn(many, "1").grid.lines:
        assert (line.closed, line.owed) == whole[line.unit.pk]


@pytest.mark.parametrize("asked", ["0", "99", "-1", "x", "１", "9" * 30, ""])
def test_a_turn_that_is_not_there_is_the_first(many, asked):
    assert wall_screen.turn(many, asked).number == 1


def test_an_empty_wall_has_one_empty_turn(many):
    nothing = wall_screen.turn(many.narrowed(lambda cell: False), "3")
    assert (nothing.number, nothing.of, nothing.next, nothing.grid.lines) == (1, 1, 1, ())
