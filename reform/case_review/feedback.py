"""After scoring: every result goes back to its unit, which may object to an item; the organiser rechecks and answers."""

from __future__ import annotations

import datetime as dt

from django.db import IntegrityError, transaction

from liaisons.models import User
from liaisons.permissions import Permission
from reform import rights as reform_rights
from reform.case_review import outcomes, stages, telling
from reform.models import Deduction, DrawnFile, Objection, ReviewItem, ReviewRound, ReviewVeto, Stage
from xingxian_portal.foundation import audit, clock
from xingxian_portal.foundation.refusal import Refused

LONGEST = 1000
About = dict[str, ReviewItem | ReviewVeto]


@transaction.atomic
def give_feedback(
    round_: ReviewRound, object_until: dt.date, *, by: User, at: dt.datetime | None = None
) -> ReviewRound:
    """反馈: all sheets are in, every unit sees its own results and may object until a day. Raises Refused, Denied."""
    at, round_ = at or clock.now(), stages.organised(round_, by)
    stages.at(round_, Stage.SCORING, what="反馈结果")
    if left := outcomes.unfinished(outcomes.of_round(round_)):
        raise Refused(
            f"还有 {len(left)} 卷没有评完（第 {'、'.join(str(one.drawn.number) for one in left[:8])} 卷），不能反馈。"
        )
    if object_until < clock.local_date(at):
        raise Refused("异议截止日期不能早于今天。", "object_until")
    stages.advance(round_, Stage.FEEDBACK, by=by, at=at, object_until=object_until)
    units = {drawn.case_file.unit for drawn in round_.drawn.select_related("case_file__unit")}
    for unit in units:
        telling.tell(
            telling.of_unit(unit), f"“{round_.title}”结果已反馈，如有异议请在{object_until.month}月{object_until.day}日前提出",
            f"/reviews/{round_.pk}/", round_=round_, key=f"feedback:{round_.pk}", at=at,
        )  # fmt: skip
    return round_


def may_object(user: User, drawn: DrawnFile) -> bool:
    """Say whether `user` speaks for the unit whose file it is."""
    return drawn.case_file.unit_id in user.unit_ids_with(Permission.FILE)


@transaction.atomic
def object_to(
    drawn: DrawnFile,
    what: ReviewItem | ReviewVeto,
    text: str,
    *,
    by: User,
    at: dt.datetime | None = None,
) -> Objection:
    """提出异议 against what was taken for one item or veto. Raises Refused, Denied."""
    at = at or clock.now()
    reform_rights.require(may_object(by, drawn))
    round_ = (
        ReviewRound.objects.select_for_update(of=("self",))
        .select_related("organiser", "created_by")
        .get(pk=drawn.round_id)
    )
    stages.at(round_, Stage.FEEDBACK, what="提出异议")
    if round_.object_until and clock.local_date(at) > round_.object_until:
        raise Refused(f"异议期已于 {round_.object_until} 截止。")
    if not 0 < len(text.strip()) <= LONGEST:
        raise Refused(f"请写明异议理由，{LONGEST} 字以内。", "text")
    about: About = {"veto": what} if isinstance(what, ReviewVeto) else {"item": what}
    if not _taken(drawn, **about):
        raise Refused("这一项没有扣分，不需要提出异议。", "about")
    objection = _raised(drawn, text.strip(), about, by, at)
    audit.record("objection.raise", by=by, subject=objection, unit_code=drawn.case_file.unit.code, at=at)
    title = f"{drawn.case_file.unit.short_name}对 {drawn.case_file} 提出异议"
    telling.tell(
        telling.organisers(round_),
        title,
        f"/reviews/drawn/{drawn.pk}/",
        round_=round_,
        key=f"objection:{objection.pk}",
        at=at,
    )
    return objection


def _raised(drawn: DrawnFile, text: str, about: About, by: User, at: dt.datetime) -> Objection:
    try:
        with transaction.atomic():
            return Objection.objects.create(drawn=drawn, text=text, raised_at=at, raised_by=by, **about)
    except IntegrityError as error:
        raise Refused("对这一项已经提过异议，没有重复提出。", "about") from error


def _taken(drawn: DrawnFile, **about: ReviewItem | ReviewVeto) -> list[Deduction]:
    counting = [sheet.pk for sheet in outcomes.of_file(drawn.pk).counting]
    return list(Deduction.objects.filter(sheet__in=counting, **about))


@transaction.atomic
def answer(objection: Objection, text: str, *, upheld: bool, by: User, at: dt.datetime | None = None) -> Objection:
    """复核并答复; an objection upheld lifts what was taken for the item. Raises Refused, Denied."""
    at, round_ = at or clock.now(), stages.organised(objection.drawn.round, by)
    stages.at(round_, Stage.FEEDBACK, what="答复异议")
    rows = Objection.objects.select_for_update(of=("self",)).select_related("drawn__case_file__unit", "item", "veto")
    objection = rows.get(pk=objection.pk)
    if objection.answered_at:
        raise Refused(f"这条异议已由{objection.answered_by}答复，没有重复处理。")
    if not 0 < len(text.strip()) <= LONGEST:
        raise Refused(f"请写明复核意见，{LONGEST} 字以内。", "answer")
    objection.answer, objection.upheld, objection.answered_at, objection.answered_by = text.strip(), upheld, at, by
    objection.save(update_fields=["answer", "upheld", "answered_at", "answered_by"])
    unit, drawn = objection.drawn.case_file.unit, objection.drawn
    if upheld:
        _lift(objection)
    audit.record(
        "objection.answer", by=by, subject=objection, unit_code=unit.code, after={"upheld": upheld}, note=text, at=at
    )
    title = f"对 {drawn.case_file} 的异议{'成立，已更正' if upheld else '不成立'}"
    telling.tell(
        telling.of_unit(unit), title, f"/reviews/drawn/{drawn.pk}/", round_=round_, key=f"answer:{objection.pk}",
        body=objection.answer, at=at,
    )  # fmt: skip
    return objection


def _lift(objection: Objection) -> None:
    about = {"veto": objection.veto} if objection.veto else {"item": objection.item}
    Deduction.objects.filter(sheet__drawn=objection.drawn, **about).update(lifted_by=objection)
