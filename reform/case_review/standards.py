"""评查标准 in versions: an issued version never changes; to change it a new one is begun from it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from itertools import count
from typing import Any

from django.db import transaction

from liaisons.models import User
from liaisons.permissions import Permission
from reform import rights
from reform.models import ReviewItem, ReviewStandard, ReviewVeto
from xingxian_portal.foundation import audit, clock
from xingxian_portal.foundation.refusal import Refused

Values = dict[str, Any]
FULL = Decimal(100)


@transaction.atomic
def begin(
    name: str, case_kind: str, *, like: ReviewStandard | None = None, by: User, at: dt.datetime | None = None
) -> ReviewStandard:
    """Give the draft of a standard of its own, for whatever kind of file; it begins with what `like` holds.

    Raises Refused, rights.Denied.
    """
    rights.require(by.may(Permission.ORGANISE_REVIEWS))
    if ReviewStandard.objects.filter(name=name, case_kind=case_kind).exists():
        raise Refused("已有这个名称的评查标准；要改它请修订出新的一版，另立标准请换一个名称。", "name")
    vetoes, items = (list(like.vetoes.all()), list(like.items.all())) if like else ([], [])
    cut_offs = {field: getattr(like, field) for field in ("excellent_from", "good_from", "pass_from") if like}
    draft = ReviewStandard.objects.create(code=_free_code(case_kind), name=name, case_kind=case_kind, **cut_offs)
    _copy(ReviewVeto, vetoes, draft)
    _copy(ReviewItem, items, draft)
    after = {"name": name, "kind": case_kind, "like": like and like.pk}
    audit.record("review_standard.create", by=by, subject=draft, after=after, at=at)
    return draft


def _free_code(case_kind: str) -> str:
    used = set(ReviewStandard.objects.filter(code__startswith=case_kind).values_list("code", flat=True))
    return next(code for number in count(1) if (code := f"{case_kind}-{number}") not in used)


@transaction.atomic
def revise(standard: ReviewStandard, *, by: User, at: dt.datetime | None = None) -> ReviewStandard:
    """Give the draft of the next version, begun from this one; the draft that is there when there is one."""
    rights.require(by.may(Permission.ORGANISE_REVIEWS))
    versions = ReviewStandard.objects.select_for_update().filter(code=standard.code).order_by("-version")
    newest = versions[0]
    if newest.is_draft:
        return newest
    vetoes, items = list(standard.vetoes.all()), list(standard.items.all())
    draft = ReviewStandard.objects.get(pk=standard.pk)
    draft.pk, draft.version, draft.issued_at, draft.issued_by = None, newest.version + 1, None, None
    draft._state.adding = True
    draft.save()
    _copy(ReviewVeto, vetoes, draft)
    _copy(ReviewItem, items, draft)
    audit.record("review_standard.revise", by=by, subject=draft, after={"version": draft.version}, at=at)
    return draft


def _copy(model: type[ReviewVeto] | type[ReviewItem], rows: Sequence[Any], draft: ReviewStandard) -> None:
    for row in rows:
        row.pk, row.standard = None, draft
        row._state.adding = True
    model._default_manager.bulk_create(rows)


def drafted(standard: ReviewStandard, by: User) -> ReviewStandard:
    """Give a draft, locked. Raises Refused when it was issued, rights.Denied."""
    rights.require(by.may(Permission.ORGANISE_REVIEWS))
    found = ReviewStandard.objects.select_for_update(of=("self",)).get(pk=standard.pk)
    if not found.is_draft:
        raise Refused("这一版已经启用，不能再改；已开始的评查仍用这一版。要改请修订出新的一版。")
    return found


@transaction.atomic
def edit(
    standard: ReviewStandard,
    *,
    items: Sequence[Values],
    vetoes: Sequence[Values],
    by: User,
    at: dt.datetime | None = None,
    **values: Any,
) -> ReviewStandard:
    """Change a draft: its cut-offs, its vetoes and its items, all of them. Raises Refused.

    What the bureau vouches for (`confirmed`) it vouches for line by line.
    """
    standard = drafted(standard, by)
    for name, value in values.items():
        setattr(standard, name, value)
    if not 0 <= standard.pass_from <= standard.good_from <= standard.excellent_from <= FULL:
        raise Refused("分数线应依次为合格、良好、优秀，在 0 到 100 之间。", "excellent_from")
    standard.save()
    standard.vetoes.all().delete()
    standard.items.all().delete()
    vouched = {"standard": standard, "confirmed": standard.confirmed}
    ReviewVeto.objects.bulk_create(
        ReviewVeto(**vouched | row, code=f"A{number:02}", position=number) for number, row in enumerate(vetoes, 1)
    )
    ReviewItem.objects.bulk_create(ReviewItem(**vouched | row) for row in _numbered(items))
    audit.record(
        "review_standard.edit", by=by, subject=standard, after={"items": len(items), "vetoes": len(vetoes)}, at=at
    )
    return standard


def _numbered(items: Sequence[Values]) -> list[Values]:
    """Give the items with code and place: sections in the order in which they first come up."""
    sections = list(dict.fromkeys(row["section"] for row in items))
    counts = dict.fromkeys(sections, 0)
    rows: list[Values] = []
    for row in sorted(items, key=lambda row: sections.index(row["section"])):
        counts[row["section"]] += 1
        code = f"B{sections.index(row['section']) + 1}.{counts[row['section']]}"
        rows.append(row | {"code": code, "position": len(rows) + 1})
    return rows


@transaction.atomic
def issue(standard: ReviewStandard, *, by: User, at: dt.datetime | None = None) -> ReviewStandard:
    """启用 a draft whose points make 100. Raises Refused, rights.Denied."""
    standard = drafted(standard, by)
    total = sum((item.points for item in standard.items.all()), Decimal(0))
    if total != FULL:
        raise Refused(f"各项分值合计 {total.normalize():f} 分，应为 100 分。")
    standard.issued_at, standard.issued_by = at or clock.now(), by
    standard.save(update_fields=["issued_at", "issued_by"])
    audit.record("review_standard.issue", by=by, subject=standard, after={"version": standard.version}, at=at)
    return standard
