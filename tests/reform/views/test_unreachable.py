"""Units of whose duties nobody hears: the bureau's page, the figure on its desk, the line on the unit's workbench."""

from __future__ import annotations

import datetime as dt

import pytest

from liaisons import contact_ways
from liaisons.models import Suppression, User
from reform.states import State
from tests.cast import account, client_of
from tests.factories import MilestoneFactory, ObligationFactory, UnitFactory
from tests.reform.views.bureau import NOON, NOT_THE_BUREAU, let_it_be_noon, page

ADDRESS, FIGURE = "/desk/contacts/", "没有有效联系人的单位"


@pytest.fixture(autouse=True)
def _noon(db):
    let_it_be_noon()


def silence(*users: User) -> None:
    User.objects.filter(pk__in=[user.pk for user in users]).update(is_active=False)


def test_while_everybody_hears_there_is_no_figure_and_the_page_says_so(cast):
    assert FIGURE not in page(cast.sfj, "/desk/")
    assert "每个单位都有有效联系人" in page(cast.sfj, ADDRESS)


def test_the_desk_counts_the_units_and_leads_to_the_page_with_their_duties(cast):
    for days in range(5):
        title = f"样例事项{days}"
        due = dt.date(2022, 6, 30) - dt.timedelta(days=days)
        ObligationFactory(unit=cast.weifen.unit, milestone=MilestoneFactory(title=title, due_on=due))
    ObligationFactory(unit=cast.weifen.unit, milestone=MilestoneFactory(title="办完的"), closed=True)
    silence(cast.weifen)
    UnitFactory(name="无人局")

    assert f'href="{ADDRESS}">{FIGURE} 2</a>' in page(cast.sfj, "/desk/")
    html = page(cast.sfj, ADDRESS)
    assert "2 个单位、5 件未办结的事项" in html
    assert [word in html for word in ("样例事项4", "样例事项2", "样例事项1", "办完的", "另有 2 件")] == [
        True, True, False, False, True,
    ]  # fmt: skip
    assert html.index("蔚汾镇人民政府") < html.index("无人局")
    assert ("账号已停用" in html, "没有登记联络员、填报员" in html) == (True, True)


@pytest.mark.parametrize(("state", "counts"), [(State.ONGOING, 1), (State.EXEMPT, 0), (State.REVIEW, 1)])
def test_what_is_open_counts_with_or_without_a_day(cast, state, counts):
    ObligationFactory(unit=cast.weifen.unit, state=state)
    silence(cast.weifen)
    assert f"1 个单位、{counts} 件未办结的事项" in page(cast.sfj, ADDRESS)


def test_the_bureau_itself_is_listed_when_it_owes_something(cast):
    silence(cast.sfjld, cast.sfj)
    reader = account("zhi", "支援", UnitFactory(code="zy"), None)
    reader.role_grants.create(role="officer", unit=reader.unit, granted_at=NOON)
    assert "县司法局</th>" not in page(reader, ADDRESS)
    ObligationFactory(unit=cast.sfj.unit)
    assert "县司法局</th>" in page(reader, ADDRESS)


def test_a_unit_is_told_on_its_workbench_and_shown_what_to_do(cast):
    assert "提醒送不到本单位" not in page(cast.weifen, "/")
    silence(cast.weifen)
    html = page(cast.weifenld, "/")
    assert "提醒送不到本单位：联络员蔚汾联络账号已停用。" in html
    assert f'href="/roster/{cast.weifen.unit_id}/"' in html


def test_whose_own_address_is_broken_is_led_to_the_page_for_it(cast):
    row = contact_ways.keep(
        cast.weifen, email="a@example.com", first_channel="mail", digest_time=dt.time(9), by=cast.weifen
    )
    shut = {"channel": "mail", "address_digest": row.email_digest, "reason": "hard_bounce", "at": NOON}
    Suppression.objects.create(user=cast.weifen, **shut)

    assert "您的新地址在" in page(cast.weifen, "/")
    assert "您的新地址在" not in page(cast.weifenld, "/")
    assert f'href="/contact/{cast.weifen.pk}/"' in page(cast.sfj, ADDRESS)


@pytest.mark.parametrize("name", NOT_THE_BUREAU)
def test_nobody_else_finds_the_page(cast, name):
    assert client_of(getattr(cast, name)).get(ADDRESS).status_code == 404


@pytest.mark.parametrize("number", [1, 8])
def test_many_units_with_many_duties_cost_the_same(cast, number, django_assert_num_queries):
    for _ in range(number):
        ObligationFactory.create_batch(2, unit=UnitFactory())
    client = client_of(cast.sfj)
    with django_assert_num_queries(9):
        client.get(ADDRESS)
