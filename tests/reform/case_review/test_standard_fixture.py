"""The score sheet that comes with the portal: the demonstration sheet of the domain notes, whole, and marked as unconfirmed."""

from __future__ import annotations

import json
from collections import Counter
from decimal import Decimal
from typing import Any

import pytest
from django.conf import settings

# What each part is worth, as the sheet was put together from published ones.
SECTIONS = {
    "立案": 5, "检查（勘验）笔录": 10, "询问笔录": 10, "证据": 10, "调查终结报告": 5, "审查决定": 28, "处罚决定书": 7,
    "送达与执行": 15, "立卷归档": 10,
}  # fmt: skip


@pytest.fixture(scope="module")
def rows() -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for row in json.loads((settings.BASE_DIR / "fixtures/review_standard.json").read_text("utf-8")):
        found.setdefault(row["model"], []).append(row["fields"])
    return found


def test_the_parts_make_a_hundred_points(rows):
    points: Counter[str] = Counter()
    for item in rows["reform.reviewitem"]:
        points[item["section"]] += Decimal(item["points"])

    assert points == SECTIONS
    assert sum(points.values()) == 100


def test_thirteen_vetoes_each_fail_the_file(rows):
    assert [(veto["code"], veto["effect"]) for veto in rows["reform.reviewveto"]] == [
        (f"A{number:02}", "fail") for number in range(1, 14)
    ]


def test_every_line_names_its_source_and_none_is_confirmed(rows):
    (standard,) = rows["reform.reviewstandard"]
    lines = [standard, *rows["reform.reviewitem"], *rows["reform.reviewveto"]]

    assert [line for line in lines if not line["source"] or line["confirmed"]] == []
    assert [float(standard[name]) for name in ("excellent_from", "good_from", "pass_from")] == [90, 80, 60]
    assert all(item["rule"] for item in rows["reform.reviewitem"])
