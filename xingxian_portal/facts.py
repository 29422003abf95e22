"""What becomes of the facts in `fixtures/` when the portal starts: they fill gaps and never overrule the county.

Each row of a facts file is offered to a database once, known by its model and natural key. If no such row exists it
is created, otherwise what is there stays as it is. A row offered before is passed over whatever became of it, so
that what the county has edited, ended or removed never comes back; a later release's new rows are offered then. A
plan that has left the draft takes no more rows. A row that the county's own data leave no room for is refused and
named, and offered again at the next start. Rows loaded from a file are one entry of the audit trail.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.serializers.base import DeserializationError
from django.core.serializers.python import Deserializer
from django.db import IntegrityError, models, transaction

from reform.models import Plan
from xingxian_portal.foundation import audit, natural_keys
from xingxian_portal.foundation.loaded_facts import LoadedFact

FOLDER = Path(settings.BASE_DIR) / "fixtures"
# In this order: a row may name only rows before it.
FILES = (
    "calendar.json",
    "units.json",
    "groups.json",
    "plan-2022-10.json",
    "review_standard.json",
    "reminder_steps.json",
    "exemption-examples.json",
)

Row = dict[str, Any]


@dataclass
class Loading:
    """What became of one file's rows; `refused` says of each refused row which it was and why."""

    file: str
    created: int = 0
    kept: int = 0
    refused: list[str] = field(default_factory=list)


class NoRoom(Exception):
    """A row cannot be created beside what the database holds."""


def load_all(folder: Path = FOLDER) -> list[Loading]:
    """Offer every file's rows, all or nothing; gives one report a file, in the order of `FILES`."""
    with transaction.atomic():
        return [load(name, rows_of(name, folder)) for name in FILES]


def rows_of(name: str, folder: Path = FOLDER) -> list[Row]:
    """Read one facts file; raises OSError or ValueError when the checkout is damaged."""
    return json.loads((folder / name).read_text(encoding="utf-8"))


def load(name: str, rows: list[Row]) -> Loading:
    """Offer `rows` as those of the file `name`; gives the report."""
    loading, fresh = Loading(name), []
    with transaction.atomic(), natural_keys.remembered():
        for fact, row in _not_yet_offered(rows):
            try:
                loading.created += _offer(row)
                fresh.append(fact)
            except NoRoom as why:
                loading.refused.append(f"{fact.model} {fact.key}：{why}")
        LoadedFact.objects.bulk_create(fresh, ignore_conflicts=True)
        if loading.created:
            audit.record("facts.load", after={"file": name, "created": loading.created})
    loading.kept = len(rows) - loading.created - len(loading.refused)
    return loading


def key_of(row: Row) -> str:
    """Give a row's natural key as the file writes it, without asking the database; raises KeyError if it has none."""
    paths = apps.get_model(row["model"]).objects.fields
    names = dict.fromkeys(path.split("__")[0] for path in paths)
    return json.dumps([row["fields"][name] for name in names], ensure_ascii=False)


def _not_yet_offered(rows: list[Row]) -> Iterator[tuple[LoadedFact, Row]]:
    offered = set(LoadedFact.objects.values_list("model", "key"))
    settled = set(Plan.objects.exclude(state=Plan.DRAFT).values_list("code", flat=True))
    for row in rows:
        fact = LoadedFact(model=row["model"], key=key_of(row))
        if (fact.model, fact.key) not in offered and _plan_of(fact) not in settled:
            yield fact, row


def _plan_of(fact: LoadedFact) -> str:
    """Give the code of the plan a row belongs to, "" outside of plans: in `reform` every key begins with it."""
    if not fact.model.startswith("reform."):
        return ""
    first = json.loads(fact.key)[0]
    return first[0] if isinstance(first, list) else first


def _offer(row: Row) -> bool:
    """Create the row unless one with its key is there; says whether it was created. Raises `NoRoom`."""
    try:
        with transaction.atomic():
            fact = next(iter(Deserializer([row])))
            if _is_there(fact.object):
                return False
            fact.save(force_insert=True)
            return True
    except DeserializationError as error:
        raise NoRoom("它所属的单位、群组或方案已不在。") from error
    except IntegrityError as error:
        raise NoRoom("与已有的数据冲突（名称或编码已被使用）。") from error


def _is_there(fact: models.Model) -> bool:
    return fact.pk is not None and type(fact)._default_manager.filter(pk=fact.pk).exists()
