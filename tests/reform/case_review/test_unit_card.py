from __future__ import annotations

import datetime as dt

import pytest

from reform.case_review import self_checks, unit_card
from tests.reform.case_review import rounds_of
from tests.reform.case_review.rounds_of import AT

pytestmark = pytest.mark.django_db
TODAY = dt.date(2022, 6, 1)


def test_a_unit_sees_what_a_round_asks_of_it_until_it_is_done(cast):
    unit = cast.weifen.unit
    assert unit_card.of_unit(unit, TODAY) is None
    round_ = rounds_of.a_round(cast.sfj, [unit])
    (row,) = unit_card.of_unit(unit, TODAY).rows
    assert (row.standing, row.note, row.address) == ("登记案卷目录", "自查表还没有报", f"/reviews/{round_.pk}/")
    values = {"checked": 1, "excellent": 0, "failed": 0, "problems": "无", "measures": "无"}
    self_checks.file_self_check(round_, unit, by=cast.weifen, at=AT, **values)

    (row,) = unit_card.of_unit(unit, TODAY).rows
    assert row.note == ""


def test_what_was_made_known_asks_for_nothing_more(cast):
    round_ = rounds_of.a_round(cast.sfj, [cast.weifen.unit])
    type(round_).objects.filter(pk=round_.pk).update(stage="published")

    assert unit_card.of_unit(cast.weifen.unit, TODAY) is None
