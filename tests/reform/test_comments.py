"""意见: who may write beside a duty, whom it tells, and that it changes nothing of the duty."""

import datetime as dt

import pytest
from django.db import DatabaseError, transaction

from liaisons.models import Notice
from reform import comments, dossier, rights
from reform.models import Comment
from tests.cast import department, township
from tests.factories import ObligationFactory, moment
from tests.reform.breaking import no_trail
from tests.reform.views.bureau import let_it_be_noon, page, post
from xingxian_portal.foundation.audit import AuditEntry
from xingxian_portal.foundation.refusal import Refused

AT = moment(dt.date(2022, 6, 20), 9)


@pytest.fixture
def led(cast):
    """Give a duty of 蔚汾镇 whose task 县市场局 leads."""
    return ObligationFactory(unit=township(), milestone__task__leads=[department()], doing=True)


def test_a_lead_writes_and_the_unit_is_told(led, cast):
    made = comments.comment(led, " 挂牌照片请补上。 ", by=cast.scj, at=AT)
    assert (made.text, made.by, made.at) == ("挂牌照片请补上。", cast.scj, AT)
    notice = Notice.objects.get()
    assert (notice.recipient, notice.kind, notice.body) == (cast.weifen, "意见", "挂牌照片请补上。")
    assert notice.link == f"/obligations/{led.pk}/"
    assert AuditEntry.objects.get(action="obligation.comment").subject_key == str(led.pk)
    before = (led.state, led.due_on, led.cycle_no)
    led.refresh_from_db()
    assert ((led.state, led.due_on, led.cycle_no), led.moves.filter(at=AT).exists()) == (before, False)


def test_the_unit_answers_and_who_wrote_before_is_told(led, cast):
    comments.comment(led, "请补照片。", by=cast.scj, at=AT)
    comments.comment(led, "已补。", by=cast.weifen, at=AT)
    assert [notice.recipient for notice in Notice.objects.filter(body="已补。")] == [cast.scj]


def test_the_same_words_sent_twice_are_one_remark(led, cast):
    for _ in range(2):
        comments.comment(led, "请补照片。", by=cast.scj, at=AT)
    assert (Comment.objects.count(), Notice.objects.count()) == (1, 1)


@pytest.mark.parametrize("name", ["weifenld", "lingdao", "pingcha", "admin", "audit"])
def test_nobody_else_writes_or_finds_the_page(led, cast, name):
    user = getattr(cast, name)
    with pytest.raises(rights.Denied):
        comments.comment(led, "x", by=user, at=AT)
    assert post(user, f"/obligations/{led.pk}/comment/", text="x")[0].status_code == 404
    assert not Comment.objects.exists()


@pytest.mark.parametrize(("text", "why"), [("  ", "请写意见。"), ("长" * 1001, "意见最多 1000 字，现有 1001 字。")])
def test_what_will_not_do_is_said_and_kept(led, cast, text, why):
    with pytest.raises(Refused, match=why):
        comments.comment(led, text, by=cast.sfj, at=AT)
    html = post(cast.sfj, f"/obligations/{led.pk}/comment/", text=text)[0].content.decode()
    assert why in html
    assert text.strip() in html


def test_without_its_entry_in_the_trail_nothing_is_written(led, cast):
    with no_trail(), pytest.raises(DatabaseError), transaction.atomic():
        comments.comment(led, "请补照片。", by=cast.scj, at=AT)
    assert (Comment.objects.count(), Notice.objects.count()) == (0, 0)


def test_it_stands_on_the_duty_for_those_concerned_alone(led, cast):
    let_it_be_noon()
    response, said = post(cast.scj, f"/obligations/{led.pk}/comment/", text="请补照片 <b>。")
    assert (response.url, said) == (f"/obligations/{led.pk}/", ["意见已发送。"])
    for user in (cast.scj, cast.weifen, cast.weifenld, cast.sfj):
        assert "请补照片 &lt;b&gt;。" in page(user, f"/obligations/{led.pk}/")
    for user in (cast.lingdao, cast.admin):
        assert "请补照片" not in page(user, f"/obligations/{led.pk}/")
    assert dossier.of(cast.lingdao, led, AT.date()).comments == []
