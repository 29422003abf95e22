"""The draw: stratified by unit and kind, seeded, and such that anyone can repeat it with any tool that knows SHA-256.

Each file is one line, `单位编码|类别|案卷编号`. Its mark is SHA-256 of the seed, a line break and that line; of each
stratum (unit and kind) the files with the smallest marks are drawn. Nothing else decides.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from reform.models import CaseFile, ReviewRound

ALGORITHM = "sha256-order-1"
WORDS = (
    "每卷一行：单位编码|类别|案卷编号。把“种子、换行、这一行”按 UTF-8 编码计算 SHA-256，得到这一卷的号码；"
    "同一单位、同一类别的案卷按号码从小到大排列，取前几卷，不足的全取。"
)


@dataclass(frozen=True)
class Candidate:
    """One file of the sealed register."""

    unit: str
    kind: str
    number: str
    id: int = 0

    @property
    def line(self) -> str:
        """Give the line that stands for it in the draw."""
        return f"{self.unit}|{self.kind}|{self.number}"

    @property
    def stratum(self) -> tuple[str, str]:
        """Give what it competes within."""
        return self.unit, self.kind


def mark(seed: str, line: str) -> str:
    """Give the mark that a line has under a seed."""
    return hashlib.sha256(f"{seed}\n{line}".encode()).hexdigest()


def draw(candidates: Iterable[Candidate], per_unit: Mapping[str, int], seed: str) -> list[Candidate]:
    """Give what is drawn, by stratum and mark; `per_unit` says how many of each kind."""
    strata: dict[tuple[str, str], list[Candidate]] = defaultdict(list)
    for candidate in candidates:
        strata[candidate.stratum].append(candidate)
    return [
        chosen
        for stratum in sorted(strata)
        for chosen in sorted(strata[stratum], key=lambda one: mark(seed, one.line))[: per_unit.get(stratum[1], 0)]
    ]


def digest(candidates: Sequence[Candidate]) -> str:
    """Give the SHA-256 over the lines of the register, to be noted down before the seed is known."""
    return hashlib.sha256("\n".join(one.line for one in candidates).encode()).hexdigest()


def register_of(round_: ReviewRound) -> list[Candidate]:
    """Give the files that fall into a round's scope, in the order of their lines."""
    kinds = [quota.kind for quota in round_.quotas.all()]
    rows = CaseFile.objects.filter(
        unit__in=round_.units.all(), kind__in=kinds, decided_on__range=(round_.period_from, round_.period_to)
    )
    found = rows.values_list("unit__code", "kind", "number", "pk")
    return sorted((Candidate(*row) for row in found), key=lambda one: one.line)


def sealed(round_: ReviewRound) -> list[Candidate]:
    """Give the register as it was sealed."""
    return [Candidate(*row) for row in round_.population]


def drawn_again(round_: ReviewRound) -> list[Candidate]:
    """Draw once more from the sealed register with the round's own seed."""
    quotas = {quota.kind: quota.per_unit for quota in round_.quotas.all()}
    return draw(sealed(round_), quotas, round_.seed)


def holds(round_: ReviewRound) -> bool:
    """Say whether the files of the round are those that its seed draws."""
    kept = [drawn.case_file_id for drawn in round_.drawn.order_by("number")]
    return kept == [one.id for one in drawn_again(round_)]
