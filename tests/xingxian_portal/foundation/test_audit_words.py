from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

import pytest

from reform.states import Verb
from xingxian_portal.foundation.audit_words import NOUNS, VERBS, WHOLE, action_words, subject_words

ROOT = Path(__file__).resolve().parents[3]
APPS = ("xingxian_portal", "liaisons", "reform", "exemptions")


@cache
def recorded_actions() -> frozenset[str]:
    """Give every action that the code records under a fixed name."""
    found = set()
    texts = (path.read_text("utf-8") for app in APPS for path in (ROOT / app).rglob("*.py"))
    for text in (text for text in texts if "audit.record" in text):
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in ("audit.record", "audit.record_all"):
                found |= {leaf.value for leaf in ast.walk(node.args[0]) if isinstance(leaf, ast.Constant)}
    return frozenset(
        action for action in found if isinstance(action, str) and action.count(".") == 1 and action[-1] != "."
    )


def test_the_code_records_actions_at_all():
    assert {"session.open", "account.disable"} <= recorded_actions()


def test_every_recorded_action_has_words():
    split = [action.split(".") for action in recorded_actions() - set(WHOLE)]

    # A new noun or verb gets its word in audit_words, or by `learn` from the app that it belongs to.
    assert sorted({noun for noun, _ in split if noun and noun not in NOUNS}) == []
    assert sorted({verb for _, verb in split if verb not in VERBS}) == []


def test_what_is_done_to_an_obligation_is_called_as_on_its_own_page():
    assert {verb: action_words(f"obligation.{verb}") for verb in Verb} == {
        verb: f"承办事项 {verb.label}" for verb in Verb
    }


@pytest.mark.parametrize(
    ("action", "words"),
    [("session.open", "登录"), ("role.grant", "角色 授予"), ("proposal.ask.extend", "提请 提出 延期"), ("x.y", "x y")],
)
def test_an_action_in_words(action, words):
    assert action_words(action) == words


@pytest.mark.parametrize(
    ("kind", "key", "words"), [("liaisons.user", "12", "账号 12"), ("", "", ""), ("gone.table", "3", "gone.table 3")]
)
def test_an_object_in_words(kind, key, words):
    assert subject_words(kind, key) == words
