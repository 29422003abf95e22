"""Kinds of cells of an item: provisions, conditions and what lists say in words. Each value is the words the portal prints."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from exemptions import citations, condition_words, item_words
from exemptions.citations import Citation
from exemptions.item_words import NotUnderstood
from exemptions.items import MOST_CONDITIONS
from xingxian_portal.foundation.refusal import Refused
from xingxian_portal.foundation.workbook import cell_values
from xingxian_portal.foundation.workbook.kinds import Kind, Unacceptable


class Worded(Kind):
    """Words that mean something: `read` understands them and gives them as the portal prints them."""

    def __init__(self, read: Callable[[str], str], hint: str) -> None:
        super().__init__()
        self._read, self.hint = read, hint

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> str:
        """Give the words as they are printed; raises Unacceptable."""
        try:
            return self._read(cell_values.text(value))
        except NotUnderstood as fault:
            raise Unacceptable(str(fault)) from fault

    def settle(self, value: Any, before: Any) -> Any:
        """Give what is there already where the cell holds it as it is printed, also where reading it would give another."""
        if before and value != before and value == self._again(before):
            return before
        return value

    def _again(self, before: str) -> str | None:
        try:
            return self._read(cell_values.text(self.render(before)))
        except NotUnderstood:
            return None


class Conditions(Worded):
    """Conditions of one cell, numbered or on lines of their own; the value has a line each, without numbers."""

    def __init__(self) -> None:
        super().__init__(_conditions, "须同时满足；一行一条，或者用“1.”“2.”编号")

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> Any:
        """Give them numbered."""
        return item_words.conditions(value.split("\n")) if value else ""


def _conditions(text: str) -> str:
    words = [found.text for found in condition_words.several(text)]
    if len(words) > MOST_CONDITIONS:
        raise NotUnderstood(f"一项最多 {MOST_CONDITIONS} 条适用条件，这里有 {len(words)} 条。")
    if too_long := [word for word in words if len(word) > condition_words.LONGEST]:
        raise NotUnderstood(
            f"一条条件最多 {condition_words.LONGEST} 个字，“{too_long[0][:10]}…”有 {len(too_long[0])} 个。"
        )
    return "\n".join(words)


class Cited(Kind):
    """Provisions; one without a version is the one that the item cites already, else the newest. `know` the versions first."""

    hint = "如：《食品安全法》第一百二十四条第一款第五项；有几条的用分号隔开"

    def __init__(self) -> None:
        super().__init__()
        self._versions: Mapping[Citation, str] = {}

    def know(self, versions: Mapping[Citation, str]) -> None:
        """Take which version is meant where a cell names none."""
        self._versions = versions

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> str:
        """Give the citations as they are typed; raises Unacceptable for what is none."""
        try:
            return _words(citations.read_all(cell_values.text(value)))
        except Refused as refused:
            raise Unacceptable(str(refused), [citations.EXAMPLE]) from refused

    def settle(self, value: Any, before: Any) -> Any:
        """Give the provisions with their versions."""
        found = citations.read_all(value)
        if before and _without_versions(citations.read_all(before)) == found:
            return before
        return _words([one if one.version else replace(one, version=self._versions.get(one, "")) for one in found])


def _words(found: list[Citation]) -> str:
    return "；".join(one.words for one in found)


def _without_versions(found: list[Citation]) -> list[Citation]:
    return list(dict.fromkeys(replace(one, version="") for one in found))


def look_back() -> Kind:
    """Give the kind of 回溯期: 24个月 同类违法行为."""
    return Worded(lambda text: item_words.look_back(*item_words.read_look_back(text)), "如：24个月 同类违法行为")


def correction() -> Kind:
    """Give the kind of 改正期限: 5天, 当场."""
    return Worded(lambda text: item_words.correction(item_words.read_correction(text)), "天数，或“当场”")


def measures() -> Kind:
    """Give the kind of 配套措施."""
    return Worded(
        lambda text: item_words.measures(item_words.read_measures(text)), "责令改正、承诺、约谈、批评教育，用顿号隔开"
    )


def validity() -> Kind:
    """Give the kind of 有效期: from when to when."""
    return Worded(
        lambda text: item_words.validity(*item_words.read_validity(text)), "如：2022-06-01—2025-12-31，或“2025-12-31止”"
    )
