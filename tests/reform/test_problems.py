"""Problems: raised by a unit, assigned by the bureau, answered once, told to whom they concern."""

import datetime as dt

import pytest

from liaisons import units
from liaisons.models import Notice
from reform import problems, rights
from reform.models import Problem
from tests.cast import department, gather, township
from tests.factories import ObligationFactory, moment
from tests.races import at_once
from xingxian_portal.foundation.audit import AuditEntry
from xingxian_portal.foundation.refusal import Refused

TODAY, JUNE_24 = dt.date(2022, 6, 20), dt.date(2022, 6, 24)
AT = moment(TODAY)
TEXT = "执法车辆没有着落，请县财政局协调。"


@pytest.fixture
def raised(cast):
    return raise_one(cast)


def raise_one(cast, text=TEXT):
    row = ObligationFactory(unit=township())
    return problems.raise_problem(row, row.milestone.task, text, by=cast.weifen, at=AT)


def assign(problem, by, answerer=None, answer_by=JUNE_24):
    return problems.assign(problem, by=by, answerer=answerer or department(), answer_by=answer_by, at=AT)


def fresh(problem):
    return Problem.objects.get(pk=problem.pk)


def test_the_same_words_raised_again_stay_one_problem_until_they_are_answered(raised, cast):
    row = raised.obligation
    assert problems.raise_problem(row, raised.task, f" {TEXT} ", by=cast.weifen, at=AT) == raised
    problems.answer(raised, "已列入预算。", by=cast.sfj, at=AT)
    assert problems.raise_problem(row, raised.task, TEXT, by=cast.weifen, at=AT) != raised


def test_another_unit_raises_a_problem_of_its_own(raised, cast):
    row = ObligationFactory(unit=department(), milestone=raised.obligation.milestone)
    assert problems.raise_problem(row, raised.task, TEXT, by=cast.scj, at=AT) != raised


@pytest.mark.parametrize("name", ["admin", "anquan", "audit", "scj", "lingdao", "pingcha"])
def test_strangers_raise_assign_and_answer_nothing(raised, cast, name):
    stranger = getattr(cast, name)
    for act in (
        lambda: problems.raise_problem(raised.obligation, raised.task, "别的", by=stranger),
        lambda: assign(raised, stranger),
        lambda: problems.answer(raised, "好。", by=stranger),
    ):
        with pytest.raises(rights.Denied):
            act()
    assert fresh(raised).answered_at is None


@pytest.mark.parametrize("name", ["weifen", "weifenld"])
def test_who_raised_it_neither_assigns_nor_answers_it(raised, cast, name):
    with pytest.raises(rights.Denied):
        assign(raised, getattr(cast, name))
    with pytest.raises(rights.Denied):
        problems.answer(raised, "自己答。", by=getattr(cast, name))


def test_an_assignment_names_who_answers_by_when_and_tells_that_unit_once(raised, cast):
    assign(raised, cast.sfj)
    problem, notice = fresh(raised), Notice.objects.get()
    assert (problem.answerer, problem.answer_by) == (department(), JUNE_24)
    assert (notice.recipient, notice.title, notice.body, notice.link) == (
        cast.scj, "请在6月24日前答复蔚汾镇提出的问题", TEXT, "/problems/",
    )  # fmt: skip


def test_assigning_the_same_again_tells_nobody_and_another_day_tells_again(raised, cast):
    assign(raised, cast.sfj)
    assign(raised, cast.sfjld)
    assert (Notice.objects.count(), AuditEntry.objects.filter(action="problem.assign").count()) == (1, 1)
    assign(raised, cast.sfj, answer_by=dt.date(2022, 6, 27))
    assign(raised, cast.sfj)
    assert Notice.objects.count() == 3


def test_an_assignment_needs_a_standing_unit_and_a_day_to_come(raised, cast):
    for day in (TODAY - dt.timedelta(days=1), TODAY + dt.timedelta(days=400)):
        with pytest.raises(Refused, match="答复期限") as refused:
            assign(raised, cast.sfj, answer_by=day)
        assert refused.value.field == "answer_by"
    units.close(department(), on=TODAY, by=cast.admin, at=AT)
    with pytest.raises(Refused, match="已并入或撤销") as refused:
        assign(raised, cast.sfj, answerer=department())
    assert refused.value.field == "answerer"


def test_the_unit_named_answers_and_who_raised_it_is_told_once(raised, cast):
    assign(raised, cast.sfj)
    problems.answer(raised, " 已列入预算。 ", by=cast.scj, at=moment(JUNE_24))
    problem = fresh(raised)
    assert (problem.answer, problem.answered_by, problem.answered_at) == ("已列入预算。", cast.scj, moment(JUNE_24))
    notice = Notice.objects.get(recipient=cast.weifen)
    assert (notice.title, notice.body) == (f"你们提出的问题已有答复：{TEXT}", "已列入预算。")


def test_a_unit_that_is_named_no_more_answers_no_more(raised, cast):
    assign(raised, cast.sfj)
    assign(raised, cast.sfj, answerer=township())
    with pytest.raises(rights.Denied):
        problems.answer(raised, "好。", by=cast.scj)


def test_the_bureau_answers_without_naming_anybody(raised, cast):
    assert problems.answer(raised, "已列入预算。", by=cast.sfj, at=AT).answered_by == cast.sfj


def test_answering_twice_has_one_effect_and_a_plain_message(raised, cast):
    problems.answer(raised, "已列入预算。", by=cast.sfj, at=AT)
    with pytest.raises(problems.AlreadyAnswered, match="已由司法科员答复"):
        problems.answer(raised, "另一个答复。", by=cast.sfjld, at=AT)
    with pytest.raises(problems.AlreadyAnswered):
        assign(raised, cast.sfj)
    assert (fresh(raised).answer, Notice.objects.count()) == ("已列入预算。", 1)


def test_a_stranger_does_not_learn_that_it_was_answered(raised, cast):
    problems.answer(raised, "已列入预算。", by=cast.sfj, at=AT)
    with pytest.raises(rights.Denied):
        problems.answer(raised, "好。", by=cast.scj)


@pytest.mark.parametrize("text", ["", "  ", "长" * 5001])
def test_an_answer_says_something_and_is_no_book(raised, cast, text):
    with pytest.raises(Refused) as refused:
        problems.answer(raised, text, by=cast.sfj, at=AT)
    assert refused.value.field == "answer"
    assert fresh(raised).answered_at is None


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_answers_at_once_are_one():
    cast = gather()
    problem = raise_one(cast)
    results = at_once(
        lambda: problems.answer(problem, "一", by=cast.sfj), lambda: problems.answer(problem, "二", by=cast.sfjld)
    )
    assert sum(isinstance(result, problems.AlreadyAnswered) for result in results) == 1
    assert Notice.objects.count() == 1
