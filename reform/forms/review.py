"""What an officer writes when accepting or returning a filing."""

from __future__ import annotations

from django import forms

from reform.forms.days import DayField

LONGEST_NOTE = 1000
TOO_LONG = {"max_length": f"最多 {LONGEST_NOTE} 字。"}
MENDING, AS_UNFILED = "mending", "unfiled"


class AcceptForm(forms.Form):
    """A word for the unit, or none."""

    note = forms.CharField(
        label="审核意见", required=False, max_length=LONGEST_NOTE, error_messages=TOO_LONG,
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip


class ReturnForm(forms.Form):
    """Why, in which way and until when; what is to be mended in a line stands beside that line."""

    reason = forms.CharField(
        label="退回理由", max_length=LONGEST_NOTE, widget=forms.Textarea(attrs={"rows": 3}),
        error_messages=TOO_LONG | {"required": "请写明退回的理由，让承办单位知道改什么。"},
    )  # fmt: skip
    mend_by = DayField(label="补正期限", error_messages={"required": "请填写补正期限。"})
    way = forms.ChoiceField(
        label="退回方式", initial=MENDING, widget=forms.RadioSelect,
        choices=[(MENDING, "退回补正（首次报送时间照算）"), (AS_UNFILED, "视同未报（首次报送时间作废）")],
        error_messages={"required": "请选择退回方式。", "invalid_choice": "请选择退回方式。"},
    )  # fmt: skip

    @property
    def as_unfiled(self) -> bool:
        """Say whether the filing is to count as none."""
        return self.cleaned_data["way"] == AS_UNFILED
