"""Every form and act of the portal, posted: fields that no form has change nothing, what is changed is in the trail, once."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.apps import apps
from django.db import connection, models, transaction
from django.urls import reverse
from django.utils.http import urlencode

from liaisons.models import User
from reform import wall_filters
from tests.cast import gather
from tests.xingxian_portal.test_url_access import named
from tests.xingxian_portal.url_forms import Form, Sent, Writing, forms_of, rows_of, view_at
from tests.xingxian_portal.url_samples import QUESTIONS
from tests.xingxian_portal.url_walk import Door, Samples
from xingxian_portal.url_access import ACCESS, line_of

# Each address is posted to by the first of these who enters it.
POSTING = ("weifen", "sfj", "admin", "anquan", "audit", "weifenld", "pingcha", "lingdao")
OURS = ("foundation", "liaisons", "reform", "exemptions")
# What would make somebody more than they are, wherever a form took it.
POWERS = {
    "is_superuser": "on",
    "is_staff": "on",
    "role": "system_admin",
    "roles": "system_admin",
    "permissions": "review",
    "by": "1",
}
LEAST_THAT_WRITE = 85
# What an address takes though no sample's page offers it: the state or the rows it would take are not there, or it is
# what the list behind the wall can ask of an export.
TAKES = {"edition_record": {"number", "note"}, "edition_examples": {"item"}, "export_take": {*wall_filters.ASKS}}
# What changes without an entry: a draft as it is typed, whose filing is recorded, and a preview drawn again.
NOT_YET_ACTS = {"filing_draft", "report_draft", "import_recheck"}
# Each look is a record of its own.
ASKED_ANEW = {"exemption_case_check": {"exemptions_firstoffencecheck": 1}}
TRAIL = "foundation_auditentry"


@pytest.fixture(scope="module")
def still() -> Iterator[None]:
    """Hold time still, so that equal acts leave equal rows."""
    logging.disable(logging.CRITICAL)
    with time_machine.travel(dt.datetime(2022, 6, 20, 2, tzinfo=dt.UTC), tick=False):
        yield
    logging.disable(logging.NOTSET)


@pytest.fixture(scope="module")
def samples(still, standing) -> Samples:
    return Samples(gather())


@pytest.fixture(scope="module")
def ways(samples) -> list[tuple[str, User]]:
    """Give each address with who posts to it; what it names is made here, so that it stands for every test."""
    people = [getattr(samples.cast, name) for name in POSTING]
    found = [(name, person) for name in named() if (person := _first(people, name))]
    for name, person in found:
        samples.of(name, person)
    return found


@pytest.fixture(scope="module")
def foreign(samples, ways) -> dict[str, str]:
    """Give a value for the name of every column of the portal: another's row, another state, another day."""
    for name in named():
        samples.of(name, samples.cast.scj)
    tables = [model for label in OURS for model in apps.get_app_config(label).get_models()]
    values = {name: value for model in tables for name, value in _of_another(model)}
    units = samples.cast.scj.unit_id
    return values | POWERS | {"unit": str(units), "unit_id": str(units), "organiser": str(units)}


def _of_another(model: type[models.Model]) -> Iterator[tuple[str, str]]:
    last = model._default_manager.order_by("-pk").first()
    for column in model._meta.concrete_fields:
        if last is None:
            continue
        match column:
            case models.BooleanField():
                value: Any = "on"
            case models.ForeignKey() | models.AutoField():
                value = column.value_from_object(last)
            case models.DateField():
                value = "2001-01-01"
            case models.IntegerField() | models.DecimalField():
                value = "7"
            case _:
                value = column.choices[-1][0] if column.choices else "改写"
        yield column.name, str(value or "1")
        yield column.attname, str(value or "1")


