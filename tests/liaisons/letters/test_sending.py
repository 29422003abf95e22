"""Letters over real servers: one a day for each person and channel, read again before they go, never twice."""

import datetime as dt
from collections import Counter

import pytest
import time_machine
from django.db import transaction

from liaisons.letters import bounces, claiming, closed, gathering, sending, subjects, watching
from liaisons.models import Attempt, LedgerEntry, Letter, Notice, PlannerState, Suppression
from tests.cast import gather
from tests.liaisons.letters import lines
from tests.liaisons.letters.lines import AT, at, line, mailbox
from tests.post_office import post_office, robot, text_of
from tests.races import at_once
from xingxian_portal.foundation import clock
from xingxian_portal.foundation.workdays import Workdays


@pytest.fixture(autouse=True)
def nothing_settled():
    lines.settled.clear()


@pytest.fixture
def office(settings):
    with post_office(settings) as one:
        yield one


@pytest.fixture
def hook(settings):
    with robot(settings) as one:
        yield one


def status(entry):
    entry.refresh_from_db()
    return entry.letter.status if entry.letter else entry.status


def test_a_mail_carries_what_makes_doubles_collapse_and_bounces_traceable(cast, office, settings):
    settings.PORTAL_MAIL_BOUNCES = "bounces@example.com"
    mailbox(cast.weifen)
    entry = line(cast.weifen, "mail", key="六月报告")
    assert sending.send_due(AT) == {"sent": 1}
    (mail,), letter = office.mails, Letter.objects.get()
    assert office.subjects == ["请办理事项六月报告"]
    assert (mail["To"], mail["From"]) == ("weifen@example.com", "portal@example.com")
    assert mail["Message-ID"] == f"<{letter.pk}@example.com>"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["List-Unsubscribe"].endswith("/contact/>")
    assert office.senders[0].startswith(f"bounces+{letter.pk.hex}.")
    assert "请办理事项六月报告" in text_of(mail)
    assert (status(entry), letter.sent_at, letter.attempts) == ("sent", AT, 1)


def test_everything_of_a_day_is_one_letter_and_what_comes_later_waits_for_the_next(cast, office):
    mailbox(cast.weifen)
    for _ in range(3):
        line(cast.weifen, "mail")
    sending.send_due(AT)
    late = line(cast.weifen, "mail", planned_for=at(10), not_after=at(0, day=24))
    for hour in (10, 15, 16):
        sending.send_due(at(hour))
    assert (len(office.mails), status(late)) == (1, "planned")
    assert office.subjects[0].startswith("有 3 件事请办理：")
    sending.send_due(at(9, day=22))
    assert (len(office.mails), status(late)) == (2, "sent")


def test_a_returned_filing_alone_may_add_one(cast):
    line(cast.weifen)
    sending.send_due(AT)
    line(cast.weifen, slot=Letter.RETURN)
    sending.send_due(at(10))
    assert Notice.objects.count() == 2


def test_what_was_settled_a_moment_ago_is_not_told(cast, office):
    mailbox(cast.weifen)
    kept, gone = line(cast.weifen, "mail"), line(cast.weifen, "mail")
    gathering.gather(AT)
    lines.settled.add(gone.subject_key)
    sending.send_due(AT)
    assert office.subjects == [f"请办理{kept.about}"]
    gone.refresh_from_db()
    assert (gone.status, gone.reason) == (LedgerEntry.CANCELLED, "已报送")


def test_what_is_settled_while_a_chunk_goes_out_is_not_told_either(cast, office, monkeypatch):
    monkeypatch.setattr(sending, "FRESH_SECONDS", 0.0)
    for user in (cast.scj, cast.weifen):
        mailbox(user)
        line(user, "mail", key=user.username)
    taken = office.handle_DATA

    async def settle_the_other(*arguments):
        lines.settled.update({"scj", "weifen"})
        return await taken(*arguments)

    office.handle_DATA = settle_the_other
    assert sending.send_due(AT) == {"sent": 1, "cancelled": 1}


