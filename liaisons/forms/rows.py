"""Rows in a form, any number of them, without JavaScript: a spare one at the end, more by a button."""

from __future__ import annotations

from typing import Any

from django.forms import BaseFormSet, Form, formset_factory

MOST = 60
ERRORS = {
    "missing_management_form": "表单不完整，请重新打开这一页再填。",
    "too_many_forms": f"最多 {MOST} 行。",
}


class Rows(BaseFormSet):
    """Rows of one kind. A row left as it came is no row; one that is ticked goes."""

    default_error_messages = {**BaseFormSet.default_error_messages, **ERRORS}

    def initial_form_count(self) -> int:
        """Give none once the form is sent: a row that was filled before may be emptied like a spare one."""
        return 0 if self.is_bound else super().initial_form_count()

    def add_fields(self, form: Form, index: int | None) -> None:
        """Give each row its tick for taking it out."""
        super().add_fields(form, index)
        form.fields["DELETE"].label = "删去这一行"

    def filled(self) -> list[Any]:
        """Give the valid rows that say something and are to stay."""
        return [form for form in self.forms if form.has_changed() and not form.cleaned_data.get("DELETE")]

    def typed(self) -> list[dict[str, Any]]:
        """Give the rows as they were typed, unchecked."""
        return [{field.name: field.value() for field in form} for form in self.forms]


def rows_of(form: type[Form], rows: type[Rows] = Rows) -> Any:
    """Give the class of rows of this form."""
    return formset_factory(form, rows, extra=1, can_delete=True, max_num=MOST, absolute_max=MOST, validate_max=True)
