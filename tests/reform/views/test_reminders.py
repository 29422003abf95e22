"""The pages of reminders: sixty days dry, rules, calls, goes, health; the ledger, the ways to people, the calendar."""

import datetime as dt
import io
import zipfile
from contextlib import contextmanager

import pytest

from liaisons.letters import bounces, closed, sending
from liaisons.models import ContactPreference, LedgerEntry, Letter, Notice
from liaisons.views import ledger
from reform.models import Escalation, ReminderRule, ReminderStep
from reform.reminders import editing, running
from tests.cast import client_of
from tests.factories import ObligationFactory, moment
from tests.liaisons.letters.lines import AT, line, mailbox
from tests.post_office import post_office
from tests.reform.reminders.rules import load_calendar, load_rules, report
from xingxian_portal.foundation import clock
from xingxian_portal.foundation.audit import AuditEntry
from xingxian_portal.foundation.workdays import CalendarDay, CalendarYear


def june(day, hour=9):
    return moment(dt.date(2022, 6, day), hour)


@pytest.fixture
def owed(cast):
    load_calendar(2022)
    load_rules("monthly")
    return report(cast.weifen.unit)


def text(answer):
    return answer.content.decode()


@contextmanager
def at(day, hour=9):
    """Have the portal's own clock stand at a moment of June 2022: a request reads it from the database."""
    clock.start_demo(june(day, hour))
    yield


def test_the_sixty_days_say_who_gets_what_by_which_way(owed, cast):
    with at(13):
        page = text(client_of(cast.sfj).get("/reminders/"))
    for day, step in (("6月14日", "提前提醒"), ("6月21日", "末次提醒"), ("6月24日", "催办函"), ("6月28日", "通报名单")):
        assert day in page
        assert step in page
    assert "蔚汾联络" in page
    assert "月度报告的提醒提前到前一个工作日" in page
    assert not LedgerEntry.objects.exists()


def test_days_of_a_year_without_its_calendar_are_marked_and_the_gap_stands_on_top(cast):
    load_calendar(2022)
    load_rules("calendar", "dated")
    ObligationFactory(unit=cast.weifen.unit, due_on=dt.date(2023, 1, 10), state="doing")
    clock.start_demo(moment(dt.date(2022, 12, 20), 9))
    page = text(client_of(cast.sfj).get("/reminders/"))
    assert "2023 年的放假调休安排还没有录入" in page
    unofficial = [part for part in page.split('class="reminder-day"') if "未按官方日历核对" in part]
    assert unofficial
    assert all("<small>2023</small>" in part for part in unofficial)


def test_a_unit_reads_its_own_ledger_and_the_bureau_all(owed, cast):
    running.run(june(14))
    line(cast.scj)
    own, other, bureau = (text(client_of(who).get("/reminders/ledger/")) for who in (cast.weifen, cast.scj, cast.sfj))
    assert ("提前提醒" in own, "提前提醒" in other, "提前提醒" in bureau) == (True, False, True)
    assert "已送达" in own
    notice = Notice.objects.get(recipient=cast.weifen)
    client_of(cast.weifen).post(f"/notices/{notice.pk}/acknowledge/")
    assert "已签收" in text(client_of(cast.sfj).get("/reminders/ledger/?channel=inbox&month=2022-06&q=样例"))


def test_the_ledger_comes_to_paper_whole_and_says_by_whom_and_what_was_chosen(cast, monkeypatch):
    monkeypatch.setattr(ledger, "PER_PAGE", 2)
    for _ in range(3):
        line(cast.weifen)
    client, address = client_of(cast.sfj), f"/reminders/ledger/?unit={cast.weifen.unit_id}&channel=inbox&month=2022-06"
    page = text(client.get(address))
    assert (page.count('data-label="计划时间"'), "第 1 页，共 2 页；打印：" in page) == (2, True)
    assert "全部列出，便于打印" in page
    whole = text(client.get(f"{address}&whole=1"))
    assert whole.count('data-label="计划时间"') == 3
    assert f"单位：{cast.weifen.unit}，方式：站内消息，月份：2022年6月；打印：{cast.sfj.name}，" in whole


