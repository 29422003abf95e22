"""The go for a 催办函: one number each, kept as it was sent, by mail with the document, never to who has filed."""

from __future__ import annotations

import datetime as dt
import io

import docx
import pytest

from liaisons.letters import sending
from liaisons.models import LedgerEntry
from reform.models import Escalation, Obligation
from reform.reminders import escalating, urging_letter
from tests.cast import client_of, department, gather
from tests.factories import MilestoneFactory, UnitFactory, moment
from tests.liaisons.letters.lines import mailbox
from tests.post_office import post_office
from tests.races import at_once
from tests.reform.reminders.rules import load_rules, report
from xingxian_portal.foundation.refusal import Refused


def june(day, hour=9):
    return moment(dt.date(2022, 6, day), hour)


AT = june(24, 10)


def asked(row: Obligation) -> Escalation:
    """Lay a 催办函 about the duty before the bureau."""
    return Escalation.objects.create(obligation=row, cycle_no=row.cycle_no, kind="letter", proposed_at=june(24))


@pytest.fixture
def late(cast, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    load_rules("monthly")
    return report(cast.weifen.unit)


def words(data: bytes) -> str:
    return "\n".join(paragraph.text for paragraph in docx.Document(io.BytesIO(data)).paragraphs)


def test_letters_are_numbered_one_by_one_and_a_refused_go_uses_none(late, cast):
    others = [report(UnitFactory(township=True), milestone=late.milestone) for _ in range(2)]
    first, refused, third = (asked(row) for row in (late, *others))
    Obligation.objects.filter(pk=others[0].pk).update(state="review")
    assert escalating.decide(first, by=cast.sfj, go=True, at=AT).number == "兴司函〔2022〕1号"
    with pytest.raises(Refused, match="已经报送"):
        escalating.decide(refused, by=cast.sfj, go=True, at=AT)
    assert escalating.decide(refused, by=cast.sfj, go=False, at=AT).number == ""
    assert escalating.decide(third, by=cast.sfj, go=True, at=AT).number == "兴司函〔2022〕2号"
    assert urging_letter.next_number(2023) == "兴司函〔2023〕1号"


def test_it_stays_as_it_was_sent_and_stands_on_the_duty_for_unit_and_bureau(late, cast):
    go = escalating.decide(asked(late), by=cast.sfj, go=True, at=AT)
    Obligation.objects.filter(pk=late.pk).update(due_on=dt.date(2022, 7, 21))
    client, page = client_of(cast.weifen), f"/obligations/{late.pk}/"
    said = words(b"".join(client.get(f"/reminders/escalations/{go.pk}/letter/").streaming_content))
    assert "兴司函〔2022〕1号" in said
    assert "2022年6月21日前报送" in said
    shown = {
        who: go.number in client_of(getattr(cast, who)).get(page).content.decode()
        for who in ("weifen", "sfj", "lingdao")
    }
    assert shown == {"weifen": True, "sfj": True, "lingdao": False}
    to_take = {
        who: f"/reminders/escalations/{go.pk}/letter/"
        in client_of(getattr(cast, who)).get("/exports/").content.decode()
        for who in ("weifen", "scj", "sfj", "lingdao")
    }
    assert to_take == {"weifen": True, "scj": False, "sfj": True, "lingdao": False}


def test_by_mail_the_document_comes_along(late, cast, settings):
    mailbox(cast.weifenld)
    with post_office(settings) as office:
        escalating.decide(asked(late), by=cast.sfj, go=True, at=AT)
        sending.send_due(AT)
    (mail,) = office.mails
    text, paper = mail.get_payload()
    assert office.subjects[0].startswith(f"催办函（兴司函〔2022〕1号）：蔚汾镇：{late.name}已逾期 3 天")
    assert "已逾期 3 天" in text.get_payload(decode=True).decode()
    assert paper.get_filename() == f"催办函兴司函〔2022〕1号（蔚汾镇 {late.name}）.docx"
    assert "特此函告" in words(paper.get_payload(decode=True))
    assert mail["Message-ID"]
    assert mail["Auto-Submitted"] == "auto-generated"


def test_who_files_after_the_go_gets_no_letter(late, cast):
    escalating.decide(asked(late), by=cast.sfj, go=True, at=AT)
    Obligation.objects.filter(pk=late.pk).update(state="review")
    sending.send_due(AT)
    assert set(LedgerEntry.objects.exclude(channel="call").values_list("status", "reason")) == {("cancelled", "已报送")}


def test_a_go_that_fails_leaves_no_file_and_takes_its_number_back(late, cast, monkeypatch, settings):
    def broken(*_arguments):
        raise RuntimeError

    monkeypatch.setattr(escalating, "_plan", broken)
    with pytest.raises(RuntimeError):
        escalating.decide(asked(late), by=cast.sfj, go=True, at=AT)
    assert not list(settings.MEDIA_ROOT.rglob("*.docx"))
    assert Escalation.objects.get().number == ""


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_letters_at_once_get_two_numbers():
    cast = gather()
    load_rules("monthly")
    milestone = MilestoneFactory(monthly=True)
    rows = [asked(report(unit, milestone=milestone)) for unit in (cast.weifen.unit, department())]
    at_once(*[lambda row=row: escalating.decide(row, by=cast.sfj, go=True, at=AT) for row in rows])
    assert sorted(Escalation.objects.values_list("number", flat=True)) == ["兴司函〔2022〕1号", "兴司函〔2022〕2号"]
