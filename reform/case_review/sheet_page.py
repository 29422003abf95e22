"""A sheet as its page shows it: sections with their items, what was typed, what is wrong, what it comes to so far."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import Any

from reform.case_review import outcomes, scores, typed
from reform.case_review.outcomes import Outcome
from reform.models import CaseReview, ReviewItem, ReviewVeto

EMPTY_ROW = dict.fromkeys(typed.LENGTHS, "")


@dataclass(frozen=True)
class Cell:
    """One input of a row: its name, what was typed, what is wrong with it."""

    key: str
    name: str
    value: str
    fault: str


@dataclass(frozen=True)
class ItemLine:
    """One item with its rows of deductions, the last of them empty."""

    item: ReviewItem
    is_absent: bool
    left: Decimal
    rows: list[list[Cell]]

    @property
    def is_open(self) -> bool:
        """Say whether something was taken or is wrong here."""
        return len(self.rows) > 1 or any(cell.fault for row in self.rows for cell in row)

    @property
    def summary(self) -> str:
        """Say what is left of its points."""
        return "不适用" if self.is_absent else f"{typed.plain(self.left)} / {typed.plain(self.item.points)}"


@dataclass(frozen=True)
class Section:
    """One part of the sheet."""

    title: str
    lines: list[ItemLine]

    @property
    def summary(self) -> str:
        """Say what is left of its points."""
        applying = [line for line in self.lines if not line.is_absent]
        if not applying:
            return "不适用"
        left = sum((line.left for line in applying), scores.NOTHING)
        return f"{typed.plain(left)} / {typed.plain(sum((line.item.points for line in applying), scores.NOTHING))}"

    @property
    def is_open(self) -> bool:
        """Say whether something is to be seen in it."""
        return any(line.is_open or line.is_absent for line in self.lines)


@dataclass(frozen=True)
class VetoLine:
    """One veto with what was typed for it."""

    veto: ReviewVeto
    is_ticked: bool
    cells: list[Cell]

    @property
    def name(self) -> str:
        """Give the name of its tick."""
        return f"v-{self.veto.code}"


@dataclass
class SheetPage:
    """A sheet that is being filled in; `errors` are shown once somebody tried to sign."""

    sheet: CaseReview
    content: Mapping[str, Any]
    errors: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def items(self) -> list[ReviewItem]:
        """Give the items of the standard."""
        return list(self.sheet.drawn.standard.items.all())

    @cached_property
    def reading(self) -> typed.Reading:
        """Read what was typed."""
        return typed.read(self.sheet.drawn.standard, self.content)

    @cached_property
    def score(self) -> scores.Score:
        """Give what it comes to so far."""
        return self.reading.score(self.items)

    @property
    def grade(self) -> str:
        """Give the grade so far."""
        return scores.grade(self.score, self.sheet.drawn.standard)

    @property
    def total(self) -> str:
        """Give the score as the page writes it."""
        return typed.plain(self.score.final)

    @property
    def remark(self) -> str:
        """Give the remark as typed."""
        return self.content.get("remark", "")

    @cached_property
    def sections(self) -> list[Section]:
        """Give the items by section."""
        points = {item.code: item.points for item in self.items}
        left = scores.left(points, [(one.item.code, one.points) for one in self.reading.taken if one.item])
        found: dict[str, list[ItemLine]] = {}
        for item in self.items:
            line = ItemLine(item, item.code in self.reading.absent, left[item.code], self._rows(item.code))
            found.setdefault(item.section, []).append(line)
        return [Section(title, lines) for title, lines in found.items()]

    def _rows(self, code: str) -> list[list[Cell]]:
        rows = [*self.content.get("items", {}).get(code, []), EMPTY_ROW][: typed.MOST_ROWS]
        return [self._cells(f"d-{code}-{place}", row, typed.LENGTHS) for place, row in enumerate(rows)]

    def _cells(self, name: str, row: Mapping[str, str], keys: Mapping[str, Any]) -> list[Cell]:
        return [Cell(key, f"{name}-{key}", row.get(key, ""), self.errors.get(f"{name}-{key}", "")) for key in keys]

    @cached_property
    def vetoes(self) -> list[VetoLine]:
        """Give the vetoes."""
        found = self.content.get("vetoes", {})
        return [
            VetoLine(veto, bool(found.get(veto.code, {}).get("on", veto.code in found)),
                     self._cells(f"v-{veto.code}", found.get(veto.code, {}), typed.CALLED))
            for veto in self.sheet.drawn.standard.vetoes.all()
        ]  # fmt: skip

    @property
    def found_vetoes(self) -> int:
        """Count the vetoes ticked."""
        return sum(line.is_ticked for line in self.vetoes)

    def live(self) -> dict[str, Any]:
        """Give what changes on the page while one types."""
        return {"total": self.total, "grade": self.grade, "sections": [section.summary for section in self.sections]}


def may_see_others(sheet: CaseReview, outcome: Outcome) -> bool:
    """Say whether the reviewer of a sheet may see the other sheets: who decides may, the two once both are signed."""
    if sheet.seat == CaseReview.THIRD:
        return True
    return outcome.standing is not outcomes.Standing.SCORING
