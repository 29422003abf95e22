"""Before and after in the auditor's words."""

from __future__ import annotations

import pytest

from xingxian_portal.foundation.audit_changes import Change, changes


@pytest.mark.parametrize(
    ("kind", "before", "after", "rows"),
    [
        ("reform.obligation", {"state": "doing"}, {"state": "review"}, [Change("状态", "办理中", "待审核")]),
        ("liaisons.user", None, {"is_active": True}, [Change("启用", "—", "是")]),
        ("liaisons.user", {"name": ""}, {"name": None}, [Change("姓名", "—", "—")]),
        ("gone.table", {"x": 1}, None, [Change("x", "1", "—")]),
        ("", None, {"path": "/a/", "status": 404}, [Change("地址", "—", "/a/"), Change("状态码", "—", "404")]),
        ("", None, {"at": "2022-06-20T00:30:00Z"}, [Change("at", "—", "2022-06-20 08:30:00")]),
        ("", None, {"a": "T", "b": [1, None]}, [Change("a", "—", "T"), Change("b", "—", "1、—")]),
        ("", None, None, []),
    ],
)
def test_an_entry_in_words(kind, before, after, rows):
    assert changes(kind, before, after) == rows
