"""What a letter says: one line for each thing, read from the subjects just before it goes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.conf import settings

from liaisons.letters.subjects import Paper, Standing, standings
from liaisons.models import LedgerEntry, Letter
from liaisons.notices import cut

SIGNED = "县司法局　柔性执法推进平台"


@dataclass
class Written:
    """A letter's words, where it leads, and which of its lines were settled meanwhile."""

    title: str = ""
    body: str = ""
    link: str = "/"
    private: str = ""
    settled: dict[int, str] = field(default_factory=dict)
    papers: tuple[Paper, ...] = ()


def write(letters: Iterable[Letter]) -> dict[object, Written]:
    """Give what each letter says now, by its id: one query for the lines and what the subjects' owners need.

    A letter without a line left has no title.
    """
    pks = [letter.pk for letter in letters]
    lines: dict[object, list[LedgerEntry]] = defaultdict(list)
    rows = LedgerEntry.objects.filter(letter__in=pks, status=LedgerEntry.MERGED).order_by("planned_for", "pk")
    read = list(rows)
    for entry in read:
        lines[entry.letter_id].append(entry)
    standing = standings(read)
    return {pk: _written(lines[pk], standing) for pk in pks}


def _written(entries: list[LedgerEntry], standing: Mapping[int, Standing]) -> Written:
    settled = {entry.pk: standing[entry.pk].settled for entry in entries if standing[entry.pk].settled}
    # Two steps about one thing are one line: the later step says more.
    about = {
        (entry.subject_kind, entry.subject_key): standing[entry.pk] for entry in entries if entry.pk not in settled
    }
    said = list(about.values())
    if not said:
        return Written(settled=settled)
    title = said[0].text if len(said) == 1 else f"有 {len(said)} 件事请办理：{'；'.join(line.text for line in said)}"
    body = "\n".join(f"{number}. {line.text}" for number, line in enumerate(said, 1)) if len(said) > 1 else said[0].text
    private = "\n\n".join(line.private for line in said if line.private)
    papers = tuple(paper for line in said for paper in line.papers)
    return Written(cut(title), body, said[0].link if len(said) == 1 else "/", private, settled, papers)


def signed(body: str, private: str = "") -> str:
    """Give a body as it goes out of the portal: with its private words, or with the way back into the portal."""
    if private:
        return f"{body}\n\n{private}\n\n{SIGNED}\n"
    where = f"{settings.PORTAL_PUBLIC_URL}/notices/"
    return (
        f"{body}\n\n办理：{where}\n邮箱和提醒时间可在“通知方式”里改：{settings.PORTAL_PUBLIC_URL}/contact/\n{SIGNED}\n"
    )
