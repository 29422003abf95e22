from __future__ import annotations

import datetime as dt

import pytest

from liaisons import officers
from liaisons.models import Officer
from tests.cast import client_of
from tests.factories import moment
from xingxian_portal.foundation import clock
from xingxian_portal.foundation.audit import AuditEntry

TODAY = dt.date(2022, 6, 20)
SENT = {"name": "执法甲", "field": "", "certificate": "晋J-0001", "valid_until": "2025-06-30", "standing": "serving"}


def officer(unit, number: int = 1, until: dt.date = dt.date(2025, 6, 30), **given) -> Officer:
    filled = {"unit": unit, "name": f"样例{number}", "certificate": f"证-{unit.pk}-{number}", "valid_until": until}
    return Officer.objects.create(**filled | given)


@pytest.mark.parametrize("more", [1, 15])
def test_the_register_costs_the_same_however_long(cast, more, django_assert_num_queries):
    for number in range(more):
        officer(cast.weifen.unit, number)
    client = client_of(cast.sfj)
    clock.start_demo(moment(TODAY))

    with django_assert_num_queries(4 + 3):  # the frame, what lapses, the count, the page
        page = client.get("/officers/").content.decode()
    assert page.count('<th scope="row">') == more


@pytest.mark.parametrize(
    ("until", "standing", "on_top"),
    [
        (TODAY + dt.timedelta(days=60), "serving", True),
        (TODAY + dt.timedelta(days=61), "serving", False),
        (TODAY - dt.timedelta(days=1), "suspended", True),
        (TODAY - dt.timedelta(days=1), "left", False),
    ],
)
def test_what_lapses_within_60_days_stands_on_top(cast, until, standing, on_top):
    officer(cast.weifen.unit, until=until, standing=standing)
    clock.start_demo(moment(TODAY))
    page = client_of(cast.weifen).get("/officers/").content.decode()

    assert ("60 天内到期和已过期（1 人）" in page) == on_top
    assert ("已过期</span>" in page) == (on_top and until < TODAY)


def test_the_first_to_lapse_comes_first(cast):
    for number, days in enumerate([30, 5, 50]):
        officer(cast.weifen.unit, number, TODAY + dt.timedelta(days=days))

    rows = officers.lapsing(officers.seen_by(cast.sfj), TODAY)
    assert [row.name for row in rows] == ["样例1", "样例0", "样例2"]


def test_a_unit_keeps_its_own_alone(cast):
    theirs = officer(cast.scj.unit)
    client = client_of(cast.weifen)

    assert "样例1" not in client.get("/officers/").content.decode()
    assert client.post(f"/officers/{theirs.pk}/edit/", SENT).status_code == 404
    page = client.post("/officers/new/", SENT | {"unit": cast.scj.unit_id}).content.decode()
    assert "请在列表里选择单位" in page
    assert Officer.objects.count() == 1


def test_an_empty_register_says_so(cast):
    assert "还没有登记执法人员" in client_of(cast.sfj).get("/officers/").content.decode()


@pytest.mark.parametrize("who", ["weifen", "sfj", "admin"])
def test_an_officer_is_entered_and_corrected(cast, who):
    client = client_of(getattr(cast, who))
    client.post("/officers/new/", SENT | {"unit": cast.weifen.unit_id})
    entered = Officer.objects.get()
    page = client.post(
        f"/officers/{entered.pk}/edit/", SENT | {"standing": "left", "unit": cast.scj.unit_id}, follow=True
    )

    assert "离岗" in page.content.decode()
    assert Officer.objects.get().unit == cast.weifen.unit
    actions = AuditEntry.objects.filter(action__startswith="officer.").order_by("pk")
    assert [entry.action for entry in actions] == ["officer.create", "officer.amend"]
    assert "执法甲" not in str([entry.after for entry in actions])


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"certificate": "证-taken"}, "已经登记过"),
        ({"certificate": "14112319900101123x"}, "不登记身份证号"),
        ({"certificate": "1" * 31}, "最多 30 个字"),
        ({"valid_until": "2025-02-30"}, "请填写日历上有的日期"),
        ({"valid_until": "1999-01-01"}, "2000 年到 2099 年"),
        ({"standing": "x"}, "请在列表里选择状态"),
        ({"field": "999"}, "请在列表里选择执法领域"),
        ({"unit": ""}, "请选择单位"),
        ({"unit": "x"}, "请在列表里选择单位"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(cast, wrong, said):
    officer(cast.weifen.unit, certificate="证-taken")
    page = client_of(cast.sfj).post("/officers/new/", SENT | {"unit": cast.weifen.unit_id} | wrong).content.decode()

    assert said in page
    assert 'value="执法甲"' in page
    assert Officer.objects.count() == 1
