"""The pages of the wall: who sees what, any day, bad questions, and what they cost."""

import re

import pytest
from django.test import Client

from liaisons import roles
from reform import issue, proposals
from reform.models import Urging
from reform.states import State, Verb
from tests.cast import client_of
from tests.factories import GroupFactory, MilestoneFactory, PlanFactory, TaskFactory, UnitFactory, UserFactory, moment
from tests.reform.walls import TODAY, close, county, day, file, it_is, lead

pytestmark = pytest.mark.django_db
ASIDE = '<aside class="card"'
FRAME = 4  # business time, session, account with unread notices, role grants


@pytest.fixture
def here(db):
    it_is(TODAY)
    return county()


def page(user, address="/wall/", **headers):
    response = client_of(user).get(address, headers=headers)
    assert response.status_code == 200
    return response.content.decode()


def leader():
    return UserFactory(unit=None, role=roles.COUNTY_LEADER)


def of_unit(unit):
    return UserFactory(unit=unit, role=roles.LIAISON)


def test_the_wall_costs_eight_queries_with_one_row_and_with_many(here, django_assert_num_queries):
    order = PlanFactory(order=True, code="single")
    MilestoneFactory(task=TaskFactory(plan=order), binds=[here.finance])
    issue.issue(order, by=here.officer, at=moment(day(6, 2)))
    many = PlanFactory(order=True, code="many")
    units = GroupFactory(units=UnitFactory.create_batch(30))
    for month in range(6, 13):
        MilestoneFactory(task=TaskFactory(plan=many), due_on=day(month, 15), binds=[units])
    issue.issue(many, by=here.officer, at=moment(day(6, 2)))

    for plan, cells in (("single", 1), ("many", 210)):
        client = client_of(here.officer)
        with django_assert_num_queries(FRAME + 4):  # source, rows, proposals, the cases' figures
            html = client.get(f"/wall/?plan={plan}").content.decode()
        assert html.count("data-unit=") == cells
        with django_assert_num_queries(FRAME + 3):  # nothing changed: source, proposals and the cases' figures
            client.get(f"/wall/?plan={plan}")


@pytest.mark.parametrize(
    ("address", "more"),  # the page itself asks for the cases' figures too
    [("/wall/?on=2022-05-01", 1), ("/wall/?on=2022-07-25", 1), ("/wall/screen/", 0), ("/obligations/", 0)],
)
def test_other_faces_of_it_cost_no_more(here, address, more, django_assert_num_queries):
    client = client_of(here.officer)
    with django_assert_num_queries(FRAME + 2 + more):
        client.get(address)
    with django_assert_num_queries(FRAME + 1 + more):
        client.get(address)


def test_a_move_is_on_the_wall_at_once(here):
    client = client_of(here.officer)
    before = client.get("/wall/").content.decode()
    close(here.row(here.fen, "list"), TODAY)
    after = client.get("/wall/").content.decode()
    count = 'data-milestone="list" data-due="2022-04-30" data-light="late-closed"'
    assert (before.count(count), after.count(count)) == (0, 1)


def test_the_bureau_sees_what_it_must_do(here):
    file(here.row(here.fen, "list"), day(6, 1))
    unit = of_unit(here.wa)
    proposals.ask(
        here.row(here.wa, "set-up"),
        "extension",
        by=unit,
        reason="办公场所未交付",
        until=day(7, 15),
        at=moment(day(6, 18)),
    )
    html = page(here.officer)
    aside = html[html.index(ASIDE) :]
    aside = aside[: aside.index("</aside>")]
    assert "需要您处理" in aside
    assert f'href="/obligations/{here.row(here.fen, "list").pk}/"' in aside
    assert "6.30 → 7.15，办公场所未交付" in aside
    assert "逾期 60 天" in aside
    assert "另有 1 件申请待决定" in html


def test_the_bureau_urges_from_the_wall_all_who_have_not_reported(here):
    it_is(day(7, 28))
    reached = [of_unit(here.fen), of_unit(here.wa)]
    for officer in (here.officer, UserFactory(unit=None, role=roles.OFFICER)):  # the aside itself is kept
        client = Client(enforce_csrf_checks=True)
        client.force_login(officer)
        html = client.get("/wall/").content.decode()
        assert '<button class="button small" form="urge-missing" name="all" value="1">一键催报</button>' in html
        form = re.search(r'<form id="urge-missing" method="post" action="(.*?)">(.*?)</form>', html)
        sent = dict(re.findall(r'name="(\w+)" value="(.*?)"', form[2])) | {"all": "1"}
        answer = client.post(form[1], sent)
        assert (answer.status_code, answer.get("Location")) == (302, "/wall/")
    assert sorted(Urging.objects.values_list("obligation__unit", flat=True)) == sorted(user.unit_id for user in reached)
    assert "urge-missing" not in page(leader())


def test_the_county_leader_sees_the_worst_and_a_unit_no_aside(here):
    assert "最需要关注" in page(leader())
    assert ASIDE not in page(of_unit(here.fen))
    assert ASIDE not in page(here.officer, "/wall/?on=2022-05-01")


