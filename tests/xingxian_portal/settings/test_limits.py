"""Limits that the law or safety sets: a setting beyond them stops the start."""

from __future__ import annotations

import runpy

import pytest
from django.core.exceptions import ImproperlyConfigured

from tests.running_portal import ROOT


def start(monkeypatch, tmp_path, **environment: str) -> dict:
    """Read the settings anew, as a start does."""
    monkeypatch.setenv("PORTAL_DATA_DIR", str(tmp_path))
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    return runpy.run_path(str(ROOT / "xingxian_portal" / "settings" / "base.py"))


@pytest.mark.parametrize("days", ["179", "0", "-1", "half a year"])
def test_a_trail_kept_for_less_than_180_days_stops_the_start(monkeypatch, tmp_path, days):
    with pytest.raises(ImproperlyConfigured, match=r"AUDIT_KEEP_DAYS=.*应为不小于 180 的整数"):
        start(monkeypatch, tmp_path, AUDIT_KEEP_DAYS=days)


def test_180_days_will_do(monkeypatch, tmp_path):
    assert start(monkeypatch, tmp_path, AUDIT_KEEP_DAYS="180")["AUDIT_KEEP_DAYS"] == 180


def test_a_session_is_never_without_an_end(monkeypatch, tmp_path):
    with pytest.raises(ImproperlyConfigured, match="PORTAL_SESSION_HOURS"):
        start(monkeypatch, tmp_path, PORTAL_SESSION_HOURS="0")
