"""The plan's facts as plain rows, read from the file without a database."""

from __future__ import annotations

from functools import cache
from typing import Any

from xingxian_portal import facts

FILE = "plan-2022-10.json"
PLAN = "xsf-2022-10"


@cache
def rows(model: str) -> list[dict[str, Any]]:
    """Give the fields of every row of one of `reform`'s models."""
    return [row["fields"] for row in facts.rows_of(FILE) if row["model"] == f"reform.{model}"]


def plan() -> dict[str, Any]:
    """Give the plan's own row."""
    return rows("plan")[0]


def text() -> str:
    """Give the plan's text as one line: line breaks are the printer's, not the author's."""
    return plan()["text"].replace("\n", "")


def tasks() -> dict[str, dict[str, Any]]:
    """Give the tasks by code."""
    return {task["code"]: task for task in rows("task")}


def milestones() -> dict[str, dict[str, Any]]:
    """Give the milestones by code, each with its task's code as `of`."""
    return {row["code"]: row | {"of": row["task"][1]} for row in rows("milestone")}


def parties_of(code: str) -> list[dict[str, Any]]:
    """Give the parties of the task or milestone with this code."""
    found = [party for party in rows("taskparty") if party["task"] == [PLAN, code]]
    return found + [party for party in rows("milestoneparty") if party["milestone"] == [PLAN, code]]


def whom(party: dict[str, Any]) -> str:
    """Give the code of the unit or group a party names."""
    return (party["unit"] or party["group"])[0]
