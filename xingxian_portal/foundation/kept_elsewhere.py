"""What is too large for the portal: it stays with its unit and is recorded by place and SHA-256, as evidence like any file.

The digest ties the record to one file: whoever is shown the file later computes it again and holds the two together.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.core.validators import RegexValidator
from django.db import models

from xingxian_portal.foundation import classified_marks, clock, phones, uploads
from xingxian_portal.foundation.refusal import Refused

WAY = "也可以留在本单位，点“登记留存的大文件”，写明存放地点和 SHA-256，同样算佐证。"
UNITS = {"字节": 0, "b": 0, "k": 1, "kb": 1, "m": 2, "mb": 2, "g": 3, "gb": 3, "t": 4, "tb": 4}
LARGEST = 100 * 1024**4
LONGEST_NAME, LONGEST_PLACE, LONGEST_KEEPER = 120, 200, 60
# `certutil` of older Windows sets a space after each byte and a sentence before and after.
_DIGEST = re.compile(r"(?<![0-9a-f])(?:[0-9a-f]\s?){63}[0-9a-f](?![0-9a-f])")
# A folder's window shows both: 1.17 GB (1,256,277,934 字节).
_BYTES, _SIZE = re.compile(r"([\d,]+) ?字节"), re.compile(r"([\d,]+(?:\.\d+)?) ?([a-z]+)")


class KeptElsewhere(models.Model):
    """One file that lies with its unit: where, in whose keeping, and by which digest it is known again."""

    original_name = models.CharField("文件名", max_length=LONGEST_NAME)
    place = models.CharField("保存地点", max_length=LONGEST_PLACE)
    keeper = models.CharField("保管人", max_length=LONGEST_KEEPER)
    size = models.PositiveBigIntegerField("大小（字节）")
    sha256 = models.CharField("SHA-256", max_length=64, db_index=True, validators=[RegexValidator(r"^[0-9a-f]{64}\Z")])
    kept_on = models.DateField("存放日期")
    recorded_at = models.DateTimeField("登记时间")
    recorded_by_id = models.BigIntegerField("登记人编号", null=True)

    class Meta:
        verbose_name = "留存本单位的文件"
        verbose_name_plural = verbose_name

    def __str__(self) -> str:
        return self.original_name


@dataclass(frozen=True)
class Details:
    """What is recorded of a file; `size` in bytes, `sha256` as `digest` gives it."""

    original_name: str
    place: str
    keeper: str
    size: int
    sha256: str
    kept_on: dt.date


def digest(typed: str) -> str:
    """Give the SHA-256 that was typed or pasted, in lower case without spaces; raises Refused."""
    plain = unicodedata.normalize("NFKC", typed).lower()
    if found := _DIGEST.search(plain):
        return re.sub(r"\s", "", found[0])
    bare = re.sub(r"\s", "", plain)
    if strange := re.search(r"[^0-9a-f]", bare):
        raise Refused(f"SHA-256 只有数字和字母 a 到 f，这里有“{strange[0]}”。", "sha256")
    raise Refused(f"SHA-256 是 64 位，这里是 {len(bare)} 位。", "sha256")


def size(typed: str) -> int:
    """Give a size in bytes, typed with its unit as a folder's window shows it; raises Refused."""
    plain = unicodedata.normalize("NFKC", typed).strip().lower()
    found = _BYTES.search(plain)
    number, unit = (found[1], "字节") if found else _number_and_unit(plain)
    bytes_ = round(float(number.replace(",", "") or 0) * 1024 ** UNITS[unit])
    if not 0 < bytes_ <= LARGEST:
        raise Refused("大小应大于 0，不超过 100 TB。", "size")
    return bytes_


def _number_and_unit(plain: str) -> tuple[str, str]:
    found = _SIZE.fullmatch(plain)
    if not found or found[2] not in UNITS:
        raise Refused("请连单位填写大小，如 350 MB、1.2 GB。", "size")
    return found[1], found[2]


def record(details: Details, *, by_id: int | None, at: dt.datetime) -> KeptElsewhere:
    """Write the record, inside the caller's transaction; raises Refused beside the input it concerns."""
    name = uploads.shown_name(details.original_name)
    for field, words in (("original_name", name), ("place", details.place), ("keeper", details.keeper)):
        _check_words(field, words)
    if details.kept_on > clock.local_date(at):
        raise Refused("存放日期不能晚于今天。", "kept_on")
    return KeptElsewhere.objects.create(
        original_name=name, place=details.place, keeper=details.keeper, size=details.size,
        sha256=digest(details.sha256), kept_on=details.kept_on, recorded_at=at, recorded_by_id=by_id,
    )  # fmt: skip


def _check_words(field: str, words: str) -> None:
    if not words.strip():
        raise Refused("这一项要填写。", field)
    if mark := classified_marks.in_name(words):
        raise Refused(f"带有密级标志“{mark}”，涉密文件不能在平台上登记。", field)
    if phones.masked_within(words) != words:
        raise Refused("这里不写电话号码，请写地点、科室或岗位。", field)


@contextmanager
def offered() -> Iterator[None]:
    """Let the refusal of a file that is too large say that it may stay with its unit."""
    try:
        yield
    except uploads.TooLarge as refused:
        refused.args = (f"{refused}{WAY}",)  # the same refusal: the trail has it once
        raise
