"""What can be taken out as a workbook: each app offers its own at start, the page 通报与导出 lists them by rights.

    exports.offer(Export("roster", "联络员名单", "附件的五列", may=sees_roster, make=roster_sheets))

`make` is asked with a `Wish` (who, as of when, what the address says) and gives what is `Made`: sheets, how many rows,
and what the trail should keep of it. It shows the asker what its rights allow and no more; a wish that cannot be
understood raises Refused. Rows may be a generator: of many they are only asked for while the file is written.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction

from liaisons.models import User
from xingxian_portal.foundation import audit
from xingxian_portal.foundation.keyed_digest import digest
from xingxian_portal.foundation.workbook.cell_writer import Tone
from xingxian_portal.foundation.workbook.sheets import About, Sheet

# Parts of the page, in this order.
WORK, PEOPLE, EXEMPTIONS, REVIEWS = "推进情况", "联络员和执法人员", "包容免罚", "案卷评查"
PARTS = (WORK, PEOPLE, EXEMPTIONS, REVIEWS)

LONGEST_ASKED = 100  # characters of one answer that the trail keeps
SEARCHED = "q"  # words that may name a person: they stand in the trail as a digest


@dataclass(frozen=True)
class Wish:
    """Who asks, as of which moment of business time, what stands behind the question mark; `in_full` asks for whole numbers."""

    user: User
    at: dt.datetime
    query: Mapping[str, str] = field(default_factory=dict)
    in_full: bool = False

    def about(self, *, scope: str = "", filters: Sequence[str] = (), count: int | None = None) -> About:
        """Give the line that says as of when, who, and what is in it."""
        return About(
            by=f"{self.user.unit or ''}　{self.user.name}".strip(),
            at=self.at,
            scope=scope,
            filters=filters,
            count=count,
        )


@dataclass(frozen=True)
class Made:
    """What a wish comes to: sheets, how many rows of the county they hold, colours, and what the trail keeps."""

    sheets: Sequence[Sheet]
    rows: int
    tones: Mapping[str, Tone] = field(default_factory=dict)
    note: Callable[[], object] | None = (
        None  # writes what must be kept beside the entry, such as whose numbers were shown
    )
    name: str = ""  # of the file, where the export's title does not say enough


@dataclass(frozen=True)
class Choice:
    """One thing to choose before taking: the name of the field, its label, and what there is to choose; a day if nothing."""

    name: str
    label: str
    options: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True)
class Export:
    """One workbook that can be taken: `may` says who is offered it, `choices` what can be chosen, `in_full` whole numbers.

    `asks` names all that it reads of the address: nothing else reaches it, nor the trail.
    """

    slug: str
    title: str
    about: str
    part: str
    may: Callable[[User], bool]
    make: Callable[[Wish], Made]
    choices: Callable[[User], Sequence[Choice]] = lambda user: ()
    in_full: Callable[[User], bool] = lambda user: False
    asks: Sequence[str] = ()

    def asked(self, given: Mapping[str, Any]) -> dict[str, str]:
        """Give what it reads of an address or a form, without what is empty."""
        return {name: str(given[name]) for name in self.asks if given.get(name)}


@dataclass(frozen=True)
class Papers:
    """Documents that are taken one by one on pages of their own: what they are, the name of the page's address, for whom."""

    title: str
    about: str
    part: str
    address: str
    may: Callable[[User], bool]


_offered: dict[str, Export] = {}
_papers: dict[str, Papers] = {}


def offer(export: Export) -> None:
    """Add an export; called when the portal starts. The same slug again takes the place of the first."""
    _offered[export.slug] = export


def offer_papers(papers: Papers) -> None:
    """Add documents; called when the portal starts. The same title again takes the place of the first."""
    _papers[papers.title] = papers


def papers_for(user: User) -> dict[str, list[Papers]]:
    """Give the documents that the user may take, by the parts of the page."""
    return {part: [one for one in _papers.values() if one.part == part and one.may(user)] for part in PARTS}


def named(slug: str, user: User) -> Export | None:
    """Give the export of this name if it is offered to the user."""
    export = _offered.get(slug)
    return export if export and export.may(user) else None


def offered_to(user: User) -> list[tuple[str, list[Export]]]:
    """Give what the user may take, by the parts of the page."""
    mine = [export for export in _offered.values() if export.may(user)]
    parts = [(part, [export for export in mine if export.part == part]) for part in PARTS]
    return [(part, found) for part, found in parts if found]


def note(export: Export, wish: Wish, made: Made, **more: Any) -> None:
    """Write into the trail that the export was taken; called inside the transaction of the taking."""
    with transaction.atomic():
        given = export.asked(wish.query).items()
        asked = {name: digest(value) if name == SEARCHED else value[:LONGEST_ASKED] for name, value in given}
        after = {"what": export.slug, "rows": made.rows, "asked": asked, "in_full": wish.in_full} | more
        audit.record("export.take", by=wish.user, after=after)
        if made.note:
            made.note()
