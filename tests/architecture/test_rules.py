"""Every rule of the architecture, held against every file; and each rule against samples that must trip it."""

import pytest

from tests.architecture import code, files, pages
from tests.architecture.sources import Rule, own_files

RULES = [*code.RULES, *files.RULES, *pages.RULES]
each_rule = pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.says)


@pytest.fixture(scope="module")
def project():
    return own_files()


@each_rule
def test_the_project_keeps_the_rule(rule: Rule, project):
    found = {file.path: breaches for file in project if (breaches := list(rule.breaches(file)))}
    assert found == {}


@each_rule
def test_the_rule_finds_what_breaks_it_and_nothing_else(rule: Rule):
    assert [sample for sample in rule.broken_by if not list(rule.breaches(sample))] == []
    assert [sample for sample in rule.kept_by if list(rule.breaches(sample))] == []


def test_the_rules_see_the_files_of_every_app(project):
    paths = {file.path for file in project}
    assert {"manage.py", "reform/models/obligation.py", "tests/architecture/test_rules.py"} <= paths
    assert not any(path.startswith((".venv", ".git/", "var/")) for path in paths)


def test_every_exception_is_still_needed(project):
    paths = {file.path for file in project}
    assert {*code.SIGNALS, *code.REQUEST_GUARDS, *pages.STYLESHEETS} - paths == set()
    assert {writer for file in project for _, writer in code.states_written(file)} == code.STATE_WRITERS
