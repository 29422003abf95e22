"""A round from its scope to the start of scoring: opened, sealed, drawn, its reviewers seated and their conflicts declared."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction

from liaisons.models import Unit, User
from reform import rights as reform_rights
from reform.case_review import assignment, drawing, eligibility, rights, stages, telling
from reform.models import (
    CaseFile,
    CaseReview,
    Conflict,
    DrawnFile,
    ReviewRound,
    ReviewStandard,
    RoundQuota,
    RoundReviewer,
    Stage,
)
from xingxian_portal.foundation import audit, clock
from xingxian_portal.foundation.refusal import Refused

LONGEST_SEED = 60


@dataclass(frozen=True)
class Quota:
    """How many files of a kind per unit, measured by which standard."""

    kind: str
    per_unit: int
    standard: ReviewStandard


@dataclass(frozen=True)
class Scope:
    """What a round is about."""

    title: str
    organiser: Unit
    period_from: dt.date
    period_to: dt.date
    units: Sequence[Unit]
    quotas: Sequence[Quota]
    tolerance: Decimal = Decimal(10)
    is_practice: bool = False

    def check(self) -> None:
        """Raise Refused, naming the input, when it cannot be."""
        if self.period_to < self.period_from:
            raise Refused("结束日期早于开始日期。", "period_to")
        if not self.units:
            raise Refused("请至少勾选一个被评查单位。", "units")
        if self.organiser.kind != Unit.BUREAU and list(self.units) != [self.organiser]:
            raise Refused("单位自己组织的评查只评本单位的案卷。", "units")
        if not self.quotas:
            raise Refused("请至少为一类案卷填写抽取数量。")
        for quota in self.quotas:
            if quota.standard.case_kind != quota.kind or quota.standard.is_draft:
                raise Refused("所选评查标准不适用于这类案卷，或还没有启用。")


@transaction.atomic
def open_round(scope: Scope, *, by: User, at: dt.datetime | None = None) -> ReviewRound:
    """Open a round, once however often the form is sent; raises Refused, rights.Denied."""
    reform_rights.require(rights.may_organise_for(by, scope.organiser))
    scope.check()
    at = at or clock.now()
    Unit.objects.select_for_update(of=("self",)).get(pk=scope.organiser.pk)  # the second click waits for the first
    if ReviewRound.objects.filter(stage=Stage.PREPARING, organiser=scope.organiser, title=scope.title).exists():
        raise Refused(f"“{scope.title}”已在准备，没有重复建立。要另建一次，请换个名称。", "title")
    round_ = ReviewRound.objects.create(
        title=scope.title, organiser=scope.organiser, is_practice=scope.is_practice, period_from=scope.period_from,
        period_to=scope.period_to, tolerance=scope.tolerance,
        is_of_bureau=scope.organiser.kind == Unit.BUREAU, created_at=at, created_by=by,
    )  # fmt: skip
    _hang_on(round_, scope)
    audit.record(
        "review_round.create",
        by=by,
        subject=round_,
        unit_code=scope.organiser.code,
        after={"title": scope.title},
        at=at,
    )
    return round_


@transaction.atomic
def edit_round(round_: ReviewRound, scope: Scope, *, by: User, at: dt.datetime | None = None) -> ReviewRound:
    """Change the scope of a round that is still being prepared; the organiser stays. Raises Refused, Denied."""
    round_ = stages.organised(round_, by)
    stages.at(round_, Stage.PREPARING, what="修改范围")
    scope.check()
    for name in ("title", "is_practice", "period_from", "period_to", "tolerance"):
        setattr(round_, name, getattr(scope, name))
    round_.save()
    round_.quotas.all().delete()
    _hang_on(round_, scope)
    audit.record(
        "review_round.edit", by=by, subject=round_, unit_code=round_.organiser.code, after={"title": scope.title}, at=at
    )
    return round_


def _hang_on(round_: ReviewRound, scope: Scope) -> None:
    round_.units.set(scope.units)
    RoundQuota.objects.bulk_create(
        RoundQuota(round=round_, kind=quota.kind, per_unit=quota.per_unit, standard=quota.standard)
        for quota in scope.quotas
    )


@transaction.atomic
def seal(round_: ReviewRound, *, by: User, at: dt.datetime | None = None) -> ReviewRound:
    """封存名册: from now on the register that is drawn from cannot change. Raises Refused, Denied."""
    at, round_ = at or clock.now(), stages.organised(round_, by)
    stages.at(round_, Stage.PREPARING, what="封存名册")
    found = drawing.register_of(round_)
    if not found:
        raise Refused("范围内还没有登记的案卷，不能封存。请先请各单位报送案卷目录，或调整期间和单位。")
    rows = [[one.unit, one.kind, one.number, one.id] for one in found]
    return stages.advance(
        round_, Stage.SEALED, by=by, at=at, population=rows, sealed_at=at,
        note=f"{len(rows)} 卷，名册 SHA-256 {drawing.digest(found)}",
    )  # fmt: skip


@transaction.atomic
def unseal(round_: ReviewRound, *, by: User, at: dt.datetime | None = None) -> ReviewRound:
    """Open the register again before anything is drawn. Raises Refused, Denied."""
    at, round_ = at or clock.now(), stages.organised(round_, by)
    stages.at(round_, Stage.SEALED, what="解封名册")
    return stages.advance(round_, Stage.PREPARING, by=by, at=at, population=[], sealed_at=None)


@transaction.atomic
def draw(
    round_: ReviewRound, seed: str, *, witnesses: str = "", by: User, at: dt.datetime | None = None
) -> list[DrawnFile]:
    """Draw, once and for all. Raises Refused, Denied."""
    at, round_ = at or clock.now(), stages.organised(round_, by)
    stages.at(round_, Stage.SEALED, what="抽取")
    seed = seed.strip()
    if not seed:
        raise Refused("请填写随机种子，如现场由见证人报出的一串数字。", "seed")
    if len(seed) > LONGEST_SEED or not seed.isprintable():
        raise Refused(f"种子最多 {LONGEST_SEED} 个字，不能换行。", "seed")
    quotas = {quota.kind: quota for quota in round_.quotas.all()}
    chosen = drawing.draw(drawing.sealed(round_), {kind: one.per_unit for kind, one in quotas.items()}, seed)
    drawn = DrawnFile.objects.bulk_create(
        DrawnFile(round=round_, case_file_id=one.id, standard_id=quotas[one.kind].standard_id, number=number)
        for number, one in enumerate(chosen, 1)
    )
    stages.advance(
        round_, Stage.DRAWN, by=by, at=at, seed=seed, witnesses=witnesses.strip(), algorithm=drawing.ALGORITHM,
        drawn_at=at, drawn_by=by, note=f"抽取 {len(drawn)} 卷",
    )  # fmt: skip
    return drawn


# ── reviewers ──────────────────────────────────────────────


@transaction.atomic
def seat(round_: ReviewRound, users: Iterable[User], *, by: User, at: dt.datetime | None = None) -> None:
    """Make people reviewers of the round before it starts; who sits already is passed over. Raises Refused, Denied."""
    at, round_ = at or clock.now(), stages.organised(round_, by)
    stages.at(round_, Stage.PREPARING, Stage.SEALED, Stage.DRAWN, what="增加评查员")
    for user in users:
        seated(round_, user, by=by, at=at)


def seated(round_: ReviewRound, user: User, *, by: User, at: dt.datetime) -> RoundReviewer:
    """Give somebody's seat in a locked round, made when they had none. Raises Refused."""
    if not eligibility.may_sit(user, round_):
        raise Refused(f"{user}不是可以参加这次评查的评查员。")
    found, is_new = RoundReviewer.objects.get_or_create(round=round_, user=user)
    if is_new:
        audit.record("review_round.seat", by=by, subject=round_, after={"reviewer": user.pk}, at=at)
        link = f"/reviews/{round_.pk}/"
        telling.tell([user], f"请您担任“{round_.title}”评查员", link, round_=round_, key=f"seat:{found.pk}", at=at)
    return found


