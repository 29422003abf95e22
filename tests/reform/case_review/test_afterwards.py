"""Feedback, objections, 整改, 通报, what is discharged, 归档, and what a finished round shows."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from liaisons import roles
from reform import deadlines, filing, review, rights
from reform.case_review import feedback, outcomes, publishing, ranking, rectifying, rounds, self_checks
from reform.drafts import save as save_draft
from reform.lights import Light
from reform.lit import Lamp
from reform.models import Milestone, Move, Obligation, Plan, Stage
from reform.reminders import running
from reform.states import State
from tests.factories import MilestoneFactory, ObligationFactory, UnitFactory, UserFactory, moment
from tests.reform.case_review import rounds_of
from tests.reform.case_review.rounds_of import AT, CLEAN, VETOED, took
from tests.reform.reminders.rules import load_calendar, load_rules
from xingxian_portal.foundation.refusal import Refused

pytestmark = pytest.mark.django_db
LATER = moment(dt.date(2022, 6, 9))
DUE = dt.date(2022, 6, 30)


def speaker(file):
    """Give somebody who files for the unit whose file it is."""
    return UserFactory(unit=file.case_file.unit, role=roles.LIAISON)


def test_there_is_no_feedback_before_all_sheets_are_in(cast):
    round_ = rounds_of.a_started_round(cast.sfj)
    rounds_of.score(round_.drawn.first(), CLEAN, CLEAN)

    with pytest.raises(Refused, match="还有 2 卷没有评完（第 2、3 卷）"):
        feedback.give_feedback(round_, DUE, by=cast.sfj, at=AT)
    assert round_.stage == Stage.SCORING


def test_an_objection_upheld_lifts_the_item_and_only_it(cast):
    round_ = rounds_of.fed_back(cast.sfj, took("4") | {"items": took("4")["items"] | took("6", "B2.1")["items"]})
    file = round_.drawn.first()
    items = {item.code: item for item in file.standard.items.all()}
    by = speaker(file)
    assert outcomes.of_file(file.pk).score.final == Decimal(90)
    mine = feedback.object_to(file, items["B2.1"], "卷内第 9 页有送达回证。", by=by, at=AT)
    feedback.answer(mine, "属实，更正。", upheld=True, by=cast.sfj, at=AT)

    done = outcomes.of_file(file.pk)
    assert done.score.final == Decimal(96)
    assert [one.item.code for one in done.problems] == ["B3.1", "B3.1"]
    with pytest.raises(Refused, match="没有重复处理"):
        feedback.answer(mine, "再答。", upheld=False, by=cast.sfj, at=AT)


def test_what_cannot_be_objected_to(cast):
    round_ = rounds_of.fed_back(cast.sfj, took("4"))
    file = round_.drawn.first()
    by, items = speaker(file), {item.code: item for item in file.standard.items.all()}

    with pytest.raises(Refused, match="没有扣分"):
        feedback.object_to(file, items["B1.1"], "理由", by=by, at=AT)
    with pytest.raises(Refused, match="写明异议理由"):
        feedback.object_to(file, items["B3.1"], " ", by=by, at=AT)
    with pytest.raises(Refused, match="截止"):
        feedback.object_to(file, items["B3.1"], "理由", by=by, at=LATER)
    with pytest.raises(rights.Denied):
        feedback.object_to(file, items["B3.1"], "理由", by=cast.weifen, at=AT)
    feedback.object_to(file, items["B3.1"], "理由", by=by, at=AT)
    with pytest.raises(Refused, match="没有重复提出"):
        feedback.object_to(file, items["B3.1"], "理由", by=by, at=AT)
    with pytest.raises(Refused, match="还有 1 条异议没有答复"):
        publishing.publish(round_, by=cast.sfjld, at=LATER)


def test_a_veto_objected_to_with_success_gives_the_points_back(cast):
    file = rounds_of.fed_back(cast.sfj, VETOED).drawn.first()
    assert (outcomes.of_file(file.pk).score.final, outcomes.of_file(file.pk).grade) == (0, "不合格")
    mine = feedback.object_to(file, file.standard.vetoes.get(code="A01"), "有委托书。", by=speaker(file), at=AT)
    feedback.answer(mine, "属实。", upheld=True, by=cast.sfj, at=AT)

    assert outcomes.of_file(file.pk).score.final == 100


def test_mending_is_a_duty_like_any_other(cast):
    round_ = rounds_of.fed_back(cast.sfj, took("30"))
    file = round_.drawn.first()
    by = speaker(file)
    words = rectifying.proposed(outcomes.of_file(file.pk))
    row = rectifying.ask(file, problems=words, owner="责任甲", due_on=DUE, by=cast.sfj, at=AT)
    duty = row.obligation

    assert words.startswith("1. 未写明起诉期限（第 21 页，行政处罚法第五十九条）")
    assert (duty.unit, duty.due_on, duty.state) == (file.case_file.unit, DUE, State.AWAITING)
    assert duty.milestone.kind == deadlines.DATED
    with pytest.raises(Refused, match="没有重复下发"):
        rectifying.ask(file, problems="又", owner="乙", due_on=DUE, by=cast.sfj, at=AT)
    publishing.publish(round_, by=cast.sfjld, at=LATER)
    with pytest.raises(Refused, match="还有 1 件整改没有销号"):
        publishing.archive(round_, by=cast.sfj, at=LATER)
    save_draft(duty, by=by, text="已补正送达回证。", at=LATER)
    filing.file(duty, by=by, at=LATER)
    review.accept(duty, by=cast.sfj, at=LATER)
    publishing.archive(round_, by=cast.sfj, at=LATER)
    round_.refresh_from_db()
    assert round_.stage == Stage.ARCHIVED


def test_mending_has_its_light_and_its_reminders(cast):
    load_calendar(2022)
    load_rules("dated")
    file = rounds_of.fed_back(cast.sfj, took("30")).drawn.first()
    by = speaker(file)
    duty = rectifying.ask(file, problems="一", owner="责任甲", due_on=DUE, by=cast.sfj, at=AT).obligation
    first = by.notices.count()
    for day in (dt.date(2022, 6, 27), dt.date(2022, 7, 1)):
        running.run(moment(day, 9))
    reminded = by.notices.order_by("sent_at")[first:]

    assert any("案卷整改" in notice.title and notice.sent_at.date() < DUE for notice in reminded)
    assert any(notice.sent_at.date() > DUE for notice in reminded)
    lights = [Lamp(day).lit(duty).light for day in (AT.date(), DUE, DUE + dt.timedelta(days=1))]
    assert lights == [Light.IDLE, Light.SOON, Light.OVERDUE]


@pytest.mark.parametrize(
    ("given", "field"),
    [({"problems": " "}, "problems"), ({"owner": ""}, "owner"), ({"due_on": dt.date(2022, 5, 1)}, "due_on")],
)
def test_a_notice_to_mend_that_lacks_something_is_refused(cast, given, field):
    file = rounds_of.fed_back(cast.sfj, took("30")).drawn.first()
    with pytest.raises(Refused) as refused:
        rectifying.ask(file, **{"problems": "一", "owner": "甲", "due_on": DUE} | given, by=cast.sfj, at=AT)
    assert refused.value.field == field
    assert not Plan.objects.exists()


def owing(unit) -> Obligation:
    milestone = MilestoneFactory(deliverable=Milestone.CASE_REVIEW, due_on=dt.date(2022, 10, 31))
    return ObligationFactory(unit=unit, milestone=milestone)


def test_the_bureaus_round_closes_its_own_duty_and_those_of_units_that_checked_themselves(cast):
    round_ = rounds_of.fed_back(cast.sfj)
    checked, unchecked, elsewhere = round_.drawn.all()[0], round_.drawn.all()[1], UnitFactory()
    own, first, second, third = (
        owing(unit) for unit in (cast.sfj.unit, checked.case_file.unit, unchecked.case_file.unit, elsewhere)
    )
    values = {"checked": 3, "excellent": 1, "failed": 0, "problems": "目录不全", "measures": "已补"}
    self_checks.file_self_check(round_, checked.case_file.unit, by=speaker(checked), at=AT, **values)
    with pytest.raises(Refused, match="异议期"):
        publishing.publish(round_, by=cast.sfjld, at=AT)
    with pytest.raises(Refused, match="另一名工作人员"):
        publishing.publish(round_, by=cast.sfj, at=LATER)
    publishing.publish(round_, by=cast.sfjld, at=LATER)

    states = [Obligation.objects.get(pk=row.pk).state for row in (own, first, second, third)]
    assert states == [State.CLOSED, State.CLOSED, State.AWAITING, State.AWAITING]
    assert "样例评查" in Move.objects.filter(obligation=own).latest("pk").reason


def test_a_practice_round_closes_nothing(cast):
    own = owing(cast.sfj.unit)
    publishing.publish(rounds_of.fed_back(cast.sfj, is_practice=True), by=cast.sfjld, at=LATER)

    assert Obligation.objects.get(pk=own.pk).state == State.AWAITING


def test_a_units_own_round_closes_its_own_duty_alone(cast):
    unit = cast.weifen.unit
    mine, bureaus = owing(unit), owing(cast.sfj.unit)
    rounds_of.a_file(unit, cast.weifen)
    round_ = rounds_of.scoring(cast.weifen, [unit], rounds_of.reviewers(unit, unit))
    rounds_of.score(round_.drawn.get(), took("1"), took("1"))
    feedback.give_feedback(round_, DUE, by=cast.weifen, at=AT)
    rectifying.ask(round_.drawn.get(), problems="一", owner="甲", due_on=DUE, by=cast.weifen, at=AT)
    publishing.publish(round_, by=cast.weifen, at=AT)

    assert [Obligation.objects.get(pk=row.pk).state for row in (mine, bureaus)] == [State.CLOSED, State.AWAITING]


def test_a_self_check_adds_up_and_replaces_the_one_before(cast):
    round_ = rounds_of.a_round(cast.sfj, [cast.weifen.unit])
    values = {"checked": 3, "excellent": 1, "failed": 0, "problems": "无", "measures": "无"}
    with pytest.raises(Refused, match="不能超过自查卷数"):
        self_checks.file_self_check(round_, cast.weifen.unit, by=cast.weifen, at=AT, **values | {"failed": 3})
    with pytest.raises(rights.Denied):
        self_checks.file_self_check(round_, cast.scj.unit, by=cast.weifen, at=AT, **values)
    for number in (3, 4):
        self_checks.file_self_check(round_, cast.weifen.unit, by=cast.weifen, at=AT, **values | {"checked": number})
    assert round_.self_checks.get().checked == 4


def test_units_are_ranked_problems_classed_and_compared_with_the_last_round(cast):
    before = rounds_of.fed_back(cast.sfj, took("10"))
    publishing.publish(before, by=cast.sfjld, at=LATER)
    units = list(before.units.all())
    round_ = rounds.open_round(
        rounds.Scope("第二次", cast.sfj.unit, *rounds_of.PERIOD, units, [rounds.Quota("punish", 1, before.quotas.get().standard)]),
        by=cast.sfj, at=LATER,
    )  # fmt: skip
    rounds_of.drawn(round_, rounds_of.reviewers(*(UnitFactory() for _ in range(3))), by=cast.sfj)
    rounds.start(round_, by=cast.sfj, at=LATER)
    files = {row.case_file.unit: row for row in round_.drawn.all()}
    first = before.drawn.first().case_file.unit
    others = [unit for unit in units if unit != first]
    rounds_of.score(files[first], took("4"), took("4"))
    rounds_of.score(files[others[0]], took("5", "B2.1"), took("5", "B2.1"))
    rounds_of.score(files[others[1]], VETOED, VETOED)
    found = outcomes.of_round(round_)

    assert ranking.last_round(round_) == before
    places = ranking.by_unit(found, outcomes.of_round(before))
    assert [(one.place, one.unit, one.mean, one.change) for one in places] == [
        (1, first, Decimal(96), Decimal(6)), (2, others[0], Decimal(95), Decimal(-5)), (3, others[1], Decimal(0), Decimal(-100)),
    ]  # fmt: skip
    assert [(one.label, one.problems, one.files, one.points) for one in ranking.by_class(found)] == [
        ("事实证据", 1, 1, Decimal(5)), ("否决项", 1, 1, Decimal(0)), ("法律适用", 1, 1, Decimal(4)),
    ]  # fmt: skip
    assert [one.drawn.case_file.unit for one in ranking.best(found)] == [first, others[0]]
    assert ranking.summary(found).grades == {"优秀": 2, "良好": 0, "合格": 0, "不合格": 1}


def test_a_round_of_many_files_costs_as_many_queries_as_one_of_three(cast, django_assert_num_queries):
    round_ = rounds_of.fed_back(cast.sfj, took("4"))
    with django_assert_num_queries(5):
        found = outcomes.of_round(round_)
        ranking.by_unit(found)
        ranking.by_class(found)
        ranking.summary(found)
