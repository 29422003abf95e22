"""One duty's filing as its form shows it: text, data items, files, and what is wrong beside each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from reform import data_values, drafts
from reform.models import DataItem, Evidence, Obligation, Submission


@dataclass(frozen=True)
class Field:
    """One data item with what was typed for it; `saved` is what a colleague saved meanwhile."""

    item: DataItem
    typed: str = ""
    saved: str | None = None
    error: str = ""

    @property
    def name(self) -> str:
        """Give the name of its input."""
        return f"value-{self.item.code}"

    @property
    def options(self) -> Sequence[str]:
        """Give what can be chosen, nothing where it is typed."""
        if self.item.kind == DataItem.YES_NO:
            return (data_values.YES, data_values.NO)
        return self.item.choices if self.item.kind == DataItem.CHOICE else ()

    @property
    def asks_for_digits(self) -> bool:
        """Say whether a phone should offer its digits. The input stays one for text, or full-width digits would be lost."""
        return self.item.kind in {DataItem.COUNT, DataItem.AMOUNT}


@dataclass(frozen=True)
class FilingSheet:
    """The whole form and the mark that saving it needs."""

    obligation: Obligation
    text: str
    fields: Sequence[Field]
    mark: str
    draft: Submission | None = None
    evidence: Sequence[Evidence] = ()
    saved_text: str | None = None
    errors: Mapping[str, str] = field(default_factory=dict)

    @property
    def text_error(self) -> str:
        """Give what is wrong with the text."""
        return self.errors.get("text", "")

    @property
    def other_errors(self) -> list[str]:
        """Give what is wrong with no field in particular."""
        return [text for name, text in self.errors.items() if not name]


def of(obligation: Obligation) -> FilingSheet:
    """Give the form of a duty that is not filed, begun from its draft or last filing: four queries. It writes nothing."""
    last = drafts.latest(obligation)
    typed = drafts.typed_values(last)
    return FilingSheet(
        obligation=obligation,
        text=last.text if last else "",
        fields=[Field(item, typed.get(item.code, "")) for item in obligation.milestone.data_items.all()],
        mark=drafts.mark_after(last),
        draft=last if last and last.state == Submission.DRAFT else None,
        evidence=list(last.evidence.select_related("file", "elsewhere").order_by("pk")) if last else [],
    )


def with_typed(sheet: FilingSheet, text: str, values: Mapping[str, str]) -> FilingSheet:
    """Give the form with what was typed on an older page; where a colleague saved something else it stands beside."""
    fields = [
        replace(one, typed=values[one.item.code], saved=one.typed) if values.get(one.item.code, one.typed) != one.typed else one
        for one in sheet.fields
    ]  # fmt: skip
    return replace(sheet, text=text, fields=fields, saved_text=sheet.text if sheet.text != text else None)


def with_errors(sheet: FilingSheet, errors: Mapping[str, str]) -> FilingSheet:
    """Give the form with what is wrong beside each field."""
    return replace(sheet, fields=[replace(one, error=errors.get(one.name, "")) for one in sheet.fields], errors=errors)
