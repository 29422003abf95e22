"""Carrying out a verb for a form: what the verb refuses stands beside the input it belongs to, a denial is 404."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404

from liaisons.access import Request
from reform import rights
from xingxian_portal.foundation.refusal import Refused


def carried_out(form: forms.Form, act: Callable[[], Any]) -> bool:
    """Do the act for a valid form; False when it was refused, with every reason in the form. Raises Http404."""
    try:
        act()
    except rights.Denied as denied:
        raise Http404 from denied
    except Refused as refused:
        for field, text in _errors(refused).items():
            form.add_error(field if field in form.fields else None, text)
        return False
    return True


def done(request: Request, act: Callable[[], Any], said: str) -> bool:
    """Do an act that has no form of its own and say what became of it. Raises Http404."""
    try:
        act()
    except rights.Denied as denied:
        raise Http404 from denied
    except Refused as refused:
        messages.warning(request, str(refused))
        return False
    messages.success(request, said)
    return True


def _errors(refused: Refused) -> dict[str | None, str]:
    return getattr(refused, "errors", None) or {refused.field: str(refused)}