@pytest.mark.parametrize("rows", [1, 3])
def test_the_ledger_asks_the_same_number_of_times_for_one_and_for_many(cast, rows, django_assert_max_num_queries):
    for _ in range(rows):
        line(cast.weifen)
    sending.send_due(AT)
    client = client_of(cast.sfj)
    with django_assert_max_num_queries(9):
        client.get("/reminders/ledger/")


def test_a_changed_step_counts_from_the_next_planning_and_is_in_the_trail(owed, cast):
    client, rule = client_of(cast.sfj), ReminderRule.objects.get()
    data = {"seen": editing.stamp_of(rule), "roll": "next", "enabled": "on"}
    for step in editing.steps_of(rule):
        values = {name: getattr(step, name) for name in editing.FIELDS}
        data |= {
            f"step{step.pk}-{name}": value for name, value in values.items() if value is not None and value is not False
        }
    assert client.get(f"/reminders/rules/{rule.pk}/edit/").status_code == 200
    first = ReminderStep.objects.get(code="r1")
    answer = client.post(f"/reminders/rules/{rule.pk}/edit/", data | {f"step{first.pk}-offset": "100000"})
    assert "应不大于 366。" in text(answer)
    client.post(f"/reminders/rules/{rule.pk}/edit/", data | {f"step{first.pk}-offset": "-4"})
    rule.refresh_from_db()
    first.refresh_from_db()
    assert (rule.roll, rule.version, first.offset) == ("next", 2, -4)
    assert AuditEntry.objects.get(action="reminder.amend").after == {"roll": "next", "r1.offset": -4}


def test_whom_nothing_reaches_is_called_and_noted_once(owed, cast):
    running.run(june(21))
    client = client_of(cast.sfj)
    with at(21, 10):
        page = text(client.get("/reminders/calls/"))
        assert "蔚汾联络" in page
        assert "请在今天 24:00 前报送" in page
        entry = LedgerEntry.objects.get(channel="call")
        for _ in range(2):
            client.post("/reminders/calls/note/", {"pick": entry.pk, "note": "下午报"})
        assert "没有要打的电话" in text(client.get("/reminders/calls/"))
    entry.refresh_from_db()
    assert (entry.status, entry.called_by, entry.reason) == ("called", cast.sfj, "下午报")
    assert AuditEntry.objects.filter(action="call.note").count() == 1


def test_a_letter_waits_for_a_go_then_goes_and_is_a_document(owed, cast):
    running.run(june(24))
    letter = Escalation.objects.get(kind="letter")
    client = client_of(cast.sfj)
    with at(24, 10):
        assert "蔚汾镇" in text(client.get("/reminders/escalations/"))
        assert client_of(cast.weifen).get(f"/reminders/escalations/{letter.pk}/letter/").status_code == 404
        for _ in range(2):
            client.post("/reminders/escalations/decide/", {"pick": letter.pk, "go": "1"})
        assert LedgerEntry.objects.filter(step="e2-letter", channel="inbox").count() == 2
        sending.send_due(june(24, 15))
        answer = client_of(cast.weifen).get(f"/reminders/escalations/{letter.pk}/letter/")
    document = zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content))).read("word/document.xml").decode()
    assert "蔚汾镇人民政府" in document
    letter.refresh_from_db()
    assert (letter.granted, letter.decided_by) == (True, cast.sfj)


def test_the_list_for_the_bulletin_is_the_leaders_to_decide(owed, cast):
    running.run(june(28))
    listed = Escalation.objects.get(kind="bulletin")
    assert client_of(cast.sfj).post("/reminders/escalations/decide/", {"pick": listed.pk, "go": "1"}).status_code == 404
    client_of(cast.sfjld).post("/reminders/escalations/decide/", {"pick": listed.pk, "go": "0", "note": "已说明原因"})
    listed.refresh_from_db()
    assert (listed.granted, listed.note) == (False, "已说明原因")


