"""One unit's page, and the pages that merge or dissolve it after saying what will happen."""

import datetime as dt

import pytest

from liaisons.models import GroupMember, Unit
from reform import issue
from reform.models import Obligation
from reform.states import State
from tests.cast import client_of
from tests.factories import GroupFactory, MilestoneFactory, TaskFactory, UnitFactory, moment
from tests.filling import errors, inputs, messages, send
from tests.reform.walls import TODAY, it_is
from xingxian_portal.foundation.audit import AuditEntry

FRAME = 4


@pytest.fixture(autouse=True)
def _june(db):
    it_is(TODAY)


@pytest.fixture
def admin(cast):
    return client_of(cast.admin)


@pytest.fixture
def one(cast):
    """A unit with three duties: one shared with 蔚汾镇, one of its group, one closed."""
    unit, task = UnitFactory(short_name="甲局", name="兴县甲局"), TaskFactory()
    MilestoneFactory(task=task, title="共有的", binds=[unit, cast.weifen.unit])
    MilestoneFactory(task=task, title="本群组的", binds=[GroupFactory(name="甲组", units=[unit])])
    MilestoneFactory(task=task, code="done", title="办完的", binds=[unit])
    issue.issue(task.plan, by=cast.sfj, at=moment(dt.date(2022, 4, 13)))
    now = moment(dt.date(2022, 5, 1))
    Obligation.objects.filter(milestone_code="done").update(state=State.CLOSED, accepted_at=now)
    return unit


def test_a_units_page_shows_its_duties_by_light_to_all_but_the_auditor(cast, one):
    for name in ("weifen", "lingdao", "admin", "sfj", "pingcha"):
        html = client_of(getattr(cast, name)).get(f"/units/{one.pk}/").content.decode()
        assert [title in html for title in ("共有的", "本群组的", "办完的")] == [True] * 3
        assert f'href="/obligations/?unit={one.code}&amp;light=closed"' in html
        assert ("并入其他单位" in html) == (name == "admin")
    assert client_of(cast.audit).get(f"/units/{one.pk}/").status_code == 404


def test_a_merger_says_first_what_will_happen(admin, one, cast):
    into = cast.weifen.unit
    before = AuditEntry.objects.count()
    answer = send(admin, f"/units/{one.pk}/merge/", into=into.pk)
    html = answer.content.decode()
    assert [int(part.partition("</b>")[0]) for part in html.partition("change-counts")[2].split("<b>")[1:4]] == [
        1,
        1,
        1,
    ]
    assert "接替它在“甲组”的位置" in html
    assert Unit.objects.get(pk=one.pk).closed_on is None
    assert AuditEntry.objects.count() == before


def test_a_merger_is_done_when_confirmed(admin, one, cast):
    into = cast.weifen.unit
    page = send(admin, f"/units/{one.pk}/merge/", into=into.pk, on="2022-06-15")
    answer = admin.post(f"/units/{one.pk}/merge/", inputs(page.content.decode()) | {"sure": "1"}, follow=True)
    assert messages(answer) == ["兴县甲局已并入蔚汾镇人民政府：1 项未办结的事项转由蔚汾镇承办，1 项重复的已撤销。"]
    assert Unit.objects.get(pk=one.pk).successor == into
    assert list(Obligation.objects.filter(original_unit=one).values_list("unit__short_name", flat=True)) == ["蔚汾镇"]
    assert GroupMember.objects.filter(group__name="甲组", left_on=None).get().unit == into


def test_without_the_tick_the_successor_takes_no_place(admin, one, cast):
    page = send(admin, f"/units/{one.pk}/merge/", into=cast.weifen.unit.pk, joins_groups=None)
    assert "以后各期不再有这些事项" in page.content.decode()
    admin.post(f"/units/{one.pk}/merge/", inputs(page.content.decode()) | {"sure": "1"})
    assert not GroupMember.objects.filter(group__name="甲组", left_on=None).exists()


def test_what_cannot_be_merged_is_said_beside_its_input(admin, one, cast):
    address = f"/units/{one.pk}/merge/"
    closed = UnitFactory(closed_on=dt.date(2022, 5, 1))
    assert "不能并入本单位自己。" in list(errors(send(admin, address, into=one.pk)))
    assert "请在列表里选择一个现有的单位。" in list(errors(send(admin, address, into=closed.pk)))
    assert "请选择并入哪个单位。" in list(errors(send(admin, address)))
    into = cast.weifen.unit.pk
    assert "2022-06-21 还没有到，请在当天或以后办理。" in list(errors(send(admin, address, into=into, on="2022-06-21")))
    assert "日期应在 2000 年到 2099 年之间。" in list(errors(send(admin, address, into=into, on="1900-01-01")))
    bureau = f"/units/{cast.sfj.unit.pk}/merge/"
    assert "县司法局主管本平台，不能并入其他单位，也不能撤销。" in list(errors(send(admin, bureau, into=into)))
    assert not Unit.objects.filter(successor__isnull=False).exists()


def test_a_second_click_on_confirm_changes_nothing(admin, one, cast):
    page = send(admin, f"/units/{one.pk}/merge/", into=cast.weifen.unit.pk)
    sure = inputs(page.content.decode()) | {"sure": "1"}
    admin.post(f"/units/{one.pk}/merge/", sure)
    entries = AuditEntry.objects.filter(action="unit.close").count()
    answer = admin.post(f"/units/{one.pk}/merge/", sure)
    assert "兴县甲局已于 2022-06-20 并入蔚汾镇人民政府。" in list(errors(answer))
    assert AuditEntry.objects.filter(action="unit.close").count() == entries


def test_a_unit_is_dissolved_with_its_reason(admin, one):
    html = admin.get(f"/units/{one.pk}/dissolve/").content.decode()
    assert [int(part.partition("</b>")[0]) for part in html.partition("change-counts")[2].split("<b>")[1:3]] == [2, 1]
    assert "请填写理由。" in list(errors(send(admin, f"/units/{one.pk}/dissolve/")))
    answer = send(admin, f"/units/{one.pk}/dissolve/", reason="机构改革")
    assert messages(admin.get(answer["Location"])) == ["兴县甲局已撤销，2 项未办结的事项随之撤销。"]
    assert Obligation.objects.filter(unit=one, state=State.REVOKED).count() == 2
    assert "已于 2022-06-20 撤销" in "".join(errors(send(admin, f"/units/{one.pk}/dissolve/", reason="再来一次")))


@pytest.mark.parametrize("duties", [1, 25])
def test_a_units_page_costs_the_same_however_much_it_owes(admin, cast, duties, django_assert_num_queries):
    unit = UnitFactory()
    for number in range(duties):
        node = MilestoneFactory(task__quote=f"原文{number}", binds=[unit])
        issue.issue(node.task.plan, by=cast.sfj, at=moment(dt.date(2022, 4, 13)))
    with django_assert_num_queries(FRAME + 3 + 1 + 2 + 1):  # unit, aliases, predecessors; rows; calendar; groups
        admin.get(f"/units/{unit.pk}/")
