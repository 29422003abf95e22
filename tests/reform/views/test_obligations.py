"""The list behind the figures, and one duty as a page and as a panel beside the wall."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from liaisons import roles
from reform.models import Submission
from tests.cast import client_of
from tests.factories import UnitFactory, UserFactory, moment
from tests.reform.walls import TODAY, county, day, file, it_is

pytestmark = pytest.mark.django_db


@pytest.fixture
def here(db):
    it_is(TODAY)
    return county()


def page(user, address, **headers):
    response = client_of(user).get(address, headers=headers)
    assert response.status_code == 200
    return response.content.decode()


def test_the_list_shows_units_and_lights_to_all_who_see_the_wall(here):
    other = UserFactory(unit=UnitFactory(), role=roles.LIAISON)
    html = page(other, "/obligations/?unit=141123100&show=due")
    assert html.count("<tr>") == 1 + 2
    assert "逾期 51 天" in html
    assert f'href="/obligations/{here.row(here.fen, "list").pk}/"' in html


def test_a_long_list_goes_on_behind_a_key_and_keeps_its_question(here):
    html = page(here.officer, "/obligations/?plan=plan")
    assert "第 1–50 项，共 52 项" in html
    following = html.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
    assert following.startswith("?plan=plan&after=")
    second = page(here.officer, "/obligations/" + following)
    assert "第 51–52 项，共 52 项" in second
    assert 'rel="next"' not in second


def test_what_has_no_row_yet_is_listed_without_a_link(here):
    html = page(here.officer, "/obligations/?node=report.2022-12")
    assert html.count("<tr>") == 1 + 4
    assert "未下达" in html
    assert 'th scope="row"><a' not in html


def test_nothing_found_says_so(here):
    assert "没有符合条件的事项" in page(here.officer, "/obligations/?light=closed")


def test_one_duty_shows_its_sentence_with_the_words_of_its_limit_marked(here):
    html = page(here.officer, f"/obligations/{here.row(here.fen, 'set-up').pk}/")
    assert "各单位要<mark>在规定期限前完成这项工作</mark>，并报县司法局。" in html
    assert "样例发〔2022〕1号　二、（一）" in html


def test_beside_the_wall_it_comes_without_a_frame(here):
    html = page(here.officer, f"/obligations/{here.row(here.fen, 'set-up').pk}/", HX_Request="true")
    assert "<html" not in html
    assert "打开整页" in html


def test_a_unit_sees_nothing_of_what_another_filed(here):
    row = here.row(here.fen, "list")
    file(row, day(6, 1))
    Submission.objects.create(
        obligation=row, number=1, state="filed", text="本镇已完成调整", saved_at=moment(day(6, 1)), saved_by=here.officer,
        filed_at=moment(day(6, 1)), filed_by=here.officer, counted_on=day(6, 1),
    )  # fmt: skip
    secrets = ["本镇已完成调整", "办理经过", "首次报送", "6月1日"]
    other = page(UserFactory(unit=here.wa, role=roles.LIAISON), f"/obligations/{row.pk}/")
    own = page(UserFactory(unit=here.fen, role=roles.LIAISON), f"/obligations/{row.pk}/")
    assert [text for text in secrets if text in other] == []
    assert [text for text in secrets if text in own] == secrets
    assert "待审核" in other


@pytest.mark.parametrize("pk", ["999999", "99999999999999999999", "0"])
def test_a_duty_that_is_not_there_is_not_found(here, pk):
    assert client_of(here.officer).get(f"/obligations/{pk}/").status_code == 404


def test_one_duty_costs_the_same_however_often_it_was_filed(here):
    queries = []
    for unit, filings in ((here.fen, 1), (here.wa, 9)):
        row = here.row(unit, "list")
        for number in range(1, filings + 1):
            Submission.objects.create(
                obligation=row, number=number, state="returned", text="稿", saved_at=moment(day(6, 1)),
                saved_by=here.officer, filed_at=moment(day(6, 1)), filed_by=here.officer, counted_on=day(6, 1),
            )  # fmt: skip
        with CaptureQueriesContext(connection) as asked:
            page(here.officer, f"/obligations/{row.pk}/")
        queries.append(len(asked))
    assert queries[0] == queries[1]
