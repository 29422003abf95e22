"""A column of a sheet: its label, the kind of its cells, and how it may be filled in."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from import_export.fields import Field

from xingxian_portal.foundation.workbook import cell_values
from xingxian_portal.foundation.workbook.kinds import Kind

NO_MATTER = re.compile(r"[*＊()（）\[\]【】〔〕<>《》:：]")
BRACKETED = re.compile(r"[(（\[【〔].*?[)）\]】〕]")
NOTHING = {"无", "/", "-", "—", "——", "--", "\\", "、"}


class Column(Field):
    """One column; its name in the resource is the name of its value.

    `also` are other labels it goes by; `follows` names the column that it stands behind where several have one label
    (联系方式). `required`: no cell may be empty. `blanks`: 无, / and - mean empty. `fill_down`: a merged cell counts for
    all its rows. `shown_only`: written into templates, never read. `locked`: not to be changed in a template.
    """

    widget: Kind

    def __init__(  # noqa: PLR0913 - a declaration, all by keyword
        self,
        label: str,
        kind: Kind,
        *,
        also: Sequence[str] = (),
        follows: str = "",
        required: bool = False,
        blanks: bool = False,
        fill_down: bool = False,
        shown_only: bool = False,
        locked: bool = False,
        hint: str = "",
        width: int = 14,
        attribute: str | None = None,
    ) -> None:
        super().__init__(attribute=attribute, column_name=label, widget=kind, readonly=shown_only)
        self.label, self.also, self.follows = label, tuple(also), follows
        self.required, self.blanks, self.fill_down = required, blanks, fill_down
        self.shown_only, self.locked, self.width = shown_only, locked, width
        self.hint = hint or kind.hint

    @property
    def kind(self) -> Kind:
        """Give the kind of its cells."""
        return self.widget

    @property
    def keys(self) -> set[str]:
        """Give all labels it goes by, as they are compared."""
        return {label_key(label) for label in (self.label, *self.also)}

    def is_empty(self, value: Any) -> bool:
        """Say whether a cell says nothing, by sight or by one of the words for nothing."""
        if cell_values.is_blank(value):
            return True
        return self.blanks and isinstance(value, str) and cell_values.squeezed(value) in NOTHING


def label_key(label: Any) -> str:
    """Give a label as it is compared: half-width, without spaces, line breaks, stars and brackets."""
    return NO_MATTER.sub("", cell_values.squeezed(label))


def label_keys(label: Any) -> list[str]:
    """Give the ways to compare a label found in a sheet: with what stands in brackets, then without."""
    return [label_key(label), label_key(BRACKETED.sub("", cell_values.squeezed(label)))]
