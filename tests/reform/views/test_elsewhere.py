"""The page on which a unit names a file that is too large: how one gets there, what is refused, who sees it afterwards."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from reform import drafts, evidence_elsewhere, filing
from reform.models import Evidence, Obligation
from tests.cast import client_of
from tests.factories import ObligationFactory, moment
from tests.files import PDF
from tests.reform.filings import report_of
from tests.xingxian_portal.foundation.test_kept_elsewhere import DIGEST, FILM
from xingxian_portal.foundation import clock, uploads

AT = moment(dt.date(2022, 6, 20), 14, 2)
FILLED = {
    "original_name": "检查录像.mp4", "place": "档案柜 3 号硬盘", "keeper": "综合执法队资料室", "size": "350 MB",
    "sha256": DIGEST.upper(), "kept_on": "2022-06-18",
}  # fmt: skip


@pytest.fixture(autouse=True)
def _held(db, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    clock.start_demo(AT)


@pytest.fixture
def duty(cast) -> Obligation:
    return ObligationFactory(unit=cast.weifen.unit)


def page(duty: Obligation, name: str = "obligation_elsewhere") -> str:
    return reverse(name, args=[duty.pk])


def html(answer) -> str:
    return answer.content.decode()


def test_an_upload_that_is_too_large_says_that_there_is_this_way_and_leads_there(cast, duty):
    town = client_of(cast.weifen)
    large = SimpleUploadedFile("录像说明.pdf", PDF + b"\0" * uploads.DOCUMENT_LIMIT)
    sent = {"text": "写了一半", "seen": drafts.mark(duty), "files": large}
    refused = html(town.post(page(duty, "filing_draft"), sent))
    assert "超过 20 MB" in refused
    assert "也可以留在本单位，点“登记留存的大文件”" in refused
    assert f'name="next" value="{page(duty)}"' in refused

    went = town.post(page(duty, "filing_draft"), {"text": "写完了", "seen": drafts.mark(duty), "next": page(duty)})
    last = drafts.latest(duty)
    assert last
    assert (went.headers["Location"], last.text) == (page(duty), "写完了")


@pytest.mark.parametrize("monthly", [False, True], ids=["duty", "month"])
def test_it_is_named_shown_beside_the_form_and_struck_out_with_what_was_typed(cast, duty, monthly):
    row = report_of(cast.weifen.unit) if monthly else duty
    town, form = client_of(cast.weifen), "report" if monthly else "filing"
    back = town.post(page(row), FILLED, follow=True)
    assert back.redirect_chain[-1][0] == page(row, form)
    for words in (
        "检查录像.mp4",
        "350.0",
        "留存本单位",
        "档案柜 3 号硬盘",
        "综合执法队资料室",
        "2022年6月18日",
        DIGEST,
    ):
        assert words in html(back)
    kept = Evidence.objects.get()
    assert f'name="strike" value="{kept.elsewhere_id}"' in html(back)

    town.post(
        page(row, f"{form}_draft"), {"text": "还有话", "seen": drafts.mark(row), "strike": str(kept.elsewhere_id)}
    )
    assert not Evidence.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"sha256": DIGEST[:-1]}, "这里是 63 位"), ({"sha256": ""}, "请填写SHA-256"), ({"sha256": "０" * 401}, "最多 400 个字"),
        ({"size": "350"}, "请连单位填写大小"), ({"kept_on": "2022-06-21"}, "不能晚于今天"), ({"kept_on": "2022-02-30"}, "日历上有的日期"),
        ({"original_name": "绝密.mp4"}, "涉密文件不能在平台上登记"), ({"keeper": "13800000000"}, "不写电话号码"),
        ({"place": "a\x00b"}, "无法识别的字符"), ({"original_name": "长" * 300}, "最多 120 个字"),
    ],
)  # fmt: skip
def test_what_is_wrong_stands_beside_its_input_and_what_was_typed_is_still_there(cast, duty, wrong, says):
    answer = html(client_of(cast.weifen).post(page(duty), FILLED | {"place": "柜子里写明的地方"} | wrong))
    assert says in answer
    assert "place" in wrong or "柜子里写明的地方" in answer
    assert not Evidence.objects.exists()


def test_fields_that_the_form_does_not_have_change_nothing(cast, duty):
    other = ObligationFactory(unit=cast.scj.unit)
    more = {
        "recorded_by_id": "1",
        "submission": "1",
        "obligation": str(other.pk),
        "unit": str(cast.scj.unit_id),
        "file": "1",
    }
    client_of(cast.weifen).post(page(duty), FILLED | more)
    kept = Evidence.objects.select_related("submission", "elsewhere").get()
    assert kept.elsewhere
    assert (kept.submission.obligation_id, kept.file_id) == (duty.pk, None)
    assert kept.elsewhere.recorded_by_id == cast.weifen.pk


@pytest.mark.parametrize("who", ["scj", "lingdao", "admin", "anquan", "audit", "pingcha", "sfj", "weifenld"])
def test_another_units_is_not_there(cast, duty, who):
    client = client_of(getattr(cast, who))
    assert client.get(page(duty)).status_code == 404
    assert client.post(page(duty), FILLED).status_code == 404
    assert not Evidence.objects.exists()


def test_once_filed_who_may_see_evidence_sees_it_and_nobody_downloads_it(cast, duty):
    kept = evidence_elsewhere.name(duty, FILM, by=cast.weifen, at=AT)
    filing.file(duty, by=cast.weifen, at=AT)
    town = client_of(cast.weifen)
    assert town.get(page(duty)).headers["Location"] == page(duty, "filing")
    assert "没有重复报送" in html(
        town.post(page(duty), FILLED | {"sha256": "0" * 64})
    )  # said on the page, nothing lost

    desk = client_of(cast.sfj)
    for address in (page(duty, "obligation"), reverse("review_filing", args=[kept.submission_id])):
        assert DIGEST in html(desk.get(address))
    assert DIGEST not in html(client_of(cast.lingdao).get(page(duty, "obligation")))
    assert DIGEST not in html(client_of(cast.scj).get(page(duty, "obligation")))
    assert desk.get(reverse("evidence", args=[kept.pk])).status_code == 404
