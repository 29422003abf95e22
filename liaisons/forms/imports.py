"""The form that brings a workbook in: the file, and what it is for where there is a choice."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from xingxian_portal.foundation.refusal import Refused
from xingxian_portal.foundation.workbook import pasted
from xingxian_portal.foundation.workbook.incoming import ENDINGS
from xingxian_portal.foundation.workbook.plans import Subject

NOT_CHOSEN = {
    "required": "请选择要导入到哪里。",
    "invalid_choice": "请在列表里选择；列表里没有的，可能已经截止或不归您填报。",
}


class SubjectForm(forms.Form):
    """What the workbook is for; not asked where there is no choice."""

    subject = forms.ChoiceField(label="导入到", error_messages=NOT_CHOSEN)

    def __init__(self, *args: Any, subjects: Sequence[Subject], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["subject"].choices = [(one.key, one.label) for one in subjects]
        if [one.key for one in subjects] == [""]:
            del self.fields["subject"]

    @property
    def chosen(self) -> str:
        """Give the key of what was chosen."""
        return self.cleaned_data.get("subject", "")


class WorkbookForm(SubjectForm):
    """The workbook besides, as a file or as a table that was copied."""

    file = forms.FileField(
        label="Excel 文件", widget=forms.FileInput(attrs={"accept": ENDINGS}), max_length=250,
        help_text=".xlsx 或 .xls，不超过 30 MB。可以是下载的模板，也可以是单位自己的表，列名对得上就行。",
        error_messages={
            "required": "请选择要上传的文件。", "empty": "这是空文件，请检查后重新上传。", "invalid": "请选择要上传的文件。",
            "missing": "请选择要上传的文件。", "max_length": "文件名太长，请改短后上传。",
        },
    )  # fmt: skip
    pasted = forms.CharField(
        label="从 Excel、WPS 复制的表格", required=False, strip=False, widget=forms.Textarea(attrs={"rows": 5}),
        help_text="连同列名一起复制。长编码请用文件上传，以免末几位丢失。",
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if (self.data.get("pasted") or "").strip():
            self.fields["file"].required = False

    def clean(self) -> dict[str, Any]:
        """Make a table that was pasted a file, unless there is one."""
        data = super().clean() or {}
        if data.get("pasted", "").strip() and not data.get("file") and "file" not in self.errors:
            try:
                data["file"] = pasted.workbook(data["pasted"])
            except Refused as refused:
                self.add_error("pasted", str(refused))
        return data
