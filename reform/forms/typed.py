"""Words as a browser sends them: kept as typed, without what no database could hold."""

from __future__ import annotations

from django.http import QueryDict

# What people choose files with sends these beside the words; a draft takes them in the same request.
FILES, REMOVE, STRIKE = "files", "remove", "strike"


def words(post: QueryDict, name: str) -> str:
    """Give the words of a field: line breaks as one character, a NUL, which no database holds, left out."""
    return post.get(name, "").replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")


def ids(values: list[str]) -> frozenset[int]:
    """Give those values that could be ids of rows."""
    return frozenset(int(value) for value in values if value.isascii() and value.isdigit() and len(value) <= 18)


def ticked(post: QueryDict, name: str) -> bool:
    """Say whether a box was ticked."""
    return post.get(name, "") not in {"", "0"}


def removed(post: QueryDict) -> int | None:
    """Give the id of the file whose 删除 was pressed, None when another button was."""
    return next(iter(ids(post.getlist(REMOVE))), None)


def struck_out(post: QueryDict) -> int | None:
    """Give the id of the record of a file kept elsewhere whose 删除 was pressed, None when another button was."""
    return next(iter(ids(post.getlist(STRIKE))), None)
