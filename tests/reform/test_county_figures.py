"""Figures that higher apps add below those of the wall: of all for whom totals are, of a day gone by as of that day."""

from __future__ import annotations

import pytest

from liaisons import roles
from reform import county_figures
from reform.county_figures import CountyFigure
from tests.cast import client_of
from tests.factories import UserFactory
from tests.reform.walls import TODAY, county, it_is

LINE = '<a href="/rows/">走访 <b>12</b> 户</a>'


@pytest.fixture
def asked(db, monkeypatch):
    """Put one source into an empty registry; gives the periods it was asked for."""
    periods = []

    def source(first, last):
        periods.append((first, last))
        return [CountyFigure("走访", "12", "户", "/rows/")]

    monkeypatch.setattr(county_figures, "_sources", [])
    county_figures.learn(source)
    county_figures.learn(source)
    it_is(TODAY)
    return periods


def test_the_wall_shows_them_to_the_bureau_and_to_county_leaders_from_the_plans_day_on(asked):
    here = county()
    leader = UserFactory(unit=None, role=roles.COUNTY_LEADER)
    for user in (here.officer, leader):
        assert client_of(user).get("/wall/").content.decode().count(LINE) == 1
    assert set(asked) == {(here.plan.dated_on, TODAY)}
    client_of(leader).get("/wall/?on=2022-05-02")
    assert asked[-1] == (here.plan.dated_on, TODAY.replace(month=5, day=2))


def test_a_unit_sees_the_wall_without_them(asked):
    here = county()
    assert LINE not in client_of(UserFactory(unit=here.fen, role=roles.LIAISON)).get("/wall/").content.decode()
