"""Bulletins as the tests of the pages need them: an issued one with its files, a draft."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from liaisons.models import User
from reform.models import Bulletin, BulletinFile
from tests.cast import Cast
from xingxian_portal.foundation import clock, made_files


def _bulletin(by: User, month: str, **values: Any) -> Bulletin:
    now = clock.now()
    given = {
        "facts": {}, "facts_sha256": "", "title": f"关于{month}的通报", "addressee": "各单位", "text": "一、总体情况\n全县情况良好。",
        "frozen_at": now, "frozen_by": by, "saved_at": now, "saved_by": by,
    }  # fmt: skip
    return Bulletin.objects.get_or_create(month=month, edition=1, defaults=given | values)[0]


def issued(by: User) -> Bulletin:
    """Give an issued bulletin."""
    values = {"number": "兴司通〔2022〕1号", "issued_on": clock.today(), "issued_at": clock.now(), "issued_by": by}
    return _bulletin(by, "2022-04", state=Bulletin.ISSUED, **values)


def draft(by: User) -> Bulletin:
    """Give a draft."""
    return _bulletin(by, "2022-05", facts={"overdue": []})


def _file(cast: Cast, visitor: User | None) -> dict[str, Any]:
    bulletin = issued(cast.sfj)
    row = BulletinFile.objects.filter(bulletin=bulletin).first()
    if row is None:
        file = made_files.keep_bytes("通报.docx", b"PK", by_id=None)
        row = BulletinFile.objects.create(bulletin=bulletin, kind=BulletinFile.DOCUMENT, file=file)
    return {"pk": row.pk}


def _issued(cast: Cast, visitor: User | None) -> dict[str, Any]:
    return {"pk": issued(cast.sfj).pk}


def _draft(cast: Cast, visitor: User | None) -> dict[str, Any]:
    return {"pk": draft(cast.sfj).pk}


SAMPLES: dict[str, Callable[[Cast, User | None], dict[str, Any]]] = {
    "bulletin": _issued,
    "bulletin_file": _file,
    **dict.fromkeys(("bulletin_edit", "bulletin_draft", "bulletin_issue", "bulletin_drop"), _draft),
}
