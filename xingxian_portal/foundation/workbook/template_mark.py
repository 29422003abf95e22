"""The hidden mark of a template: for which sheet, version and subject it was made, under a keyed digest."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from django.core import signing

from xingxian_portal.foundation.refusal import Refused
from xingxian_portal.foundation.workbook import cell_values
from xingxian_portal.foundation.workbook.contents import RawSheet

SHEET = "_meta"
SALT = "workbook-template"


def made(sheet: Any, subject: Any) -> str:
    """Give the mark of a template for a subject: readable words and their HMAC."""
    words = {
        "sheet": sheet.slug, "version": sheet.version, "subject": subject.key, "unit": subject.unit_code,
        "period": subject.period,
    }  # fmt: skip
    return signing.Signer(salt=SALT).sign(json.dumps(words, ensure_ascii=False, separators=(",", ":")))


def of(sheets: Sequence[RawSheet]) -> dict[str, Any] | None:
    """Give the mark of a workbook; None when it has none, or one that was not made here."""
    for sheet in sheets:
        if sheet.name == SHEET and sheet.rows and sheet.rows[0]:
            try:
                return json.loads(signing.Signer(salt=SALT).unsign(cell_values.text(sheet.rows[0][0])))
            except (signing.BadSignature, ValueError):
                return None
    return None


def require(mark: dict[str, Any], sheet: Any) -> None:
    """Raise Refused when the template was made for another sheet, another subject, or before its columns changed."""
    if mark.get("sheet") != sheet.slug:
        raise Refused(f"这是另一张表的模板，不是《{sheet.title}》的。请到对应的导入页上传。")
    if mark.get("subject") != sheet.subject_key:
        raise Refused(
            "这份模板是为别的单位或月份下载的，和您选择的不是同一个。请核对后选择正确的对象，或重新下载模板。"
        )
    if mark.get("version") != sheet.version:
        raise Refused("这份模板是旧版，列已经变了。请重新下载模板再填。")
