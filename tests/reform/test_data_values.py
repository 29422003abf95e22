"""What people type into data items, and what becomes of it."""

from __future__ import annotations

from contextlib import suppress
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reform import data_values
from reform.data_values import BadValue, Value, read
from reform.models import DataItem

KINDS = [DataItem.COUNT, DataItem.AMOUNT, DataItem.DATE, DataItem.CHOICE, DataItem.YES_NO, DataItem.TEXT]


def item(kind: str, **kwargs) -> DataItem:
    return DataItem(code="x", label="人数", kind=kind, **kwargs)


@pytest.mark.parametrize(
    "typed", ["46", "４６", " 46 ", "46人", "４６ 人", "46.0", "0046"]
)  # fmt: skip
def test_a_count_is_read_as_people_type_it(typed):
    assert read(item(DataItem.COUNT, measure="人"), typed) == Value("46", Decimal(46))


@pytest.mark.parametrize("typed", ["1,200", "１，２００", "1 200", "1200"])
def test_thousands_may_be_marked(typed):
    assert read(item(DataItem.COUNT), typed) == Value("1200", Decimal(1200))


@pytest.mark.parametrize("typed", ["-1", "－１", "−1", "–1"])
def test_a_negative_count_is_refused(typed):
    with pytest.raises(BadValue, match="不能是负数"):
        read(item(DataItem.COUNT), typed)


@pytest.mark.parametrize(
    "typed", ["十二", "12人次", "1.2.3", "1e5", "NaN", "Infinity", "٣", "1" * 14, "1.234", "\x00", "½"]
)
def test_what_is_no_number_is_refused(typed):
    with pytest.raises(BadValue, match="应填数字"):
        read(item(DataItem.COUNT, measure="人"), typed)


def test_half_a_person_is_refused():
    with pytest.raises(BadValue, match="应填整数"):
        read(item(DataItem.COUNT), "1.5")


def test_an_amount_keeps_its_cents():
    assert read(item(DataItem.AMOUNT, measure="万元"), "１．２０万元") == Value("1.20", Decimal("1.20"))


@pytest.mark.parametrize(
    "typed",
    [
        "2022-06-30", "2022/6/30", "2022.6.30", "2022年6月30日", "2022年06月30", "２０２２年６月３０日", "20220630",
        "二〇二二年六月三十日", "二○二二年六月三十日", "2022-06-30 00:00:00", "2022 年 6 月 30 日", "2022年6月30号",
    ],
)  # fmt: skip
def test_a_date_is_read_in_every_usual_spelling(typed):
    assert read(item(DataItem.DATE), typed) == Value("2022-06-30")


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("二〇二二年十二月三十一日", "2022-12-31"),
        ("二〇二二年十月二十日", "2022-10-20"),
        ("二〇二二年一月十一日", "2022-01-11"),
    ],
)
def test_a_written_date_is_read(typed, day):
    assert read(item(DataItem.DATE), typed) == Value(day)


@pytest.mark.parametrize(
    "typed",
    ["2022-02-30", "2022-13-01", "1999-12-31", "2100-01-01", "6月30日", "明天", "2022-06", "二〇二二年十十月一日", "二〇二二年六月三三日", "2022630"],
)  # fmt: skip
def test_what_is_no_date_is_refused_with_an_example(typed):
    with pytest.raises(BadValue, match="例如 2022-06-30"):
        read(item(DataItem.DATE), typed)


def test_a_choice_is_taken_as_the_plan_spells_it():
    choices = ["（一）是", "B类"]
    assert read(item(DataItem.CHOICE, choices=choices), "(一)是") == Value("（一）是")
    assert read(item(DataItem.CHOICE, choices=choices), "Ｂ类") == Value("B类")


def test_another_choice_is_refused():
    with pytest.raises(BadValue, match="只能选：甲、乙"):
        read(item(DataItem.CHOICE, choices=["甲", "乙"]), "丙")


def test_yes_and_no_are_all_there_is():
    assert [read(item(DataItem.YES_NO), word).text for word in ("是", "否")] == ["是", "否"]
    with pytest.raises(BadValue, match="请选“是”或“否”"):
        read(item(DataItem.YES_NO), "也许")


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_is_a_value_only_where_nothing_is_required(kind):
    assert read(item(kind), "　 ") == Value("")
    with pytest.raises(BadValue, match="请填写“人数”"):
        read(item(kind, required=True), "　 ")


def test_a_text_keeps_its_own_characters():
    assert read(item(DataItem.TEXT), " ＡＢＣ，１２ ") == Value("ＡＢＣ，１２")


def test_a_text_of_ten_thousand_characters_is_refused_with_both_numbers():
    with pytest.raises(BadValue, match="最多 500 字，现有 10000 字"):
        read(item(DataItem.TEXT), "长" * 10000)
    assert read(item(DataItem.TEXT), "长" * 500).text == "长" * 500


@given(typed=st.text(max_size=60), kind=st.sampled_from(KINDS))
def test_whatever_is_typed_is_read_or_refused_in_words(typed, kind):
    asked = item(kind, choices=["甲"])
    with suppress(BadValue):
        value = read(asked, typed)
        assert len(value.text) <= data_values.LONGEST
        assert read(asked, value.text) == value  # reading what is kept changes nothing