def test_fields_that_no_form_has_change_nothing(samples, ways, foreign, record_property):
    door = Door()
    offered = _offered(door, samples, ways)
    tried, wrote, taken = 0, 0, []
    for name, person in ways:
        address, form = _address(name, samples, person), offered.get(name, Form())
        plain = _left_by(door, address, person, form.sent)
        more = {
            column: [value] for column, value in foreign.items() if column not in form.names | TAKES.get(name, set())
        }
        tried, wrote = tried + 1, wrote + bool(plain)
        if (left := _left_by(door, address, person, form.sent | more)) != plain:
            taken.append(f"{name} as {person.username}: {_difference(plain, left)}")
    record_property("forms and acts posted with fields that no form has, none of them taken", tried)

    assert taken == []
    assert wrote > LEAST_THAT_WRITE


def test_whatever_an_act_changes_is_in_the_trail(samples, ways, record_property):
    door = Door()
    offered = _offered(door, samples, ways)
    changing, silent = 0, set()
    for name, person in ways:
        address, form = _address(name, samples, person), offered.get(name, Form())
        left = _left_by(door, address, person, form.sent)
        changed = {table for table, rows in left.items() if rows_of([table])[table] != rows}
        changing += bool(changed)
        silent |= {name} if changed and TRAIL not in changed else set()
    record_property("acts that change something, each with its entry in the trail", changing)

    assert silent == NOT_YET_ACTS
    assert changing > LEAST_THAT_WRITE


def test_a_form_sent_again_adds_nothing_but_its_entry(samples, ways, record_property):
    door, added = Door(), {}
    offered = _offered(door, samples, ways)
    for name, person in ways:
        address, body = _address(name, samples, person), urlencode(offered.get(name, Form()).sent, doseq=True)
        if more := _added_by_the_second(door, address, person, body):
            added[name] = more
    record_property("forms and acts sent again as they were, nothing doubled", len(ways))

    assert added == ASKED_ANEW


def _added_by_the_second(door: Door, address: str, person: User, body: str) -> dict[str, int]:
    """Post twice; gives how many rows the second left in which table, but the trail. What was done is undone."""
    writing = Writing()
    with transaction.atomic():
        door.knock("POST", address, person, body)
        with transaction.atomic():
            with connection.execute_wrapper(writing):
                door.knock("POST", address, person, body)
            twice = rows_of(writing.tables - {TRAIL})
            transaction.set_rollback(True)
        once = rows_of(twice)
        transaction.set_rollback(True)
    return {table: len(rows) - len(once[table]) for table, rows in twice.items() if len(rows) != len(once[table])}


def _first(people: list[User], name: str) -> User | None:
    return next((person for person in people if ACCESS[line_of(name)].admits(person)), None)


def _address(name: str, samples: Samples, person: User) -> str:
    return reverse(name, kwargs=samples.of(name, person)) + QUESTIONS.get(name, "")


def _offered(door: Door, samples: Samples, ways: list[tuple[str, User]]) -> dict[str, Form]:
    """Give the fields of the form that each address takes, from whichever page shows it."""
    found: dict[str, Form] = {}
    for name, person in ways:
        if not ACCESS[line_of(name)].is_act and (page := door.page(_address(name, samples, person), person)):
            for path, form in forms_of(page):
                to = view_at(path) if path else name
                found[to] = Form(form.sent, form.names | found.get(to, Form()).names)
    return found


def _left_by(door: Door, address: str, person: User, sent: Sent) -> dict[str, Any]:
    """Post, and give all rows of the tables written to; what was done is undone."""
    writing = Writing()
    with transaction.atomic():
        with connection.execute_wrapper(writing):
            door.knock("POST", address, person, urlencode(sent, doseq=True))
        left = rows_of(writing.tables)
        transaction.set_rollback(True)
    return left


def _difference(plain: dict[str, Any], left: dict[str, Any]) -> str:
    return "; ".join(
        f"{table}: {[row for row in left.get(table, []) if row not in plain.get(table, [])][:2]}"
        for table in sorted(plain.keys() | left.keys())
        if plain.get(table) != left.get(table)
    )
