"""The form by which a role is granted."""

from __future__ import annotations

from typing import Any

from django import forms

from liaisons import roles
from liaisons.forms.accounts import open_units
from liaisons.models import Unit
from liaisons.roles import Role


class GrantForm(forms.Form):
    """Which role, and for which unit."""

    role = forms.ChoiceField(
        label="角色", error_messages={"required": "请选择角色。", "invalid_choice": "请在列表里选择角色。"}
    )
    unit = forms.ModelChoiceField(
        Unit.objects.none(), label="单位", required=False, empty_label="（全县角色不选）",
        help_text="联络员、填报员、分管领导和司法局的角色须选单位。",
        error_messages={"invalid_choice": "请在列表里选择一个单位。"},
    )  # fmt: skip

    def __init__(self, *args: Any, grantable: list[Role], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = [(role.slug, role.name) for role in grantable]
        self.fields["unit"].queryset = open_units()

    def clean_role(self) -> Role:
        """Give the role itself."""
        return roles.BY_SLUG[self.cleaned_data["role"]]
