"""The pages for everyone: nothing of drafts, no session, kept by caches, harmless whatever is asked."""

from __future__ import annotations

import csv
import datetime as dt
import io

import pytest
from django.core.cache import cache
from django.test import Client
from openpyxl import load_workbook

from exemptions import public_index
from exemptions.edition_states import State
from exemptions.models import ExemptionList, Item
from tests import files
from tests.cast import client_of
from tests.exemptions.case_samples import decided
from tests.exemptions.factories import BasisFactory, EditionFactory, ItemFactory, ListFactory
from xingxian_portal.foundation import clock, uploads

JUNE_20 = dt.datetime(2022, 6, 20, 1, tzinfo=dt.UTC)


@pytest.fixture
def published(cast):
    clock.start_demo(JUNE_20)
    edition = EditionFactory(exemption_list=ListFactory(unit=cast.scj.unit), in_force=True)
    item = ItemFactory(edition=edition, conduct="未按规定明码标价", conditions=["及时改正", "没有造成后果"])
    EditionFactory(exemption_list=edition.exemption_list, number=2, state=State.DRAFT)
    public_index.enter(edition, dt.date(2022, 6, 20))
    return item


def get(address: str, **headers):
    return Client().get(address, headers=headers)


def text(response) -> str:
    assert response.status_code == 200
    return response.content.decode()


def test_anyone_finds_a_published_item_and_its_page(published):
    found = text(get("/public/?words=标价"))
    assert f'href="/public/items/{published.pk}/"' in found
    page = text(get(f"/public/items/{published.pk}/"))
    assert "可以不予行政处罚" in page
    assert "<svg" in page
    assert "style=" not in page


def test_the_conditions_can_be_ticked_and_the_answer_is_no_decision(published):
    first, second = published.conditions.all()
    address = f"/public/items/{published.pk}/?check=1&ticked={first.pk}"
    assert "还有 1 条没有勾选：没有造成后果" in text(get(address))
    page = text(get(f"{address}&ticked={second.pk}"))
    assert "您勾选了全部条件" in page
    assert "不是法律决定" in page


def test_nothing_of_drafts_or_other_kinds_is_found(cast, published):
    hidden = []
    for state in ({}, {"filed": True}, {"recorded": True}):
        unit = ListFactory()
        hidden.append(ItemFactory(edition=EditionFactory(exemption_list=unit, **state), conduct="明码标价的草稿"))
    hidden.append(
        ItemFactory(
            edition=EditionFactory(exemption_list=ListFactory(kind=ExemptionList.EXAMPLES)), conduct="明码标价的示例"
        )
    )
    for item in hidden:
        assert get(f"/public/items/{item.pk}/").status_code == 404
    for address in ("/public/?words=标价", "/public/", "/public/lists/", "/public/data.json", "/public/data.csv"):
        page = text(get(address))
        assert not {"草稿", "示例"} & {word for word in ("草稿", "示例") if word in page}, address


def test_nothing_of_cases_is_found(cast, published):
    case = decided(cast.scj)
    known = [case.party_name, case.credit_code, case.number, str(case.decision_number)]
    addresses = [
        "/public/",
        "/public/lists/",
        f"/public/items/{published.pk}/",
        "/public/data.json",
        "/public/data.csv",
    ]
    for address in addresses + [f"/public/?words={word}" for word in known]:
        page = text(get(address))
        asked = address.partition("words=")[2]
        assert not [word for word in known if word in page and word != asked], address
        assert not asked or "没有找到" in page


def test_an_item_that_has_ended_leads_to_the_one_that_holds(published):
    edition = published.edition
    edition.state, edition.effective_until = State.ABOLISHED, dt.date(2022, 6, 10)
    edition.save()
    public_index.end(edition, dt.date(2022, 6, 10))
    new = ItemFactory(
        edition=EditionFactory(
            exemption_list=edition.exemption_list, number=3, in_force=True, effective_from=dt.date(2022, 6, 10)
        ),
        code=published.code,
    )
    page = text(get(f"/public/items/{published.pk}/"))
    assert "2022年6月9日后失效" in page
    assert f'href="/public/items/{new.pk}/"' in page
    assert "没有找到" in text(get("/public/?words=标价"))


def test_an_item_says_when_its_own_time_is_over_or_not_yet_come(published):
    rows = Item.objects.filter(pk=published.pk)
    rows.update(valid_until=dt.date(2022, 6, 19))
    assert "有效期到2022年6月19日为止，现在不再适用" in text(get(f"/public/items/{published.pk}/"))
    rows.update(valid_from=dt.date(2022, 6, 21), valid_until=None)
    assert "自2022年6月21日起适用，现在还不适用" in text(get(f"/public/items/{published.pk}/"))