@pytest.mark.parametrize(("hour", "minute"), [(8, 39), (11, 30), (14, 39), (17, 20), (22, 0)])
def test_outside_of_the_windows_nothing_goes(cast, hour, minute):
    line(cast.weifen, planned_for=at(8), not_after=at(0, day=24))
    sending.send_due(at(hour, minute))
    assert not Notice.objects.exists()
    sending.send_due(at(9, day=22))
    assert Notice.objects.count() == 1


def test_on_a_day_off_nothing_goes_and_the_last_call_may_run_until_its_hour(cast):
    line(cast.weifen, planned_for=at(9, day=18), not_after=at(0, day=24))  # a Saturday
    sending.send_due(at(9, day=18))
    assert not Notice.objects.exists()
    line(cast.scj, open_until=at(20))
    sending.send_due(at(19, 59))
    assert [notice.recipient for notice in Notice.objects.all()] == [cast.scj]


def test_what_comes_too_late_expires_and_says_so(cast):
    entry = line(cast.weifen)
    sending.send_due(at(9, day=22))
    entry.refresh_from_db()
    assert (entry.status, entry.reason) == (LedgerEntry.EXPIRED, "过了还有用的时间")


def test_a_mailbox_that_is_gone_is_closed_and_the_next_way_is_taken(cast, office, hook):
    mailbox(cast.weifen, "gone@example.com")
    entry = line(cast.weifen, "mail")
    assert sending.send_due(AT) == {"permanent": 1}
    assert status(entry) == Letter.FAILED
    assert [(one.user, one.reason) for one in closed.standing()] == [(cast.weifen, Suppression.REJECTED)]
    assert sending.send_due(at(9, 1)) == {"sent": 1}
    assert hook.taken[0]["text"]["content"].startswith("蔚汾联络：请办理事项")


def test_without_another_way_the_person_is_to_be_called(cast, office):
    mailbox(cast.weifen, "gone@example.com")
    line(cast.weifen, "mail")
    sending.send_due(AT)
    assert LedgerEntry.objects.get(channel="call").recipient == cast.weifen


def test_a_new_address_or_a_person_of_the_bureau_opens_the_way_again(cast, office):
    contact = mailbox(cast.weifen, "gone@example.com")
    line(cast.weifen, "mail")
    sending.send_due(AT)
    closed.lift(closed.standing().get(), by=cast.sfj)
    assert not closed.standing()
    Suppression.objects.update(lifted_at=None, lifted_by=None)
    contact.email = "new@example.com"
    contact.save()
    assert not closed.standing()


@pytest.mark.parametrize("name", ["full", "way"])
def test_a_temporary_refusal_is_tried_again_later_and_later_never_after_its_time(cast, office, name):
    mailbox(cast.weifen, f"{name}@example.com")
    entry = line(cast.weifen, "mail")
    waits, now = [], AT
    while status(entry) in (Letter.PLANNED, LedgerEntry.PLANNED):
        sending.send_due(now)
        entry.refresh_from_db()
        waits.append((entry.letter.next_attempt_at - now).total_seconds() / 60)
        now = (
            max(entry.letter.next_attempt_at, at(14, 40))
            if entry.letter.next_attempt_at > at(11, 30)
            else entry.letter.next_attempt_at
        )
    for waited, minutes in zip(waits, (1, 5, 15, 60), strict=False):
        assert 0.8 * minutes <= waited <= 1.2 * minutes
    assert (status(entry), entry.letter.attempts) == (Letter.FAILED, 6)
    assert Attempt.objects.count() == 6
    assert not closed.standing()


def test_a_mail_server_that_is_away_is_temporary(cast, settings):
    settings.PORTAL_MAIL = {"host": "127.0.0.1", "port": 9, "security": "plain", "user": "", "password": ""}
    mailbox(cast.weifen)
    entry = line(cast.weifen, "mail")
    assert sending.send_due(AT) == {"temporary": 1}
    assert status(entry) == Letter.PLANNED


def test_a_robot_is_given_the_template_filled_in_whatever_the_words_hold(cast, hook, settings):
    settings.PORTAL_WEBHOOK_BODY = {"to": ["{name}"], "text": '"{title}"', "n": 1}
    line(cast.weifen, "webhook", about='报"告"\\{name}')
    sending.send_due(AT)
    assert hook.taken == [{"to": ["蔚汾联络"], "text": '"请办理报"告"\\蔚汾联络"', "n": 1}]


