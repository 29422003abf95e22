"""The draw on paper: every file of the sealed register with its mark, what was drawn, and whether it holds."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from django.utils import timezone

from liaisons.models import Unit
from reform.case_review import drawing
from reform.case_review.drawing import Candidate
from reform.models import CaseFile, ReviewRound


@dataclass(frozen=True)
class Line:
    """One file of the register: its mark under the seed, its place in the draw, None where it was not drawn."""

    candidate: Candidate
    mark: str
    place: int | None


@dataclass(frozen=True)
class Stratum:
    """The files of one unit and kind, by mark."""

    unit: str
    kind: str
    quota: int
    lines: list[Line]

    @property
    def drawn(self) -> int:
        """Count what was drawn."""
        return sum(line.place is not None for line in self.lines)


@dataclass
class Protocol:
    """A draw, or the register that waits for it."""

    round: ReviewRound

    @cached_property
    def candidates(self) -> list[Candidate]:
        """Give the sealed register."""
        return drawing.sealed(self.round)

    @property
    def digest(self) -> str:
        """Give the SHA-256 over its lines."""
        return drawing.digest(self.candidates)

    @cached_property
    def holds(self) -> bool:
        """Say whether drawing once more gives the same files."""
        return drawing.holds(self.round)

    @cached_property
    def strata(self) -> list[Stratum]:
        """Give the register by unit and kind, by mark where there is a seed."""
        places = {row.case_file_id: row.number for row in self.round.drawn.all()}
        names = dict(Unit.objects.values_list("code", "short_name"))
        quotas = {quota.kind: quota.per_unit for quota in self.round.quotas.all()}
        rows: dict[tuple[str, str], list[Line]] = {}
        for one in self.candidates:
            mark = drawing.mark(self.round.seed, one.line) if self.round.seed else ""
            rows.setdefault(one.stratum, []).append(Line(one, mark, places.get(one.id)))
        return [
            Stratum(names.get(unit, unit), dict(CaseFile.KINDS)[kind], quotas.get(kind, 0), sorted(lines, key=lambda line: (line.mark, line.candidate.line)))
            for (unit, kind), lines in sorted(rows.items())
        ]  # fmt: skip

    @property
    def drawn(self) -> int:
        """Count what was drawn."""
        return sum(stratum.drawn for stratum in self.strata)


def of(round_: ReviewRound) -> Protocol:
    """Give the protocol of a round's draw."""
    return Protocol(round_)


def text(round_: ReviewRound) -> str:
    """Give the whole draw as text: what a checker with other tools needs, nothing else."""
    protocol = of(round_)
    assert round_.drawn_at
    head = [
        f"{round_.title}　抽取记录", f"组织单位：{round_.organiser}",
        f"抽取时间：{timezone.localtime(round_.drawn_at):%Y-%m-%d %H:%M}", f"抽取人：{round_.drawn_by}",
        f"见证人：{round_.witnesses or '（无）'}", f"种子：{round_.seed}", f"方法：{round_.algorithm}　{drawing.WORDS}",
        f"名册 {len(protocol.candidates)} 卷，SHA-256：{protocol.digest}", "",
    ]  # fmt: skip
    lines = [
        f"{line.mark}  {'抽中 ' + str(line.place) if line.place else '未抽中'}  {line.candidate.line}"
        for stratum in protocol.strata
        for line in stratum.lines
    ]
    return "\n".join(head + lines) + "\n"
