"""评查得分汇总: what the round's page shows, to whom it shows it, and nothing before all sheets are in."""

from __future__ import annotations

import datetime as dt

import pytest

from liaisons import roles
from reform.case_review import publishing
from reform.models import ReviewRound
from tests.cast import Cast, client_of, gather
from tests.factories import UserFactory, moment
from tests.reform.case_review import rounds_of
from tests.reform.case_review.rounds_of import took
from tests.reform.workbooks.taking import below_heads, rows
from xingxian_portal.foundation import clock

SLUG = "review-scores"


@pytest.fixture(scope="module")
def made(standing) -> tuple[Cast, ReviewRound]:
    """Give a round whose first file lost 30 points for a text that reads like a formula; results are with the units."""
    people = gather()
    return people, rounds_of.fed_back(people.sfj, took("30", problem="=1+1"))


@pytest.fixture
def round_(made, db) -> ReviewRound:
    return made[1]


@pytest.fixture
def people(made, db) -> Cast:
    return made[0]


def liaison_of(round_, place: int = 0):
    return UserFactory(unit=round_.drawn.order_by("number")[place].case_file.unit, role=roles.LIAISON)


def test_every_file_stands_there_with_both_scores_and_what_they_come_to(people, round_):
    read = rows(people.sfj, SLUG)
    files = below_heads(read, "序号")[1:]
    assert "共 3 行" in read[1][0]
    assert "尚未通报" in read[1][0]
    assert sorted(row[5:7] + row[9:11] for row in files) == [
        [70.0, 70.0, 70.0, "合格"], [100.0, 100.0, 100.0, "优秀"], [100.0, 100.0, 100.0, "优秀"],
    ]  # fmt: skip


def test_counts_are_those_of_the_page(people, round_):
    page = client_of(people.sfj).get(f"/reviews/{round_.pk}/").content.decode()
    units = below_heads(rows(people.sfj, SLUG, 1), "名次")[1:]
    assert [row[3] for row in units] == [100.0, 100.0, 70.0]
    assert all(row[1] in page for row in units)
    (one,) = below_heads(rows(people.sfj, SLUG, 2), "序号")
    assert one[1:5] == ["法律适用", 1.0, 1.0, 30.0]


def test_every_deduction_stands_there_as_text(people, round_):
    taken = below_heads(rows(people.sfj, SLUG, 3), "序号")
    assert [(row[4], row[5], row[7], row[8]) for row in taken] == [
        ("=1+1", "21", 30.0, "评查一"), ("=1+1", "21", 30.0, "评查二"),
    ]  # fmt: skip


def test_a_unit_takes_its_own_files_and_no_ranking_before_it_is_made_known(round_):
    read = [rows(liaison_of(round_), SLUG, number) for number in (0, 1)]
    assert [len(below_heads(one, "序号")) for one in read] == [2, 2]
    assert "本单位案卷" in read[0][1][0]


def test_the_county_leader_takes_what_is_compared_once_it_is_known(people, round_):
    assert "没有可以导出的得分" in client_of(people.lingdao).get(f"/exports/{SLUG}/", follow=True).content.decode()
    with clock.held_at(moment(dt.date(2022, 6, 9))):
        publishing.publish(round_, by=people.sfjld)
    assert len(below_heads(rows(people.lingdao, SLUG), "名次")) == 4


def test_nothing_goes_out_before_all_sheets_are_in(people, db):
    round_ = rounds_of.a_started_round(people.sfj)
    answer = client_of(people.sfj).get(f"/exports/{SLUG}/", {"round": round_.pk}, follow=True)
    assert "没有可以导出的得分" in answer.content.decode()


def test_a_reviewer_is_offered_none(people, round_):
    assert client_of(people.pingcha).get(f"/exports/{SLUG}/").status_code == 404