@pytest.mark.parametrize(
    ("answer", "ends"),
    [
        ((200, b'{"errcode": 0}'), "sent"), ((200, b"ok"), "sent"), ((200, b'{"errcode": 40001}'), "failed"),
        ((503, b""), "planned"), ((429, b""), "planned"), ((400, b""), "failed"),
    ],
)  # fmt: skip
def test_how_a_robot_answers_decides(cast, hook, answer, ends):
    hook.status, hook.said = answer
    entry = line(cast.weifen, "webhook")
    sending.send_due(AT)
    assert status(entry) == ends


def test_a_robot_that_takes_and_does_not_answer_leaves_it_unknown_and_is_not_asked_again(cast, hook):
    hook.silent = True
    entry = line(cast.weifen, "webhook")
    for minute in (0, 6, 12):
        sending.send_due(at(9, minute))
    assert (status(entry), len(hook.taken)) == (Letter.UNKNOWN, 1)


def test_a_mail_whose_sender_died_is_sent_again_and_an_sms_that_may_be_out_is_unknown(cast, office, hook):
    mailbox(cast.weifen)
    mail, sms = line(cast.weifen, "mail"), line(cast.scj, "webhook")
    gathering.gather(AT)
    for channel in ("mail", "webhook"):
        claiming.take(channel, AT, Workdays())
    Letter.objects.filter(channel="webhook").update(under_way=True)
    sending.send_due(AT)
    assert not office.mails  # the lease still runs
    with time_machine.travel(clock.real_now() + dt.timedelta(minutes=6), tick=False):
        sending.send_due(AT)
    assert (status(mail), status(sms), len(office.mails), hook.taken) == ("sent", "unknown", 1, [])


def test_a_lease_from_before_the_clock_was_set_back_has_ended(cast):
    line(cast.weifen)
    gathering.gather(AT)
    claiming.take("inbox", AT, Workdays())
    Letter.objects.update(lease_until=clock.real_now() + dt.timedelta(hours=1))
    sending.send_due(AT)
    assert Notice.objects.count() == 1


def test_a_letter_gathered_before_the_clock_was_set_back_does_not_wait_for_it_to_catch_up(cast, office):
    mailbox(cast.weifen)
    line(cast.weifen, "mail")
    gathering.gather(at(10, 5))
    assert sending.send_gathered(at(9, 5)) == {"sent": 1}


def test_an_unsent_letter_of_yesterday_does_not_add_one_today(cast, office):
    mailbox(cast.weifen)
    line(cast.weifen, "mail", not_after=at(0, day=24))
    gathering.gather(AT)  # and the portal goes down
    line(cast.weifen, "mail", planned_for=at(9, day=22), not_after=at(0, day=24))
    sending.send_due(at(9, day=22))
    assert len(office.mails) == 1
    assert office.subjects[0].startswith("有 2 件事")


def test_after_a_night_without_a_mail_server_the_morning_brings_one_letter_with_all_of_it(cast, office, settings):
    there, settings.PORTAL_MAIL = settings.PORTAL_MAIL, {**settings.PORTAL_MAIL, "port": 9}
    mailbox(cast.weifen)
    line(cast.weifen, "mail", not_after=at(0, day=24))
    assert sending.send_due(AT) == {"temporary": 1}
    settings.PORTAL_MAIL = there
    line(cast.weifen, "mail", planned_for=at(9, day=22), not_after=at(0, day=24))
    sending.send_due(at(9, day=22))
    assert len(office.mails) == 1
    assert office.subjects[0].startswith("有 2 件事")