def test_before_anything_is_published_the_pages_say_so(db):
    for address, says in (
        ("/public/", "还没有公布的清单"),
        ("/public/lists/", "还没有公布的清单"),
        ("/public/?words=执照", "没有找到"),
    ):
        page = text(get(address))
        assert says in page
    assert get("/public/data.csv").content.decode("utf-8-sig").startswith("公布单位,")


@pytest.mark.parametrize("address", ["/public/", "/public/?words=标价", "/public/lists/", "/public/data.json"])
def test_pages_know_no_session_and_are_kept_by_caches(cast, published, address):
    response = client_of(cast.scj).get(address)
    assert response.headers["Cache-Control"] == "public, max-age=300"
    assert "Vary" not in response.headers
    assert not response.cookies
    assert "市场联络" not in response.content.decode()
    again = get(address, if_none_match=response.headers["ETag"])
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize(
    "question",
    [
        "words='; DROP TABLE exemptions_item; --", "words=<script>alert(1)</script>", "words=" + "字" * 10_000, "words=%00",
        "words=\"*) OR", "unit=1' OR 1=1", "unit=99999999999999999999", "field=-1", "kind=x", "page=0", "page=999999999999999999",
    ],
)  # fmt: skip
def test_whatever_is_asked_is_answered_with_a_page(published, question):
    page = text(get(f"/public/?{question}"))
    assert "<script>alert" not in page
    assert Item.objects.exists()


@pytest.mark.parametrize(
    "address", ["/public/items/999999/", "/public/data.exe", "/public/items/99999999999999999999/"]
)
def test_what_is_not_there_is_not_found(published, address):
    answer = get(address)
    page = answer.content.decode()
    assert (answer.status_code, "没有这一页" in page, 'href="/public/"' in page) == (404, True, True)
    assert "涉密" not in page  # the frame of the people who log in is none of a visitor's
    assert "max-age" not in answer.headers.get("Cache-Control", "")
    assert Client().post("/public/").status_code == 405


def test_open_data_comes_as_workbook_csv_and_json(published):
    published.note = "=HYPERLINK(1)"
    published.save()
    rows = get("/public/data.json").json()
    assert (rows["事项数"], rows["事项"][0]["违法行为"], rows["数据日期"]) == (1, "未按规定明码标价", "2022-06-20")
    body = get("/public/data.csv").content
    assert body.startswith(b"\xef\xbb\xbf")
    head, row = csv.reader(io.StringIO(body.decode("utf-8-sig")))
    assert dict(zip(head, row, strict=True))["备注"] == "'=HYPERLINK(1)"
    sheet = load_workbook(io.BytesIO(get("/public/data.xlsx").content)).active
    assert "未按规定明码标价" in [cell.value for line in sheet.iter_rows() for cell in line]


def test_the_document_of_a_published_list_of_another_kind_can_be_fetched_by_anyone(cast, published, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    row = ListFactory(unit=cast.scj.unit, kind=ExemptionList.ITEM_LIST)
    given = {"exemption_list": row, "file": uploads.store(files.pdf("事项清单.pdf"), by_id=None), "stated_count": 86}
    edition = EditionFactory(in_force=True, **given)
    draft = EditionFactory(number=2, **given)
    address = f"/public/lists/{edition.pk}/document/"
    assert f'<a href="{address}">下载 事项清单.pdf</a>　86 项' in text(get("/public/lists/"))
    answer = client_of(cast.scj).get(address)
    assert b"".join(answer).startswith(b"%PDF")
    assert answer.headers["Cache-Control"] == "public, max-age=300"
    assert (answer.headers["X-Content-Type-Options"], answer.cookies) == ("nosniff", {})
    page = text(get("/public/lists/"))
    assert page.index("<h2>包容免罚清单") < page.index("<h2>行政执法事项清单")
    for hidden in (draft.pk, published.edition_id, 999_999):
        assert get(f"/public/lists/{hidden}/document/").status_code == 404
    edition.file.location.write_bytes(b"other")
    assert get(address).status_code == 410


def test_too_many_requests_of_one_address_are_put_off(published, settings):
    settings.PORTAL_PUBLIC_RATE = 3
    cache.clear()
    given = [get("/public/").status_code for _ in range(5)]
    assert 429 in given[3:]
    assert given[0] == 200
    cache.clear()


def test_a_search_asks_the_same_number_of_queries_for_one_and_for_many(published, django_assert_max_num_queries):
    for _ in range(4):
        ItemFactory(edition=published.edition, conduct="明码标价又一种", penalty=BasisFactory())
    public_index.PublicEntry.objects.all().delete()
    public_index.enter(published.edition, dt.date(2022, 6, 20))
    with django_assert_max_num_queries(7):
        assert text(get("/public/?words=标价")).count("<article") == 5
