"""`manage.py reminders` and `manage.py take_bounces` as an administrator meets them."""

from __future__ import annotations

import datetime as dt
import io
import sys

import pytest
from django.core.management import CommandError, call_command

from liaisons.letters import closed, sending
from liaisons.models import LedgerEntry, Letter, Notice
from reform.reminders import planning
from tests.factories import moment
from tests.liaisons.letters.lines import AT, line, mailbox
from tests.post_office import post_office
from tests.reform.reminders.rules import load_calendar, load_rules, report

AT_NINE = "2022-06-14T09:00"


@pytest.fixture
def owed(cast):
    load_calendar(2022)
    load_rules("monthly")
    return report(cast.weifen.unit)


def said(capsys, *command: str) -> list[str]:
    call_command(*command)
    return capsys.readouterr().out.splitlines()


def test_by_hand_it_plans_and_sends_as_at_the_moment_a_line_for_each_message_with_its_unit(owed, cast, capsys):
    told, end = said(capsys, "reminders", "--at", AT_NINE)
    assert told == f"2022-06-14 09:00　蔚汾镇　联络员 蔚汾联络　站内消息　提前提醒：{owed.name}　已发出"
    assert end == "新安排 1 条，发出 1 封。"
    assert Notice.objects.get().recipient == cast.weifen
    assert said(capsys, "reminders", "--at", AT_NINE) == ["新安排 0 条，发出 0 封。"]


def test_dry_it_says_what_would_be_planned_and_what_waits_and_writes_nothing(owed, capsys):
    planned, end = said(capsys, "reminders", "--at", AT_NINE, "--dry-run")
    assert "蔚汾镇　联络员 蔚汾联络" in planned
    assert end == "已安排待发 0 条，会新安排 1 条，什么都没有写入。"
    planning.plan(moment(dt.date(2022, 6, 14), 8, 55))
    waiting, end = said(capsys, "reminders", "--at", AT_NINE, "--dry-run")
    assert waiting == planned
    assert end.startswith("已安排待发 1 条，会新安排 0 条")
    assert (LedgerEntry.objects.count(), Letter.objects.count(), Notice.objects.count()) == (1, 0, 0)


def test_a_moment_that_is_none_is_said_in_words(db):
    with pytest.raises(CommandError, match="“周二”不是时间，应写成 2022-06-21T09:00。"):
        call_command("reminders", "--at", "周二")


@pytest.fixture
def bounce(cast, settings) -> bytes:
    """Send a letter and give the message with which its mail server gave it back."""
    settings.PORTAL_MAIL_BOUNCES = "bounces@example.com"
    mailbox(cast.weifen)
    line(cast.weifen, "mail")
    with post_office(settings) as office:
        sending.send_due(AT)
    head = "Content-Type: multipart/report; boundary=b\n\n--b\nContent-Type: message/delivery-status\n\n"
    return f"To: {office.senders[0]}\n{head}Status: 5.1.1\n\n--b--\n".encode()


def test_a_folder_of_bounces_is_read_and_reading_it_twice_changes_nothing(bounce, cast, tmp_path, capsys):
    (tmp_path / "new").mkdir()
    (tmp_path / "new" / "1").write_bytes(bounce)
    (tmp_path / "2").write_bytes(b"Subject: hello\n\nnot a bounce")
    command = ("take_bounces", "--folder", str(tmp_path))
    assert said(capsys, *command) == ["退信：蔚汾联络（2022-06-21），邮箱已停用，改用其他方式。"]
    assert said(capsys, *command) == ["没有发现退信。"]
    assert [one.user for one in closed.standing()] == [cast.weifen]
    assert LedgerEntry.objects.get(channel="call").recipient == cast.weifen


def test_a_folder_that_is_none_is_no_folder_without_bounces(tmp_path, capsys):
    with pytest.raises(CommandError, match="没有目录"):
        said(capsys, "take_bounces", "--folder", str(tmp_path / "wrong"))


def test_a_bounce_piped_in_by_a_mail_server_is_read(bounce, monkeypatch, capsys):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(bounce)))
    assert said(capsys, "take_bounces")[0].startswith("退信：蔚汾联络")
