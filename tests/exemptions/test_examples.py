"""The 27 examples as the facts bring them: complete, marked as examples, on provisions that stand among the legal bases."""

from __future__ import annotations

import json
from collections import Counter

from exemptions.models import Item, LegalBasis
from tests.running_portal import ROOT


def rows(model: str) -> list[dict]:
    found = json.loads((ROOT / "fixtures" / "exemption-examples.json").read_text("utf-8"))
    return [row["fields"] for row in found if row["model"] == f"exemptions.{model}"]


def test_there_are_27_each_marked_as_an_example_with_conditions_and_what_it_rests_on():
    items = rows("item")
    codes = {item["code"] for item in items}
    assert codes == {f"示例-{number:02}" for number in range(1, 28)}
    assert all(item["note"].startswith("示例。来源：") for item in items)
    assert {item["kind"] for item in items} <= dict(Item.KINDS).keys()
    conditions = Counter(condition["item"][-1] for condition in rows("condition"))
    assert conditions.keys() == codes
    penalties = {cited["item"][-1] for cited in rows("itembasis") if cited["role"] == Item.PENALTY}
    assert codes - penalties == set()


def test_every_provision_they_cite_is_a_legal_basis_of_its_own_with_a_status():
    key = ("statute", "article", "paragraph", "clause", "version")
    status = {tuple(basis[name] for name in key): basis["status"] for basis in rows("legalbasis")}
    assert {status[tuple(cited["basis"])] for cited in rows("itembasis")} <= dict(LegalBasis.STATUSES).keys()