def test_an_order_with_nothing_to_do_says_so(here):
    order = PlanFactory(order=True, code="quiet")
    MilestoneFactory(task=TaskFactory(plan=order), binds=[here.finance])
    issue.issue(order, by=here.officer, at=moment(day(6, 2)))
    html = page(here.officer, "/wall/?plan=quiet")
    assert "眼下没有要您处理的事" in html
    assert "没有逾期的事项" in page(leader(), "/wall/?plan=quiet")


@pytest.mark.parametrize(
    ("on", "banner"),
    [
        ("2022-05-01", "2022年5月1日 24:00 的情况，按当时的办理经过还原"),
        ("2022-04-01", "2022年4月1日 方案还没有下达"),
        ("2022-08-01", "从现在起若不再有任何报送，到 2022年8月1日 会是这样"),
    ],
)
def test_another_day_says_so_above_the_wall(here, on, banner):
    html = page(here.officer, f"/wall/?on={on}")
    assert banner in html
    assert 'href="?">回到今天' in html


@pytest.mark.parametrize(
    "question",
    ["on=2022-02-30", "on=1900-01-01", "on=2122-04-13", "group=x", "task=%3Cscript%3E", "light=%00", "plan=a%00b"],
)
@pytest.mark.parametrize("address", ["/wall/", "/wall/screen/", "/obligations/"])
def test_a_question_that_makes_no_sense_is_answered_with_a_sentence(here, address, question):
    html = page(here.officer, f"{address}?{question}")
    assert "<script>" not in html.replace("<script src", "")
    if address != "/wall/screen/":
        assert 'role="alert"' in html
        assert "回到今天" not in html


def test_a_filter_that_finds_nothing_says_so_and_leads_back(here):
    html = page(here.officer, "/wall/?light=late-closed&on=2022-05-01")
    assert "没有符合条件的格子" in html
    assert 'href="?on=2022-05-01">去掉筛选' in html


def test_a_plan_that_binds_nobody_any_more_says_so(here):
    order = PlanFactory(order=True, code="empty")
    group = GroupFactory(units=[here.finance])
    MilestoneFactory(task=TaskFactory(plan=order), undated=True, binds=[group])
    issue.issue(order, by=here.officer, at=moment(day(6, 2)))
    group.memberships.update(left_on=day(6, 1))
    assert "还没有约束到任何单位" in page(here.officer, "/wall/?plan=empty&on=2022-06-01")


@pytest.mark.parametrize("address", ["/wall/", "/wall/screen/", "/obligations/"])
def test_before_the_first_plan_there_is_a_page_that_says_so(address):
    officer, reader = page(UserFactory(), address), page(UserFactory(role=roles.COUNTY_LEADER), address)
    assert "还没有下达的实施方案" in officer
    assert "去方案与任务" in officer
    assert "还没有下达的实施方案" in reader
    assert "去方案与任务" not in reader


def test_the_figures_lead_to_exactly_their_rows(here):
    close(here.row(here.fen, "list"), day(4, 20))
    file(here.row(here.wa, "list"), day(5, 5))
    lead(here.row(here.market, "list"), Verb.EXEMPT, State.EXEMPT, day(4, 20))
    html = page(here.officer)
    strip = html[html.index('<dl class="card figures"') : html.index("</dl>")]
    links = [part.split('">', 1) for part in strip.split('<a href="')[1:]]
    found = {address.replace("&amp;", "&"): int(rest.split("<")[0]) for address, rest in links}
    assert len(found) == 5
    for address, number in found.items():
        listed = page(here.officer, address)
        shown = int(listed.split("项，共 ")[1].split(" ")[0]) if "项，共 " in listed else 0
        # The month's figure counts who has reported among all who owe, and leads to all of them.
        assert shown == (4 if "show=reports" in address else number)


def test_the_days_nodes_can_be_looked_back_to_without_a_script(here):
    html = page(here.officer, "/wall/?group=townships")
    assert '<input type="hidden" name="group" value="townships">' in html
    assert 'href="?on=2022-04-30&amp;group=townships"' in html
    assert 'href="?on=2022-06-19&amp;group=townships" rel="prev"' in html


def test_the_big_screen_asks_for_its_next_turn(here):
    html = page(here.officer, "/wall/screen/?turn=2")
    assert 'hx-get="/wall/screen/?&amp;turn=1"' in html
    part = page(here.officer, "/wall/screen/?turn=2", HX_Request="true")
    assert part.lstrip().startswith("<main")
    assert "<html" not in part


def test_who_may_not_see_the_wall_is_told_there_is_none(here):
    auditor = client_of(UserFactory(role=roles.AUDITOR))
    pk = here.row(here.fen, "list").pk
    for address in ("/wall/", "/wall/screen/", "/obligations/", f"/obligations/{pk}/"):
        assert auditor.get(address).status_code == 404