@transaction.atomic
def unseat(reviewer: RoundReviewer, *, by: User, at: dt.datetime | None = None) -> None:
    """Take a reviewer out before scoring starts. Raises Refused, Denied."""
    round_ = stages.organised(reviewer.round, by)
    stages.at(round_, Stage.PREPARING, Stage.SEALED, Stage.DRAWN, what="去掉评查员")
    audit.record("review_round.unseat", by=by, subject=round_, before={"reviewer": reviewer.user_id}, at=at)
    RoundReviewer.objects.filter(pk=reviewer.pk).delete()


@transaction.atomic
def declare(
    reviewer: RoundReviewer,
    *,
    units: Collection[Unit] = (),
    files: Collection[CaseFile] = (),
    reason: str = "",
    by: User,
    at: dt.datetime | None = None,
) -> RoundReviewer:
    """Declare one's conflicts of interest, or none; what was declared before is replaced. Raises Refused, Denied."""
    # The round too: whoever starts it just now must not give out a file whose conflict is being declared.
    round_ = ReviewRound.objects.select_for_update(of=("self",)).get(pk=reviewer.round_id)
    reviewer = RoundReviewer.objects.select_for_update(of=("self",)).select_related("round").get(pk=reviewer.pk)
    reform_rights.require(reviewer.user_id == by.pk)
    stages.at(round_, Stage.DRAWN, what="申明回避")
    if (units or files) and not reason.strip():
        raise Refused("请写明回避的理由，如与当事人是亲属、曾参与办案。", "reason")
    reviewer.conflicts.all().delete()
    Conflict.objects.bulk_create(
        [Conflict(reviewer=reviewer, unit=unit, reason=reason.strip()) for unit in units]
        + [Conflict(reviewer=reviewer, case_file=file, reason=reason.strip()) for file in files]
    )
    reviewer.declared_at = at or clock.now()
    reviewer.save(update_fields=["declared_at"])
    after = {"units": [unit.pk for unit in units], "files": [file.pk for file in files]}
    audit.record("review_round.declare", by=by, subject=reviewer.round, after=after, note=reason, at=at)
    return reviewer


