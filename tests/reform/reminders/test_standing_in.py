"""代收: on leave, what would come goes to who stands in; on the page one agrees on it and ends it."""

from __future__ import annotations

import datetime as dt

import pytest

from liaisons import delegating, roles
from liaisons.models import Delegation, LedgerEntry, Notice
from reform import urging
from reform.reminders import forecast, running
from tests.cast import account, client_of
from tests.factories import moment
from tests.reform.reminders.rules import load_calendar, load_rules, report
from xingxian_portal.foundation import clock
from xingxian_portal.foundation.audit import AuditEntry
from xingxian_portal.foundation.refusal import Refused


def june(day, hour=9):
    return moment(dt.date(2022, 6, day), hour)


@pytest.fixture
def colleague(cast):
    return account("weifen2", "蔚汾填报", cast.weifen.unit, roles.FILER)


@pytest.fixture
def late(cast, colleague):
    load_calendar(2022)
    load_rules("monthly")
    cast.weifenld.role_grants.all().delete()
    return report(cast.weifen.unit)


def on_leave(cast, other, first=17, last=21, **changes):
    days = {"from_on": dt.date(2022, 6, first), "to_on": dt.date(2022, 6, last)}
    return delegating.agree(changes.pop("user", cast.weifen), other, **days, by=cast.weifen, at=june(13), **changes)


def told():
    return sorted(Notice.objects.values_list("sent_at__day", "recipient__username"))


def test_reminders_of_those_days_go_to_who_stands_in_once_and_say_for_whom(late, cast, colleague):
    on_leave(cast, colleague, 22, 22)
    colleague.role_grants.all().delete()
    for day in (21, 22):
        running.run(june(day))
    assert told() == [(21, "weifen"), (22, "weifen2")]
    assert LedgerEntry.objects.get(recipient=colleague, channel="inbox").post == "联络员（代蔚汾联络）"


def test_who_is_told_anyhow_is_told_once(late, cast, colleague):
    on_leave(cast, colleague)
    running.run(june(17))
    assert told() == [(17, "weifen2")]


def test_an_urging_goes_to_who_stands_in_and_an_ended_one_counts_no_more(late, cast, colleague):
    row = on_leave(cast, colleague)
    urging.urge([late], by=cast.sfj, at=june(17))
    delegating.end(row, by=cast.weifen, at=june(18))
    delegating.end(row, by=cast.weifen, at=june(18))
    urging.urge([late], by=cast.sfj, at=june(20))
    assert told() == [(17, "weifen2"), (20, "weifen"), (20, "weifen2")]
    assert AuditEntry.objects.filter(action="delegation.end").count() == 1


def test_the_days_to_come_name_who_stands_in(late, cast, colleague):
    on_leave(cast, colleague, 22, 22)
    people = {day: steps[0].matters[late.name] for day, steps in forecast.coming(june(13)) if day.month == 6}
    assert people[dt.date(2022, 6, 22)]["蔚汾镇"][0] == "联络员（代蔚汾联络） 蔚汾填报"
    assert people[dt.date(2022, 6, 21)]["蔚汾镇"] == ["填报员 蔚汾填报", "联络员 蔚汾联络"]


@pytest.mark.parametrize(
    ("days", "said"),
    [((21, 17), "不能早于"), ((1, 5), "已经过了"), ((20, 25), "已登记由蔚汾填报代收")],
)
def test_what_cannot_be_is_refused(cast, colleague, days, said):
    if "已登记" in said:
        on_leave(cast, colleague)
    with pytest.raises(Refused, match=said):
        on_leave(cast, colleague, *days)


def test_only_colleagues_who_are_there_stand_in_and_only_who_may_agrees(cast, colleague):
    with pytest.raises(Refused, match="本单位"):
        on_leave(cast, cast.scj)
    on_leave(cast, colleague)
    for other, why in ((cast.weifen, "也请人代收"), (cast.weifenld, "正由蔚汾填报代收")):
        with pytest.raises(Refused, match=why):
            delegating.agree(colleague, other, dt.date(2022, 6, 20), dt.date(2022, 6, 20), by=colleague, at=june(13))
    with pytest.raises(Refused, match="别人的代收"):
        on_leave(cast, cast.weifenld, user=colleague)


def test_on_the_page_one_agrees_and_ends_it_and_what_was_typed_stays(cast, colleague):
    clock.start_demo(june(13))
    client = client_of(cast.weifen)
    given = {"stand_in": colleague.pk, "from_on": "2022-06-21", "to_on": "2022-06-17"}
    refused = client.post("/contact/stand-ins/", given).content.decode()
    assert "结束日期不能早于开始日期。" in refused
    assert 'value="2022-06-21"' in refused
    client.post("/contact/stand-ins/", given | {"to_on": "2022-06-24"})
    row = Delegation.objects.get()
    assert "6月21日至6月24日　蔚汾填报代收" in client.get("/contact/").content.decode()
    assert client_of(cast.scj).post(f"/contact/stand-ins/{row.pk}/end/").status_code == 404
    client_of(cast.sfj).post(f"/contact/stand-ins/{row.pk}/end/")
    assert "代收人" not in client.get("/contact/").content.decode().partition('<ul class="todo">')[2]
    row.refresh_from_db()
    assert row.ended_at is not None
    client_of(cast.sfj).post(f"/contact/{cast.weifen.pk}/stand-ins/", given | {"to_on": "2022-06-24"})
    assert Delegation.objects.filter(ended_at=None).get().by == cast.sfj
