"""The forms of the account pages."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.validators import RegexValidator
from django.db.models import Q, QuerySet

from liaisons.forms.session import NewPasswordForm
from liaisons.letters import mail
from liaisons.models import Unit, User
from xingxian_portal.foundation import emails
from xingxian_portal.foundation.refusal import Refused

USERNAME = RegexValidator(
    r"^[A-Za-z][A-Za-z0-9_.-]{1,39}\Z", "用户名用字母开头，只含字母、数字和 . _ -，2 至 40 个字符。"
)


def open_units(besides: Unit | None = None) -> QuerySet[Unit]:
    """Give the units that still stand, and `besides`, so that an account of a closed unit can be corrected."""
    return Unit.objects.filter(Q(closed_on__isnull=True) | Q(pk=besides.pk if besides else None))


class PersonForm(forms.Form):
    """Who the account belongs to."""

    name = forms.CharField(label="姓名", max_length=30, error_messages={"required": "请填写姓名。"})
    unit = forms.ModelChoiceField(
        Unit.objects.none(), label="单位", required=False, empty_label="县级，不属于某个单位",
        error_messages={"invalid_choice": "请在列表里选择一个单位。"},
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "unit" in self.fields:
            self.fields["unit"].queryset = open_units(self.initial.get("unit"))


class NewAccountForm(PersonForm):
    """A new account: its user name never changes afterwards."""

    username = forms.CharField(
        label="用户名", max_length=40, validators=[USERNAME], error_messages={"required": "请填写用户名。"},
        help_text="用于登录，建立后不能修改。建议用单位名称的拼音加姓名首字母。",
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none"}),
    )  # fmt: skip
    field_order = ["username", "name", "unit"]

    def clean_username(self) -> str:
        """Refuse a name that differs from another only in capitals: they would be mistaken for each other."""
        username = self.cleaned_data["username"]
        if User.objects.filter(username__iexact=username).exists():
            raise forms.ValidationError("这个用户名已有人使用。")
        return username


class WithInvitationAddress(forms.Form):
    """Where e-mail is set up, the address to which the invitation to a new account goes."""

    email = forms.CharField(
        label="邮箱", max_length=200, required=False, help_text="填了就把邀请发到这个邮箱；不填则给出链接，由您转交。",
        widget=forms.TextInput(attrs={"inputmode": "email", "autocomplete": "off"}),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not mail.is_configured():
            del self.fields["email"]

    def clean_email(self) -> str:
        """Hold the address to the form of one."""
        try:
            return emails.typed(self.cleaned_data["email"])
        except Refused as refusal:
            raise forms.ValidationError(str(refusal)) from refusal


class InvitedAccountForm(WithInvitationAddress, NewAccountForm):
    """A new account, and where its invitation goes."""


class FirstAdminForm(NewPasswordForm, NewAccountForm):
    """The first account, with the code that shows one may make it."""

    code = forms.CharField(
        label="设置码", max_length=60, error_messages={"required": "请填写设置码。"},
        help_text="启动窗口里印出的一次性设置码。", widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip
    unit = None  # type: ignore[assignment] # the first account belongs to no unit: there may be none yet
    field_order = ["code", "username", "name", "new_password", "again"]

    def clean(self) -> dict[str, Any]:
        """Hold the password to the rules once more, now that the name it must not resemble is known."""
        data = super().clean()
        self.user.username, self.user.name = data.get("username", ""), data.get("name", "")
        try:
            validate_password(data.get("new_password", ""), self.user)
        except forms.ValidationError as error:
            if "new_password" in data:
                self.add_error("new_password", error)
        return data
