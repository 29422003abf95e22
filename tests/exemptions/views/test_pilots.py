"""监管试点: plan, progress, lessons; each unit its own, and nothing typed again for the filing."""

from __future__ import annotations

import datetime as dt

import pytest

from exemptions import pilots
from exemptions.models import PilotProgress
from liaisons import roles
from reform import drafts, mergers, rights
from reform.models import DataItem
from tests.cast import account, client_of
from tests.exemptions.case_samples import AT, JUNE_1, JUNE_10, JUNE_20
from tests.factories import MilestoneFactory, ObligationFactory, UnitFactory
from xingxian_portal.foundation import clock
from xingxian_portal.foundation.audit import AuditEntry
from xingxian_portal.foundation.refusal import Refused

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _held(db):
    clock.start_demo(AT)


def laid(by, site="东关商业街", **more):
    given = {"field": None, "started_on": JUNE_1, "plan": "先提醒、后处罚。"} | more
    return pilots.lay(by.unit, site=site, by=by, at=AT, **given)


def test_a_pilot_lives_from_its_plan_to_its_lessons(cast):
    pilot = laid(cast.scj)
    pilots.note(pilot, on=JUNE_10, text="走访12户。", by=cast.scj, at=AT)
    pilots.note(pilot, on=JUNE_10, text="走访12户。", by=cast.scj, at=AT)
    pilot = pilots.close(pilot, closed_on=JUNE_20, lessons="首违提醒卡可推广。", by=cast.scj, at=AT)
    assert (pilot.closed_on, PilotProgress.objects.count()) == (JUNE_20, 1)
    with pytest.raises(Refused, match="6月20日总结，不能再改"):
        pilots.note(pilot, on=JUNE_20, text="又", by=cast.scj, at=AT)
    assert [entry.action for entry in AuditEntry.objects.order_by("pk")] == ["pilot.lay", "pilot.note", "pilot.close"]


@pytest.mark.parametrize(
    ("act", "says", "field"),
    [
        (lambda p, by: pilots.note(p, on=dt.date(2022, 5, 1), text="x", by=by, at=AT), "试点开始之后", "on"),
        (lambda p, by: pilots.note(p, on=dt.date(2022, 6, 21), text="x", by=by, at=AT), "今天或之前", "on"),
        (lambda p, by: pilots.note(p, on=JUNE_10, text=" ", by=by, at=AT), "写明进展", "text"),
        (lambda p, by: pilots.close(p, closed_on=JUNE_20, lessons="", by=by, at=AT), "经验", "lessons"),
        (lambda p, by: laid(by), "已经登记过", "site"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(cast, act, says, field):
    pilot = laid(cast.scj)
    with pytest.raises(Refused, match=says) as error:
        act(pilot, cast.scj)
    assert error.value.field == field


def test_another_unit_changes_nothing_and_sees_nothing(cast):
    pilot = laid(cast.scj)
    with pytest.raises(rights.Denied):
        pilots.note(pilot, on=JUNE_10, text="x", by=cast.weifen, at=AT)
    assert list(pilots.visible_to(cast.weifen)) == []
    assert {user.username for user in cast if pilots.visible_to(user).exists()} == {"scj", "sfj", "sfjld", "lingdao"}


def test_what_is_kept_goes_into_the_draft_of_the_duty_and_is_filed_by_the_unit_itself(cast):
    milestone = MilestoneFactory(code=pilots.MILESTONE)
    for code in ("sites", "plan", "progress", "experience"):
        DataItem.objects.create(milestone=milestone, code=code, label=code, kind=DataItem.TEXT)
    duty = ObligationFactory(unit=cast.scj.unit, milestone=milestone, due_on=None, doing=True)
    with pytest.raises(Refused, match="还没有登记试点"):
        pilots.carry(cast.scj.unit, by=cast.scj, at=AT)
    one = laid(cast.scj)
    laid(cast.scj, site="县城餐饮业")
    pilots.note(one, on=JUNE_10, text="走访12户。", by=cast.scj, at=AT)
    pilots.close(one, closed_on=JUNE_20, lessons="可推广。", by=cast.scj, at=AT)
    assert pilots.carry(cast.scj.unit, by=cast.scj, at=AT) == duty
    assert drafts.typed_values(drafts.latest(duty)) == {
        "sites": "东关商业街、县城餐饮业",
        "plan": "东关商业街：先提醒、后处罚。\n县城餐饮业：先提醒、后处罚。",
        "progress": "东关商业街：走访12户。",
        "experience": "东关商业街：可推广。",
    }
    response = client_of(cast.scj).post("/exemptions/cases/pilots/carry/", follow=True)
    assert response.redirect_chain[-1][0] == f"/obligations/{duty.pk}/filing/"
    assert "已带入填报" in response.content.decode()


def test_without_the_duty_one_is_told(cast):
    laid(cast.scj)
    assert "没有可以填报的" in client_of(cast.scj).post("/exemptions/cases/pilots/carry/", follow=True).content.decode()


def test_the_pages(cast):
    client = client_of(cast.scj)
    assert "还没有登记试点" in client.get("/exemptions/cases/pilots/").content.decode()
    given = {"site": "东关商业街", "started_on": "2022-06-01", "plan": "<b>先</b>"}
    html = client.post("/exemptions/cases/pilots/new/", given, follow=True).content.decode()
    assert "&lt;b&gt;先" in html
    html = client.post("/exemptions/cases/pilots/new/", given | {"plan": "别的计划"}, follow=True).content.decode()
    assert "已经登记过" in html
    assert "别的计划" in html
    pilot = pilots.visible_to(cast.scj).get()
    at = f"/exemptions/cases/pilots/{pilot.pk}/"
    assert "已保存" in client.post(f"{at}edit/", given | {"plan": "新计划"}, follow=True).content.decode()
    assert "走访" in client.post(f"{at}progress/", {"on": "2022-06-10", "text": "走访"}, follow=True).content.decode()
    assert '现有 1 个，<span class="lacking">还差 2 个' in client.get("/exemptions/cases/pilots/").content.decode()
    assert (
        "已总结"
        in client.post(f"{at}close/", {"closed_on": "2022-06-20", "lessons": "经验"}, follow=True).content.decode()
    )
    assert client_of(cast.weifen).get(at).status_code == 404
    assert "登记试点</a>" not in client_of(cast.sfj).get("/exemptions/cases/pilots/").content.decode()


def test_the_pilots_of_a_merged_unit_go_on_under_its_successor(cast):
    unit = UnitFactory(name="兴县甲局", short_name="县甲局")
    pilot = laid(account("jia", "甲联络", unit, roles.LIAISON), site="北关市场")
    laid(cast.scj)
    mergers.merge_unit(unit, cast.scj.unit, on=JUNE_10, by=cast.admin, at=AT)
    page = client_of(cast.scj).get("/exemptions/cases/pilots/").content.decode()
    assert all(words in page for words in ("北关市场", "现有 2 个", "还差 1 个"))
    pilots.note(pilot, on=JUNE_20, text="回访12户。", by=cast.scj, at=AT)
    with pytest.raises(rights.Denied):
        pilots.note(pilot, on=JUNE_20, text="越权。", by=cast.weifen, at=AT)
    assert client_of(cast.weifen).get(f"/exemptions/cases/pilots/{pilot.pk}/").status_code == 404
