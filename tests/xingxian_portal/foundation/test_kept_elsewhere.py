"""Reading what people type and paste about a file that stays with its unit."""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import replace

import pytest
from django.db import transaction

from tests.factories import moment
from xingxian_portal.foundation import kept_elsewhere
from xingxian_portal.foundation.kept_elsewhere import Details, KeptElsewhere
from xingxian_portal.foundation.refusal import Refused

DIGEST = hashlib.sha256("检查录像".encode()).hexdigest()
AT = moment(dt.date(2022, 6, 20))
FILM = Details("检查录像.mp4", "档案柜 3 号硬盘", "综合执法队资料室", 350 * 1024**2, DIGEST, AT.date())


def spaced(digest: str) -> str:
    return " ".join(digest[place : place + 2] for place in range(0, 64, 2))


@pytest.mark.parametrize(
    "typed",
    [
        DIGEST,
        DIGEST.upper(),
        f"  {spaced(DIGEST)}\n",
        f"SHA256 的 检查录像.mp4 哈希: {DIGEST} CertUtil: -hashfile 命令成功完成。",
        f"SHA256 的 a.mp4 哈希:\r\n{spaced(DIGEST)}\r\nCertUtil: -hashfile 命令成功完成。",
        DIGEST.translate({ord(c): ord(c) + 0xFEE0 for c in "0123456789abcdef"}),
    ],
    ids=["plain", "upper case", "spaced", "all that certutil prints", "of an older Windows", "full width"],
)
def test_a_digest_is_taken_as_it_is_pasted(typed):
    assert kept_elsewhere.digest(typed) == DIGEST


@pytest.mark.parametrize(
    ("typed", "why"),
    [(DIGEST[:-1], "这里是 63 位"), (f"{DIGEST}0", "这里是 65 位"), (f"{DIGEST[:-1]}g", "这里有“g”"), ("没有算", "这里有“没”"), ("", "这里是 0 位")],
)  # fmt: skip
def test_what_is_no_digest_is_refused_with_what_is_wrong(typed, why):
    with pytest.raises(Refused, match=why) as refused:
        kept_elsewhere.digest(typed)
    assert refused.value.field == "sha256"


@pytest.mark.parametrize(
    ("typed", "bytes_"),
    [
        ("350 MB", 350 * 1024**2), ("1.5GB", 1536 * 1024**2), ("３５０ ｍｂ", 350 * 1024**2), ("2 g", 2 * 1024**3),
        ("1.17 GB (1,256,277,934 字节)", 1_256_277_934), ("1,256,277,934字节", 1_256_277_934),
    ],
)  # fmt: skip
def test_a_size_is_taken_with_its_unit(typed, bytes_):
    assert kept_elsewhere.size(typed) == bytes_


@pytest.mark.parametrize("typed", ["350", "很大", "0 MB", "-1 GB", "1e9 GB", "999999 TB", "MB", ", 字节", ""])
def test_a_size_that_says_nothing_is_refused(typed):
    with pytest.raises(Refused) as refused:
        kept_elsewhere.size(typed)
    assert refused.value.field == "size"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"original_name": "秘密★1年.mp4"}, "original_name"), ({"place": "机密"}, "place"), ({"place": "  "}, "place"),
        ({"keeper": "张三 13800000000"}, "keeper"), ({"kept_on": dt.date(2022, 6, 21)}, "kept_on"), ({"sha256": "x"}, "sha256"),
    ],
)  # fmt: skip
def test_a_record_that_cannot_be_is_refused_beside_its_input(db, change, field):
    with pytest.raises(Refused) as refused, transaction.atomic():
        kept_elsewhere.record(replace(FILM, **change), by_id=None, at=AT)
    assert refused.value.field == field
    assert not KeptElsewhere.objects.exists()


def test_a_hostile_name_is_shown_without_what_is_hostile_in_it(db):
    row = kept_elsewhere.record(replace(FILM, original_name="../../录\u202egpj.mp4"), by_id=None, at=AT)
    assert row.original_name == "录gpj.mp4"