def test_the_health_page_shows_what_is_wrong(owed, cast):
    assert "还没有过" in text(client_of(cast.admin).get("/reminders/health/"))
    running.run(june(14))
    with at(14, 10):
        assert "正常" in text(client_of(cast.sfj).get("/reminders/health/"))


def test_one_keeps_one_s_own_address_masked_and_checked(cast):
    client = client_of(cast.weifen)
    wishes = {"first_channel": "mail", "digest_time": "15:00"}
    assert "邮箱格式不对" in text(client.post("/contact/", wishes | {"email": "weifen"}))
    client.post("/contact/", wishes | {"email": "Weifen@Example.com"})
    kept = ContactPreference.objects.get(user=cast.weifen)
    assert (kept.email.full, kept.digest_time) == ("weifen@example.com", dt.time(15))
    page = text(client.get("/contact/"))
    assert "w***@example.com" in page
    assert "weifen@example.com" not in page
    client.post("/contact/", {"first_channel": "mail", "digest_time": "09:00", "email": "w***@example.com"})
    kept.refresh_from_db()
    assert kept.email.full == "weifen@example.com"
    assert client.get(f"/contact/{cast.scj.pk}/").status_code == 404


def test_a_bounce_closes_the_address_and_stands_at_the_bureaus_desk(cast, settings):
    settings.PORTAL_MAIL_BOUNCES = "bounces@example.com"
    mailbox(cast.weifen)
    line(cast.weifen, "mail")
    with post_office(settings) as office:
        sending.send_due(AT)
    head = f"To: {office.senders[0]}\nContent-Type: multipart/report; boundary=b\n\n--b\nContent-Type: message/delivery-status\n\n"
    delayed, hard = (f"{head}Action: x\nStatus: {status}\n\n--b--\n".encode() for status in ("4.2.2", "5.1.1"))
    forged = hard.replace(office.senders[0].encode(), b"bounces+" + b"0" * 32 + b".forgedforged@example.com")
    assert [len(bounces.take(raw, at=AT)) for raw in (delayed, forged, hard, hard)] == [0, 0, 1, 0]
    assert Letter.objects.get(channel="mail").status == Letter.BOUNCED
    client = client_of(cast.sfj)
    assert "蔚汾联络" in text(client.get("/reminders/contacts/"))
    assert "失效的联系方式 1" in text(client.get("/desk/"))
    client.post(f"/reminders/contacts/{closed.standing().get().pk}/lift/")
    assert not closed.standing()


def test_the_calendar_is_read_by_all_and_kept_by_the_administrator(cast):
    load_calendar(2022)
    client = client_of(cast.admin)
    assert "国办" in text(client.get("/calendar/2022/")) or "2022 年日历" in text(client.get("/calendar/2022/"))
    days = {"first": "2023-01-21", "last": "2023-01-27", "kind": "off", "name": "春节"}
    assert "结束日期" in text(client.post("/calendar/2023/days/", days | {"last": "2023-01-01"}))
    client.post("/calendar/2023/days/", days)
    assert CalendarDay.objects.filter(date__year=2023, name="春节").count() == 7
    assert "请填写依据的通知文号" in text(client.post("/calendar/2023/confirm/", {"official": "on"}))
    client.post("/calendar/2023/confirm/", {"official": "on", "notice_no": "样例〔2022〕1号"})
    assert CalendarYear.objects.get(year=2023).status == "official"
    assert client_of(cast.weifen).get("/calendar/2023/").status_code == 200
    assert client_of(cast.weifen).post("/calendar/2023/days/", days).status_code == 404
    clock.start_demo(moment(dt.date(2023, 11, 15)))
    assert "2024 年的放假调休安排还没有录入" in text(client.get("/calendar/2023/"))
