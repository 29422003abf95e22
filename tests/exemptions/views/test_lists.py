"""The pages of lists: whose they are, nothing typed lost, nothing run, the same number of queries for one row and for many."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from exemptions import public_index
from exemptions.edition_states import State
from exemptions.models import Edition, ExemptionList, Item
from liaisons.models import User
from tests.cast import client_of
from tests.exemptions.factories import BasisFactory, EditionFactory, ItemFactory, ListFactory
from tests.factories import moment
from xingxian_portal.foundation import clock

MONDAY = dt.date(2022, 6, 20)
SCRIPT = "<script>alert(1)</script>'; DROP TABLE exemptions_item;--"


@pytest.fixture(autouse=True)
def _held(db):
    clock.start_demo(moment(MONDAY, 9))


@pytest.fixture
def draft(cast) -> Edition:
    return EditionFactory(exemption_list=ListFactory(unit=cast.scj.unit))


def sent(user: User, address: str, **filled: Any) -> str:
    return client_of(user).post(address, filled, follow=True).content.decode()


def item_form(**more: Any) -> dict[str, Any]:
    rows = {"conditions-TOTAL_FORMS": "1", "conditions-INITIAL_FORMS": "0", "conditions-0-text": "及时改正"}
    return {"conduct": "未按规定明码标价", "kind": Item.FIRST, "penalty": "《价格法》第四十二条", **rows} | more


def queries(user: User, address: str) -> int:
    client = client_of(user)
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address).status_code == 200
    return len(asked)


def test_the_form_of_an_item_asks_as_often_with_one_condition_as_with_many(cast, draft):
    small, large = ItemFactory(edition=draft), ItemFactory(edition=draft, conditions=[f"条件{n}" for n in range(12)])
    few, much = (queries(cast.scj, f"/exemptions/items/{item.pk}/edit/") for item in (small, large))
    assert few == much


# bad input


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({"conduct": "长" * 10_000}, "最多 300 个字，现在有 10000 个"),
        ({"conduct": ""}, "请填写违法行为"),
        ({"penalty": "见附件"}, "看不懂“见附件”"),
        ({"penalty": "法" * 10_000}, "最多 1000 个字"),
        ({"kind": "x"}, "不在可用的选项中"),
        ({"field": "99999999999999999999"}, "请在列表里选择领域"),
        ({"lookback_months": "1e9"}, "请填写整数"),
        ({"lookback_months": "0"}, "请填写 1 或更大的数"),
        ({"correction_days": "-1"}, "请填写 0 或更大的数"),
        ({"valid_from": "2022-07-01", "valid_until": "2022-06-01"}, "止日不能早于起日"),
        ({"valid_from": "2022-02-30"}, "日历上有的日期"),
        ({"measures": ["order", "whip"]}, "不在可用的选项中"),
        ({"conditions-0-value": "-5"}, "不能是负数"),
        ({"conditions-0-text": "长" * 301}, "最多 300 个字"),
        ({"conduct": "a\x00b"}, "无法识别的字符"),
    ],
)
def test_what_is_wrong_with_an_item_is_said_and_what_was_typed_stays(cast, draft, more, says):
    page = sent(cast.scj, f"/exemptions/editions/{draft.pk}/items/new/", **item_form(note="别丢了这句", **more))
    assert says in page
    assert "别丢了这句" in page
    assert not draft.items.exists()


def test_angle_brackets_and_sql_are_words_like_others_on_every_page(cast, draft):
    sent(cast.scj, f"/exemptions/editions/{draft.pk}/items/new/", **item_form(conduct=SCRIPT, note=SCRIPT))
    item = draft.items.get()
    assert item.conduct == SCRIPT
    edition = EditionFactory(exemption_list=ListFactory(unit=cast.weifen.unit), in_force=True)
    shown = ItemFactory(edition=edition, conduct=SCRIPT, conditions=[SCRIPT], penalty=BasisFactory(statute=SCRIPT[:80]))
    public_index.enter(edition, MONDAY)
    at = f"/exemptions/editions/{draft.pk}/"
    pages = [(cast.scj, at), (cast.scj, f"/exemptions/items/{item.pk}/edit/"), (cast.sfj, "/exemptions/overlaps/"),
             (cast.sfj, f"/exemptions/editions/{edition.pk}/"), (None, f"/public/items/{shown.pk}/"), (None, "/public/?words=drop")]  # fmt: skip
    for user, address in pages:
        page = client_of(user).get(address).content.decode()
        assert "<script>alert" not in page, address
    assert "&lt;script&gt;alert" in page


@pytest.mark.parametrize(
    "question", ["kind=x&state=y&unit='; DROP", "unit=99999999999999999999", "page=-1", "page=9999999"]
)
def test_the_bureaus_table_answers_whatever_is_asked(cast, question):
    assert client_of(cast.sfj).get(f"/exemptions/?{question}").status_code == 200


@pytest.mark.parametrize("words", [SCRIPT, "法", "价格", "字" * 10_000, "%", "\x00"])
def test_provisions_are_looked_up_by_whatever_words(cast, words):
    BasisFactory(statute="价格法")
    page = client_of(cast.sfj).get("/legal-bases/", {"words": words}).content.decode()
    assert "<script>alert" not in page
    assert ("《价格法》" in page) == (words in ("法", "价格", "\x00"))


@pytest.mark.parametrize("day", ["2022-02-30", "x", "0000-00-00", "9999-12-31", "'; DROP"])
def test_a_day_that_is_none_is_today(cast, day):
    assert "2022年6月20日有效的版次" in client_of(cast.sfj).get("/exemptions/in-force/", {"on": day}).content.decode()


def test_a_list_is_published_by_its_own_unit_or_the_bureau_alone(cast):
    edition = EditionFactory(exemption_list=ListFactory(unit=cast.scj.unit), recorded=True)
    at = f"/exemptions/editions/{edition.pk}/publish/"
    assert client_of(cast.weifen).post(at, {"effective_from": "2022-06-20"}).status_code == 404
    assert "不能早于准予备案" in sent(cast.scj, at, effective_from="2022-05-01", link="https://www.example.org/a")
    assert "完整的网页地址" in sent(cast.scj, at, effective_from="2022-06-20", link="javascript:alert(1)")
    assert Edition.objects.get().published_at is None
    assert "已公布" in sent(cast.sfj, at, effective_from="2022-06-20")


def test_a_return_that_says_nothing_is_refused_and_the_notes_stay(cast):
    edition = EditionFactory(exemption_list=ListFactory(unit=cast.scj.unit), filed=True, filed_by=cast.scj)
    item = ItemFactory(edition=edition)
    at = f"/exemptions/editions/{edition.pk}/return/"
    assert "请写明退回的理由" in sent(cast.sfj, at, reason=" ", mend_by="2022-06-24")
    page = sent(cast.sfj, at, reason="改", mend_by="2022-06-01", **{f"note-{item.pk}": "缺条件"})
    assert "补正期限应在今天或之后" in page
    assert ">缺条件</textarea>" in page
    assert "每项的意见最多 1000 字" in sent(cast.sfj, at, mend_by="2022-06-24", **{f"note-{item.pk}": "长" * 1001})
    assert Edition.objects.get().state == State.FILED


def test_nobody_is_led_to_what_is_not_theirs(cast, draft):
    item = ItemFactory(edition=draft)
    for address in (
        f"/exemptions/editions/{draft.pk}/",
        f"/exemptions/items/{item.pk}/edit/",
        f"/public/items/{item.pk}/",
    ):
        for user in (cast.weifen, cast.sfj):
            assert client_of(user).get(address).status_code == 404
    assert Client().get(f"/exemptions/editions/{draft.pk}/").status_code == 302
    begin = f"/exemptions/units/{cast.weifen.unit.pk}/{ExemptionList.EXEMPTION}/begin/"
    assert client_of(cast.scj).post(begin).status_code == 404


def test_another_units_published_list_is_shown_without_how_it_came_about(cast):
    edition = EditionFactory(exemption_list=ListFactory(unit=cast.weifen.unit), in_force=True, filed=True)
    Edition.objects.filter(pk=edition.pk).update(review_note="总体可行", filed_by=cast.weifen)
    edition.moves.create(
        verb="return", to_state=State.MENDING, at=moment(dt.date(2022, 5, 20), 9), by=cast.sfj, note="第一项依据写错"
    )
    address = f"/exemptions/editions/{edition.pk}/"
    for reader in (cast.weifen, cast.sfj):
        page = client_of(reader).get(address).content.decode()
        assert all(words in page for words in ("第一项依据写错", "总体可行", cast.weifen.name, "办理经过"))
    page = client_of(cast.scj).get(address).content.decode()
    assert edition.record_number in page
    assert not any(words in page for words in ("第一项依据写错", "总体可行", cast.weifen.name, "办理经过"))
