"""Which lines and names carry a 密级 marking, and which only speak of secrets."""

from __future__ import annotations

import time

import pytest

from xingxian_portal.foundation.classified_marks import in_lines, in_name

MARKED = [
    "秘密", "机密", "绝密", "秘密★1年", "机密★5年", "绝密★长期", "秘密★", "　秘　密 ★ 1 年　", "秘密☆1年", "秘密＊１年", "机密★六个月", "密级：机密",
    "密级: 秘密★1年", "000001 机密★5年", "机密★5年 特急", "机密★1年，加急", "【机密】", "（绝密）", "机密级", "秘密★启用前", "密级：秘密 保密期限：1年", "绝密\t",
]  # fmt: skip
PLAIN = [
    "商业秘密", "保守国家秘密", "国家秘密", "机密性", "不得泄露工作秘密。", "本件不涉及国家秘密", "密级", "密级：无", "保守商业秘密1年", "秘密文件管理制度",
    "标注“秘密★1年”的文件一律不得上传", "机密文件由专人保管", "保密", "内部资料", "1年", "特急", "000001", "", "★", "严禁上传涉密、敏感信息", "秘密工作者的故事",
]  # fmt: skip


@pytest.mark.parametrize("line", MARKED)
def test_a_marking_on_a_line_of_its_own_is_found(line):
    assert in_lines(["关于印发方案的通知", line])


@pytest.mark.parametrize("line", PLAIN)
def test_a_line_that_only_speaks_of_secrets_passes(line):
    assert in_lines([line]) == ""


@pytest.mark.parametrize(
    "name",
    [
        "秘密★1年.pdf", "关于检查的通知（机密）.docx", "【绝密】名单.xlsx", "机密.pdf", "机密 会议纪要.pdf", "2022-秘密-方案.pdf", "通知秘密★1年.pdf", "名单_机密★5年.ofd",
        "绝密", "秘密＊1年.docx", "会议·机密级.pdf",
    ],
)  # fmt: skip
def test_a_marking_that_is_a_part_of_a_name_is_found(name):
    assert in_name(name)


@pytest.mark.parametrize(
    "name",
    [
        "商业秘密保护工作总结.docx",
        "保守国家秘密培训签到表.xlsx",
        "机密性说明.pdf",
        "保密承诺书.pdf",
        "月报.pdf",
        "商业秘密.pdf",
        "秘密文件管理制度.docx",
    ],
)
def test_a_name_that_only_speaks_of_secrets_passes(name):
    assert in_name(name) == ""


def test_a_hostile_line_costs_no_time():
    started = time.monotonic()
    for line in ("密级：" * 60, "秘密" * 100, "000000" * 9 + "x", "、" * 59 + "x", "★" * 10_000_000):
        in_lines([line])
    assert time.monotonic() - started < 1