# ── start ──────────────────────────────────────────────────


@transaction.atomic
def start(round_: ReviewRound, *, by: User, at: dt.datetime | None = None) -> ReviewRound:
    """Give every file its two reviewers and open the sheets. Raises Refused, Denied."""
    at, round_ = at or clock.now(), stages.organised(round_, by)
    stages.at(round_, Stage.DRAWN, what="开始评查")
    reviewers = list(round_.reviewers.select_related("user").prefetch_related("conflicts", "user__role_grants"))
    if undeclared := [str(one) for one in reviewers if one.declared_at is None]:
        raise Refused(f"{'、'.join(undeclared)}还没有申明有无回避情形。")
    drawn = {row.case_file_id: row for row in round_.drawn.select_related("case_file__unit__successor")}
    _open_sheets(drawn, _given(round_, reviewers, drawn))
    stages.advance(round_, Stage.SCORING, by=by, at=at, note=f"{len(drawn)} 卷，{len(reviewers)} 名评查员")
    people = [one.user for one in reviewers]
    telling.tell(people, f"“{round_.title}”开始评查", "/reviews/", round_=round_, key=f"start:{round_.pk}", at=at)
    return round_


def _given(round_: ReviewRound, reviewers: Sequence[RoundReviewer], drawn: Mapping[int, DrawnFile]) -> assignment.Given:
    files = {pk: row.case_file for pk, row in drawn.items()}
    barred = eligibility.barred(reviewers, list(files.values()), round_)
    try:
        return assignment.assign(list(files), [one.pk for one in reviewers], barred, round_.seed)
    except assignment.NobodyLeft as lacking:
        names = "、".join(files[pk].number for pk in lacking.files[:5])
        raise Refused(f"{len(lacking.files)} 卷除去回避以后不足两名评查员（{names}），请增加评查员。") from lacking


def _open_sheets(drawn: Mapping[int, DrawnFile], given: assignment.Given) -> None:
    CaseReview.objects.bulk_create(
        CaseReview(drawn=drawn[file], reviewer_id=reviewer, seat=place)
        for file, hands in given.items()
        for place, reviewer in enumerate(hands, 1)
    )
