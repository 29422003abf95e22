"""The forms of logging in and of choosing a password."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password

from liaisons import password_rules
from liaisons.models import User


def _password(label: str, autocomplete: str, **kwargs: Any) -> forms.CharField:
    widget = forms.PasswordInput(attrs={"autocomplete": autocomplete})
    required = {"required": f"请{label}。" if label.startswith("再") else f"请填写{label}。"}
    return forms.CharField(label=label, widget=widget, strip=False, max_length=128, error_messages=required, **kwargs)


class LogInForm(forms.Form):
    """User name and password."""

    username = forms.CharField(
        label="用户名", max_length=40, error_messages={"required": "请填写用户名。"},
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none", "autofocus": True}),
    )  # fmt: skip
    password = _password("密码", "current-password")


class NewPasswordForm(forms.Form):
    """A password chosen by its owner, typed twice; the rules are those of the settings."""

    new_password = _password("新密码", "new-password")
    again = _password("再输一次新密码", "new-password")

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        self.fields["new_password"].help_text = password_rules.in_words()

    def clean_new_password(self) -> str:
        """Hold the password to the rules."""
        password = self.cleaned_data["new_password"]
        validate_password(password, self.user)
        return password

    def clean(self) -> dict[str, Any]:
        """Refuse two different passwords."""
        data = super().clean() or {}
        if data.get("new_password") and data.get("again") and data["new_password"] != data["again"]:
            self.add_error("again", "两次输入的新密码不一致。")
        return data


class ChangePasswordForm(NewPasswordForm):
    """The same for somebody who has a password already."""

    current = _password("当前密码", "current-password")
    field_order = ["current", "new_password", "again"]


class PasswordForm(forms.Form):
    """The password once more, before an act that somebody at an unlocked desk must not do."""

    current = _password("当前密码", "current-password")


class CodeForm(forms.Form):
    """A code from the app on the phone, or a recovery code."""

    code = forms.CharField(
        label="动态码", max_length=20, error_messages={"required": "请填写动态码。"},
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "autofocus": True}),
    )  # fmt: skip

    def clean_code(self) -> str:
        """Give the code without the blanks in which apps show it."""
        return "".join(self.cleaned_data["code"].split())
