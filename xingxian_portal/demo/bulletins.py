"""月度材料 of the demo: May's data frozen after the 21st, its 通报 edited by the officer and issued."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from reform.bulletin import pack
from reform.models import Bulletin
from xingxian_portal.demo import people

Add = Callable[[dt.datetime, Callable[[dt.datetime], Any]], None]
Moment = Callable[..., dt.datetime]

MONTH, NUMBER = "2022-05", "兴司通〔2022〕3号"
LAST_WORDS = "请各单位对照"  # how the draft's last paragraph begins
ADDED = "未报月度报告的单位，请于5月27日前补报，并书面说明原因。"


def tell(add: Add, everybody: people.People, moment: Moment) -> None:
    """Put every act into the story by `add`."""
    add(moment(dt.date(2022, 5, 23), 10), lambda at: pack.prepare(MONTH, by=everybody.officer, at=at))
    add(moment(dt.date(2022, 5, 23), 16, 30), lambda at: _edit(everybody, at))
    add(moment(dt.date(2022, 5, 24), 9, 30), lambda at: _issue(everybody, at))


def _draft() -> Bulletin:
    return Bulletin.objects.get(month=MONTH, state=Bulletin.DRAFT)


def _edit(everybody: people.People, at: dt.datetime) -> None:
    """Add what the draft cannot know."""
    draft = _draft()
    text = draft.text.replace(f"\n{LAST_WORDS}", f"\n{ADDED}{LAST_WORDS}")
    pack.edit(draft, by=everybody.officer, revision=draft.revision, text=text, at=at)


def _issue(everybody: people.People, at: dt.datetime) -> None:
    pack.issue(_draft(), by=everybody.leader, number=NUMBER, at=at)
