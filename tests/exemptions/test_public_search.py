"""The public search: any word of any length, only what holds on the day, bad queries harmless."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection

from exemptions import bigrams, public_index, public_search
from exemptions.models import Item, PublicEntry
from exemptions.public_search import Asked
from tests.exemptions.factories import IN_FORCE_FROM, BasisFactory, EditionFactory, ItemFactory, ListFactory

TODAY = dt.date(2022, 6, 20)
FTS = "exemptions_publicentry_fts"


@pytest.fixture
def published(db):
    edition = EditionFactory(in_force=True)
    basis = BasisFactory(statute="市场主体登记管理条例", article="第四十八条", paragraph="第一款")
    licence = ItemFactory(edition=edition, conduct="未将营业执照置于住所醒目位置", kind=Item.MINOR, penalty=basis)
    food = ItemFactory(
        edition=edition,
        conduct="经营超过保质期的食品",
        penalty=BasisFactory(statute="食品安全法", article="第一百二十四条"),
        conditions=["货值不超过500元", "2年内没有同类违法"],
    )
    label = ItemFactory(edition=edition, conduct="标签不符合GB 7718的预包装食品", valid_until=dt.date(2022, 6, 30))
    public_index.enter(edition, TODAY)
    return {"licence": licence, "food": food, "label": label}


def found(words: str = "", day: dt.date = TODAY, **asked) -> list[Item]:
    return public_search.find(Asked(words, **asked), day).items


@pytest.mark.parametrize(
    ("words", "names"),
    [
        ("执照", ["licence"]),
        ("照", ["licence"]),
        ("置", ["licence"]),
        ("营业执照", ["licence"]),
        ("食品", ["food", "label"]),
        ("食品 保质期", ["food"]),
        ("食品安全", ["food"]),
        ("登记管理条例", ["licence"]),
        ("条例第48条", ["licence"]),
        ("第124条", ["food"]),
        ("500元", ["food"]),
        ("ＧＢ7718", ["label"]),
        ("gb", ["label"]),
        ("照于", []),
        ("品食", []),
        ("'; DROP TABLE exemptions_item; --", []),
        ("<script>alert(1)</script>", []),
        ('"*) OR NEAR(', []),
        ("，。！", []),
        ("执" * 10_000, []),
        ("%", []),
    ],
)
def test_words_are_found_wherever_they_stand(published, words, names):
    assert found(words) == [published[name] for name in names]


def test_what_was_published_is_in_the_index_at_once(published):
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":  # raises where the index of words and the rows differ
            cursor.execute(f"INSERT INTO {FTS}({FTS}, rank) VALUES ('integrity-check', 1)")
        else:  # nothing waits in a list that every search would have to read through
            cursor.execute("SELECT gin_clean_pending_list('exemptions_publicentry_found')")
            assert cursor.fetchone() == (0,)
    assert found("执照") == [published["licence"]]


def test_nothing_asked_for_gives_everything(published):
    assert found("") == found("  ") == list(published.values())


def test_unit_field_and_kind_narrow_what_is_found(published, django_assert_num_queries):
    unit = published["food"].edition.exemption_list.unit_id
    assert found("食品", unit=unit, kind=Item.FIRST) == [published["food"], published["label"]]
    assert found("", kind=Item.MINOR) == [published["licence"]]
    assert found("", unit=unit + 1) == found("", field=7) == []
    with django_assert_num_queries(4):
        found("食品")


def test_only_what_holds_on_the_day_is_found(published):
    assert found("食品", day=IN_FORCE_FROM - dt.timedelta(days=1)) == []
    assert found("食品", day=dt.date(2022, 7, 1)) == [published["food"]]
    public_index.end(published["food"].edition, dt.date(2022, 9, 1))
    assert found("食品", day=dt.date(2022, 8, 31)) == [published["food"]]
    assert found("食品", day=dt.date(2022, 9, 1)) == []
    public_index.enter(EditionFactory(exemption_list=ListFactory(), in_force=True), dt.date(2022, 9, 2))
    assert PublicEntry.objects.count() == 0
    assert found("食品", day=dt.date(2022, 8, 31)) == []


def test_the_count_is_capped_and_pages_stay_within_it(db, monkeypatch):
    monkeypatch.setattr(public_search, "COUNTED", 4)
    monkeypatch.setattr(public_search, "PER_PAGE", 2)
    edition = EditionFactory(in_force=True)
    rows = [ItemFactory(edition=edition, conditions=[]) for _ in range(6)]
    public_index.enter(edition, TODAY)
    page = public_search.find(Asked("样例"), TODAY, 2)
    assert (page.items, page.total, page.more, page.pages) == (rows[2:4], 4, True, 2)
    assert public_search.find(Asked("样例"), TODAY, 99).page == 2


def test_pairs_that_stand_apart_are_no_word(db):
    edition = EditionFactory(in_force=True)
    ItemFactory(edition=edition, conduct="食品与品安和安全", conditions=[])
    public_index.enter(edition, TODAY)
    assert found("食品安全") == []


def test_a_text_is_cut_into_pairs_and_its_last_character():
    assert bigrams.tokens("营业执照 GB7718") == ["营业", "业执", "执照", "照", "gb", "7718"]
    assert bigrams.words("第34条，食品") == ["第三十四条", "食品"]
