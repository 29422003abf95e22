"""A form with rows under it, filled in as one sheet, and the mark of what it showed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.forms import Form
from django.http import QueryDict

from liaisons.forms.rows import Rows
from xingxian_portal.foundation.refusal import Refused, Stale

# How rows are made, and what they show at first.
Part = tuple[Callable[..., Rows], Sequence[Mapping[str, Any]]]


class Sheet:
    """What a page asks somebody to fill in: shown with `initial`, or as it was sent in `data`.

    `mark` gives the mark of the object as it stands now; a sheet for a new one has none.
    """

    def __init__(
        self,
        data: QueryDict | None,
        form: Callable[..., Form],
        initial: Mapping[str, Any],
        mark: Callable[[], str] | None = None,
        parts: Mapping[str, Part] | None = None,
    ) -> None:
        self._make, self._parts, self._mark = form, parts or {}, mark
        self.form: Any = form(data) if data else form(initial=initial)
        self.rows = {name: make(data, prefix=name) if data else make(initial=first, prefix=name)
                     for name, (make, first) in self._parts.items()}  # fmt: skip
        self.seen = data.get("seen", "") if data else self._now()

    def _now(self) -> str:
        return self._mark() if self._mark else ""

    @property
    def has_faults(self) -> bool:
        """Say whether something is wrong with what was sent."""
        return bool(self.form.errors) or any(any(rows.errors) or rows.non_form_errors() for rows in self.rows.values())

    def is_valid(self) -> bool:
        """Say whether form and rows are good; all are checked, so that all that is wrong is said at once."""
        return all([self.form.is_valid(), *(rows.is_valid() for rows in self.rows.values())])

    def add_row(self, which: str) -> None:
        """Add a row to one kind of rows; everything stays as it was typed, and nothing is called wrong yet."""
        typed = {field.name: field.value() for field in self.form}
        self.form = self._make(initial=typed)
        for name, (make, _) in self._parts.items():
            self.rows[name] = make(initial=self.rows[name].typed(), prefix=name)
            self.rows[name].extra = int(name == which)

    def refuse(self, refusal: Refused) -> None:
        """Show a verb's refusal beside the input it belongs to. After Stale the next save counts."""
        self.form.add_error(refusal.field if refusal.field in self.form.fields else None, str(refusal))
        if isinstance(refusal, Stale):
            self.seen = self._now()
