"""The forms by which a unit's contacts are kept."""

from __future__ import annotations

from typing import Any

from django import forms

from liaisons.forms.accounts import NewAccountForm, WithInvitationAddress
from liaisons.forms.fields import WordsField
from liaisons.models import Appointment, Unit, User
from xingxian_portal.foundation import phones
from xingxian_portal.foundation.phones import Phone
from xingxian_portal.foundation.refusal import Refused


class ContactForm(forms.Form):
    """A name and a number; the number that is kept is shown masked and stays when it is left as it stands."""

    name = WordsField(label="姓名", max_length=30)
    phone = WordsField(label="联系方式", max_length=30, help_text="手机号码或带区号的座机，保存后只显示首尾几位。")

    def __init__(self, *args: Any, kept: Phone | None = None, **kwargs: Any) -> None:
        self.kept = kept
        super().__init__(*args, **kwargs)
        self.fields["phone"].widget.attrs |= {"inputmode": "tel", "autocomplete": "off"}
        self.fields["name"].widget.attrs["autocomplete"] = "off"

    def clean_phone(self) -> str:
        """Hold the number to the form of one; what was typed stays in the input."""
        try:
            phones.typed(self.cleaned_data["phone"], self.kept)
        except Refused as refusal:
            raise forms.ValidationError(str(refusal)) from refusal
        return self.cleaned_data["phone"]


class AppointForm(ContactForm):
    """Who takes which post, and with which account."""

    post = forms.ChoiceField(
        label="岗位", choices=Appointment.POSTS,
        error_messages={"required": "请选择岗位。", "invalid_choice": "请在列表里选择岗位。"},
    )  # fmt: skip
    user = forms.ModelChoiceField(
        User.objects.none(), label="账号", required=False, empty_label="没有账号",
        help_text="此人登录用的账号。以后交接时，没有别的岗位的旧账号随即停用。",
        error_messages={"invalid_choice": "请在列表里选择本单位的账号。"},
    )  # fmt: skip
    field_order = ["post", "name", "phone", "user"]

    def __init__(self, *args: Any, unit: Unit, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["user"].queryset = User.objects.filter(unit=unit, is_active=True).order_by("username")


class HandoverForm(WithInvitationAddress, ContactForm):
    """Who takes over; a user name and an address for the invitation only where the predecessor logs in."""

    username = NewAccountForm.declared_fields["username"]
    clean_username = NewAccountForm.clean_username
    field_order = ["name", "phone", "username", "email"]

    def __init__(self, *args: Any, has_account: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not has_account:
            del self.fields["username"]
            self.fields.pop("email", None)
        elif "email" in self.fields:
            self.fields["email"].help_text = "填了就把邀请发到这个邮箱；不填则给出初始密码，由您转告。"
