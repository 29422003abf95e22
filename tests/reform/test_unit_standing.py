"""How a unit stands: rates over what is due, what came back, open problems; and who sees it."""

import datetime as dt

import pytest

from reform import problems, review, unit_standing
from reform.states import State
from tests.cast import department, township
from tests.factories import ObligationFactory, moment
from tests.reform.filings import hand_in
from tests.reform.views.bureau import let_it_be_noon, page

JUNE_20, JUNE_24 = dt.date(2022, 6, 20), dt.date(2022, 6, 24)
AT = moment(JUNE_20, 12)
MAY_31 = dt.date(2022, 5, 31)


@pytest.fixture
def duties(cast):
    town = township()
    filed = ObligationFactory(unit=town, due_on=MAY_31)
    hand_in(filed, cast.weifen, MAY_31)
    returned = ObligationFactory(unit=town, due_on=MAY_31)
    hand_in(returned, cast.weifen, MAY_31)
    review.send_back(returned, by=cast.sfj, reason="人数不明。", mend_by=JUNE_24, at=AT)
    ObligationFactory(unit=town, due_on=MAY_31, state=State.EXEMPT)
    ObligationFactory(unit=town, due_on=MAY_31)
    ObligationFactory(unit=town)
    problems.raise_problem(filed, filed.milestone.task, "请协调车辆。", by=cast.weifen, at=AT)
    return list(town.obligations.select_related("milestone"))


def test_a_unit_stands_with_its_rates_what_came_back_and_its_problems(cast, duties, django_assert_num_queries):
    with django_assert_num_queries(2):  # the problems, and the roles of who asks
        found = unit_standing.of(cast.sfj, township(), duties, JUNE_20)
    assert (found.rates.due, found.rates.on_time, found.rates.closed) == (3, 2, 0)
    assert [row.mend_by for row in found.returned] == [JUNE_24]
    assert [problem.text for problem in found.problems] == ["请协调车辆。"]


@pytest.mark.parametrize(
    ("name", "sees", "problems_seen"),
    [("sfj", True, 1), ("sfjld", True, 1), ("lingdao", True, 0), ("weifen", True, 1), ("weifenld", True, 1),
     ("scj", False, 0), ("admin", False, 0), ("anquan", False, 0), ("audit", False, 0), ("pingcha", False, 0)],
)  # fmt: skip
def test_who_sees_how_a_unit_stands(cast, duties, name, sees, problems_seen):
    user = getattr(cast, name)
    assert unit_standing.may_see(user, township()) == sees
    assert len(unit_standing.of(user, township(), duties, JUNE_20).problems) == problems_seen


def test_the_page_of_a_unit_says_it_to_those_alone(cast, duties):
    let_it_be_noon()
    html = page(cast.sfj, f"/units/{township().pk}/")
    assert "2 项，66.6%" in html
    assert "请协调车辆。" in html
    assert "6月24日前" in html
    assert "完成情况" not in page(cast.scj, f"/units/{township().pk}/")
    assert "完成情况" in page(cast.scj, f"/units/{department().pk}/")
