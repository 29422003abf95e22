"""`manage.py verify_audit` and `prune_audit` as an administrator meets them."""

from __future__ import annotations

import pytest
from django.core.management import CommandError, call_command

from tests.trail import run, write
from xingxian_portal.foundation import audit_seals


def said(capsys, *command: str) -> str:
    call_command(*command)
    return capsys.readouterr().out


def test_a_sound_trail_is_called_sound_with_what_waits_and_the_head(entries, capsys):
    audit_seals.seal()
    write(6)
    head = audit_seals.head()
    assert said(capsys, "verify_audit") == (
        f"审计记录完整：已校验 5 条；尚未封存 1 条（后台每分钟封存一次）。链头 5:{head.hash}\n"
    )
    assert "完整" in said(capsys, "verify_audit", "--head", f"5:{head.hash}")


def test_an_empty_trail_is_sound(chain, capsys):
    assert "还没有封存过" in said(capsys, "verify_audit")


def test_trouble_names_the_first_place_and_is_a_failure(entries, tampering):
    audit_seals.seal()
    run("UPDATE foundation_auditentry SET note = 'x' WHERE id >= %s", entries[2].pk)
    with pytest.raises(
        CommandError, match=rf"第 3 环（审计记录 {entries[2].pk}）.*此前 2 条完整；尚未封存 0 条"
    ) as trouble:
        call_command("verify_audit")
    assert trouble.value.returncode == 1


@pytest.mark.parametrize("head", ["5", "abc:def", "5:", ":f00"])
def test_a_head_that_is_none_is_refused(chain, head):
    with pytest.raises(CommandError, match="序号:哈希"):
        call_command("verify_audit", "--head", head)


def test_pruning_says_what_went(entries, capsys):
    assert said(capsys, "prune_audit") == "没有超过 1095 天的审计记录。\n"
    with pytest.raises(CommandError, match="审计记录至少保存 180 天，不能只留 30 天。"):
        call_command("prune_audit", "--keep-days", "30")
