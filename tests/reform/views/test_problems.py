"""Pages of problems: a unit's own, one problem, assigning and answering."""

import datetime as dt

import pytest

from reform import problems
from reform.models import Problem
from tests.cast import client_of, department, township
from tests.factories import ObligationFactory, UnitFactory
from tests.reform.views.bureau import NOON, let_it_be_noon, page, post, queries

JUNE_24 = dt.date(2022, 6, 24)
TEXT = "执法车辆没有着落。"
STRANGERS = ["admin", "anquan", "audit", "lingdao", "pingcha"]


@pytest.fixture(autouse=True)
def _noon(db):
    let_it_be_noon()


def raise_one(by, unit, text=TEXT):
    row = ObligationFactory(unit=unit)
    return problems.raise_problem(row, row.milestone.task, text, by=by, at=NOON)


@pytest.fixture
def raised(cast):
    return raise_one(cast.weifen, township())


def assigned(problem, by):
    return problems.assign(problem, by=by, answerer=department(), answer_by=JUNE_24, at=NOON)


def fresh(problem):
    return Problem.objects.get(pk=problem.pk)


def test_a_unit_sees_what_it_raised_and_what_it_is_to_answer(cast, raised):
    html = page(cast.weifen, "/problems/")
    assert TEXT in html
    assert "待司法局交办" in html
    assert TEXT not in page(cast.scj, "/problems/")
    assigned(raised, cast.sfj)
    html = page(cast.scj, "/problems/")
    assert html.index("请我们答复") < html.index(TEXT) < html.index("6月24日前")
    assert "请县市场局 6月24日前答复" in page(cast.weifen, "/problems/")


def test_a_unit_without_problems_reads_where_they_come_from(cast):
    assert "还没有问题" in page(cast.weifen, "/problems/")


@pytest.mark.parametrize("name", STRANGERS)
def test_strangers_find_neither_page_nor_act(cast, raised, name):
    client = client_of(getattr(cast, name))
    for address in ("/problems/", f"/problems/{raised.pk}/"):
        assert client.get(address).status_code == 404
    for act in ("assign", "answer"):
        assert client.post(f"/problems/{raised.pk}/{act}/", {"answer": "好。"}).status_code == 404
    assert fresh(raised).answered_at is None


def test_another_unit_finds_a_problem_only_once_it_is_to_answer(cast, raised):
    assert client_of(cast.scj).get(f"/problems/{raised.pk}/").status_code == 404
    assert client_of(cast.scj).post(f"/problems/{raised.pk}/answer/", {"answer": "好。"}).status_code == 404
    assigned(raised, cast.sfj)
    assert TEXT in page(cast.scj, f"/problems/{raised.pk}/")


def test_who_raised_it_reads_the_answer_and_cannot_write_it(cast, raised):
    assert "答复内容" not in page(cast.weifen, f"/problems/{raised.pk}/")
    assert client_of(cast.weifen).post(f"/problems/{raised.pk}/answer/", {"answer": "好。"}).status_code == 404
    assert client_of(cast.weifen).post(f"/problems/{raised.pk}/assign/", {}).status_code == 404
    problems.answer(raised, "已列入预算。", by=cast.sfj, at=NOON)
    assert "已列入预算。" in page(cast.weifen, f"/problems/{raised.pk}/")


def test_the_bureau_names_who_answers_by_when(cast, raised):
    given = {"answerer": department().pk, "answer_by": "2022-06-24"}
    response, said = post(cast.sfj, f"/problems/{raised.pk}/assign/", **given)
    assert (response.url, said) == ("/desk/problems/", ["已请县市场局答复。"])
    assert (fresh(raised).answerer, fresh(raised).answer_by) == (department(), JUNE_24)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"answerer": ""}, "请选择答复单位。"),
        ({"answerer": "99999"}, "请在列表里选择单位。"),
        ({"answer_by": ""}, "请填写答复期限。"),
        ({"answer_by": "2022-06-19"}, "答复期限应在今天或之后"),
        ({"answer_by": "x"}, "日期无法识别"),
    ],
)
def test_an_incomplete_assignment_says_what_is_missing(cast, raised, given, words):
    sent = {"answerer": department().pk, "answer_by": "2022-06-24"} | given
    response, _ = post(cast.sfj, f"/problems/{raised.pk}/assign/", **sent)
    assert words in response.content.decode()
    assert fresh(raised).answerer is None


def test_the_unit_named_answers(cast, raised):
    assigned(raised, cast.sfj)
    response, said = post(cast.scj, f"/problems/{raised.pk}/answer/", answer="已列入预算。")
    assert (response.url, said) == (f"/problems/{raised.pk}/", ["已答复，提出问题的单位会收到消息。"])
    assert fresh(raised).answered_by == cast.scj


@pytest.mark.parametrize(("text", "words"), [("", "请填写答复内容。"), ("长" * 5001, "答复最多 5000 字。")])
def test_an_answer_that_cannot_be_taken_is_kept_in_the_form(cast, raised, text, words):
    response, _ = post(cast.sfj, f"/problems/{raised.pk}/answer/", answer=text)
    html = response.content.decode()
    assert words in html
    assert text in html
    assert fresh(raised).answered_at is None


def test_answering_twice_has_one_effect_and_a_plain_message(cast, raised):
    post(cast.sfj, f"/problems/{raised.pk}/answer/", answer="已列入预算。")
    response, _ = post(cast.sfjld, f"/problems/{raised.pk}/answer/", answer="另一个答复。")
    html = response.content.decode()
    assert "已由司法科员答复，没有重复处理" in html
    assert "另一个答复。" in html
    assert fresh(raised).answer == "已列入预算。"


def test_a_long_list_asks_as_often_as_a_short_one(cast, raised):
    assigned(raise_one(cast.scj, department(), "别的问题。"), cast.sfj)
    once = queries(cast.scj, "/problems/")
    for number in range(4):
        assigned(raise_one(cast.weifen, township(), f"问题{number}。"), cast.sfj)
        raise_one(cast.scj, department(), f"我们的{number}。")
    assert queries(cast.scj, "/problems/") == once


def test_the_page_of_the_bureau_offers_standing_units_alone(cast, raised):
    closed = UnitFactory(short_name="旧局", closed_on=dt.date(2022, 5, 1))
    assert closed.name not in page(cast.sfj, f"/problems/{raised.pk}/")