def test_of_a_dead_sender_s_letters_the_one_in_flight_alone_goes_under_its_old_name_next_day(cast, office):
    users = [cast.weifen, cast.scj, cast.sfj]
    for user in users:
        mailbox(user)
        line(user, "mail", not_after=at(0, day=24))
    gathering.gather(AT)
    _, (in_flight, *_others) = claiming.take("mail", AT, Workdays())
    with time_machine.travel(clock.real_now() + dt.timedelta(minutes=6), tick=False):
        for user in users:
            line(user, "mail", planned_for=at(9, day=22), not_after=at(0, day=24))
        sending.send_due(at(9, day=22))
    by_person = Counter(mail["To"] for mail in office.mails)
    assert by_person.pop(f"{in_flight.recipient.username}@example.com") == 2
    assert set(by_person.values()) == {1}
    assert f"<{in_flight.pk}@example.com>" in [mail["Message-ID"] for mail in office.mails]


def test_a_call_that_nobody_made_ends_when_its_time_is_over(cast):
    entry = line(cast.weifen, "call")
    sending.send_due(at(9, day=22))
    entry.refresh_from_db()
    assert (entry.status, entry.reason) == (LedgerEntry.EXPIRED, "没有登记通话")


def test_a_kind_of_subject_that_cannot_be_read_says_so_and_holds_up_nothing_else(cast):
    def broken(_entries):
        return {}[0]

    subjects.learn("tests.broken", broken)
    line(cast.weifen, key="甲")
    line(cast.weifen, key="乙", subject_kind="tests.broken")
    sending.send_due(AT)
    assert Notice.objects.get().body == "1. 请办理事项甲\n2. 事项乙：这一项暂时读不出，请登录平台查看"


def test_what_was_given_up_or_came_back_today_is_counted_today(cast, office):
    mailbox(cast.weifen, "gone@example.com")
    mailbox(cast.scj)
    for user in (cast.weifen, cast.scj):
        line(user, "mail", planned_for=at(9, day=20))
    sending.send_due(at(9, day=20))
    assert watching.health(at(10, day=20)).failed_today == 1
    status = (
        "Content-Type: multipart/report; boundary=b\n\n--b\nContent-Type: message/delivery-status\n\nStatus: 5.1.1\n"
    )
    (sent,) = Letter.objects.filter(status=Letter.SENT, channel="mail")
    assert bounces.take(f"{status}\nMessage-ID: <{sent.pk}@example.com>\n--b--\n".encode(), at=AT)
    assert watching.health(AT).failed_today == 1


def test_a_chunk_costs_the_same_number_of_queries_for_one_and_for_many(cast, django_assert_num_queries):
    for users in ([cast.weifen], [cast.scj, cast.lingdao, cast.sfj]):
        for user in users:
            line(user)
        gathering.gather(AT)
        token, letters = claiming.take("inbox", AT, Workdays())
        with django_assert_num_queries(8):
            sending.delivering.into_inboxes(token, letters, at=AT)


def test_what_is_due_and_does_not_go_within_half_an_hour_of_a_window_is_late(cast):
    entry = line(cast.weifen)
    minutes = entry.planned_for + dt.timedelta(minutes=30), entry.planned_for + dt.timedelta(minutes=31)
    assert [watching.health(moment).letters_are_late for moment in minutes] == [False, True]
    assert watching.health(at(12, 30)).oldest_due is None  # between the windows nothing can go
    assert watching.health(at(14, 45)).oldest_due == dt.timedelta(minutes=5)
    sending.send_due(at(14, 45))
    assert watching.health(at(14, 46)).oldest_due is None


def test_the_sender_notes_that_it_ran(cast):
    sending.send_due(AT)
    assert PlannerState.objects.get().sender_ran_at is not None


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_senders_at_once_tell_each_person_once(settings):
    cast = gather()
    with post_office(settings) as office:
        for user in cast:
            mailbox(user)
            line(user, "mail")
            line(user)
        at_once(*[lambda: sending.send_due(AT)] * 3)
    assert sorted(mail["To"] for mail in office.mails) == sorted(f"{user.username}@example.com" for user in cast)
    assert Notice.objects.count() == len(office.mails)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_letter_of_yesterday_whose_lines_go_to_today_s_is_claimed_by_nobody_meanwhile():
    cast = gather()
    line(cast.weifen, not_after=at(0, day=24))
    gathering.gather(AT)
    taken = []
    with transaction.atomic():
        gathering._let_expire(at(9, day=22))
        at_once(lambda: taken.extend(claiming.take("inbox", at(9, day=22), Workdays())[1]))
    assert taken == []
