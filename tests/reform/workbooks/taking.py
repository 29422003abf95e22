"""Takes an export as a person does, and reads it with another library than the one that wrote it."""

from __future__ import annotations

from typing import Any

from tests.cast import client_of
from tests.xingxian_portal.foundation.workbook import reading


def data(user, slug: str, *, post: bool = False, **query: Any) -> bytes:
    """Give the file that `user` is handed."""
    client = client_of(user)
    answer: Any = client.post(f"/exports/{slug}/", query) if post else client.get(f"/exports/{slug}/", query)
    assert answer.status_code == 200, answer
    return b"".join(answer.streaming_content)


def rows(user, slug: str, number: int = 0, **query: Any) -> list[list]:
    """Give the values of a sheet of the file that `user` is handed."""
    return reading.values(data(user, slug, **query), number)


def below_heads(values: list[list], head: str) -> list[list]:
    """Give the rows below the row of heads that begins with `head`."""
    start = next(place for place, row in enumerate(values) if row[0] == head)
    return values[start + 1 :]
