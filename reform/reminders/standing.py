"""How the subjects of reminders stand just before a letter goes: what to say, or why nothing is to be said any more."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from liaisons.letters.subjects import Paper, Standing
from liaisons.models import LedgerEntry, Unit
from reform import telling, urging
from reform.models import Escalation, Obligation, Proposal, ReminderRule, ReminderStep, Submission, Urging
from reform.reminders.sources import ESCALATION_KIND, UNIT_KIND, WAITING, YEAR_KIND, gap_year, to_confirm
from reform.states import EXCUSED, UNFILED
from xingxian_portal.foundation import clock

FOR_OTHERS = frozenset(dict(ReminderStep.AUDIENCES)[name] for name in (
    ReminderStep.LEADER, ReminderStep.DESK, ReminderStep.BUREAU_LEADER
))  # fmt: skip
Found = Mapping[int, Standing]


def of_duties(entries: Sequence[LedgerEntry]) -> Found:
    """Read the obligations again."""
    rows = Obligation.objects.filter(pk__in={entry.subject_key for entry in entries}).select_related(
        "milestone", "unit"
    )
    duties, notes, today = {str(row.pk): row for row in rows}, _urged_with(entries), clock.today()
    found = {e.pk: _of_duty(duties[e.subject_key], e, today) for e in entries if e.subject_key in duties}
    return found | {
        pk: replace(found[pk], text=f"催办：{found[pk].text}{note}") for pk, note in notes.items() if pk in found
    }


def _urged_with(entries: Sequence[LedgerEntry]) -> dict[int, str]:
    """Give what the officer wrote with each line that was urged by hand."""
    numbers = {entry.pk: int(entry.step) for entry in entries if entry.rule == urging.RULE}
    if not numbers:
        return {}
    notes = dict(Urging.objects.filter(pk__in=numbers.values()).exclude(note="").values_list("pk", "note"))
    return {pk: f"（{notes[number]}）" if number in notes else "" for pk, number in numbers.items()}


def _of_duty(duty: Obligation, entry: LedgerEntry, today: dt.date) -> Standing:
    waiting = UNFILED if entry.rule == ReminderRule.QUIET else WAITING
    if duty.state in EXCUSED:
        return Standing(settled=f"已{duty.get_state_display()}")
    if duty.state not in waiting:
        return Standing(settled="已报送")
    if duty.cycle_no != entry.cycle_no:
        return Standing(settled="已退回或期限已变，按新的轮次提醒")
    who = f"{duty.unit.short_name}：" if entry.post.partition("（")[0] in FOR_OTHERS else ""
    return Standing(f"{who}{_words(duty, entry, today)}", telling.link_to(duty))


def _words(duty: Obligation, entry: LedgerEntry, today: dt.date) -> str:
    if entry.step.partition("#")[0] == "d30" or entry.rule == ReminderRule.QUIET:
        return f"{duty.name}已有三十天没有进展，请更新"
    until = duty.mend_by or duty.due_on
    if until is None:
        return f"请办理{duty.name}"
    what = "补正" if duty.mend_by else "报送"
    if until < today:
        return f"{duty.name}已逾期 {(today - until).days} 天（期限{telling.day(until)}），请尽快{what}"
    when = "今天" if until == today else telling.day(until)
    return f"请在{when} 24:00 前{what}{duty.name}"


def of_escalations(entries: Sequence[LedgerEntry]) -> Found:
    """Read what was given the go: the 催办函 comes along, the list of the 通报 is told to the bureau."""
    rows = Escalation.objects.filter(pk__in={entry.subject_key for entry in entries}, granted=True)
    goes = {str(row.pk): row for row in rows.select_related("obligation__milestone", "obligation__unit", "file")}
    today = clock.today()
    return {e.pk: _of_go(goes[e.subject_key], e, today) for e in entries if e.subject_key in goes}


def _of_go(go: Escalation, entry: LedgerEntry, today: dt.date) -> Standing:
    said = _of_duty(go.obligation, entry, today)
    if said.settled:
        return said
    if go.kind == ReminderStep.BULLETIN:
        return replace(said, text=f"已列入通报名单：{said.text}", link="/reminders/escalations/")
    papers = (Paper(go.file.download_name, go.file.location),) if go.file else ()
    return replace(said, text=f"催办函（{go.number}）：{said.text}", papers=papers)


def of_proposals(entries: Sequence[LedgerEntry]) -> Found:
    """Read the proposals again."""
    rows = Proposal.objects.filter(pk__in={entry.subject_key for entry in entries}, granted=None)
    open_keys = {str(pk) for pk in rows.values_list("pk", flat=True)}
    return {
        entry.pk: Standing(f"请决定：{entry.about}", f"/proposals/{entry.subject_key}/")
        if entry.subject_key in open_keys else Standing(settled="已决定")
        for entry in entries
    }  # fmt: skip


def of_reviewing(entries: Sequence[LedgerEntry]) -> Found:
    """Count the filings that wait for review."""
    waiting = Submission.objects.filter(state=Submission.FILED).count()
    said = Standing(f"有 {waiting} 件报送等待审核", "/desk/waiting/") if waiting else Standing(settled="已审核")
    return {entry.pk: said for entry in entries}


def of_contacts(entries: Sequence[LedgerEntry]) -> Found:
    """See whether the units' contacts were confirmed."""
    waiting = {f"{pk}" for pk in to_confirm(clock.today()).values_list("pk", flat=True)}
    names = dict(Unit.objects.filter(pk__in={entry.unit_id for entry in entries}).values_list("pk", "short_name"))
    done = Standing(settled="已核对")
    return {
        entry.pk: Standing(f"请核对{names.get(entry.unit_id or 0, '')}的联系人", f"/roster/{entry.unit_id}/")
        if str(entry.unit_id) in waiting else done
        for entry in entries
    }  # fmt: skip


def of_years(entries: Sequence[LedgerEntry]) -> Found:
    """See whether the calendar was entered."""
    year = gap_year(clock.now())
    said = f"{year} 年的放假调休安排还没有录入，暂按周一至周五计算"
    return {
        e.pk: Standing(said, "/calendar/") if str(year) == e.subject_key else Standing(settled="已录入")
        for e in entries
    }


READERS: dict[str, Callable[[Sequence[LedgerEntry]], Found]] = {
    "reform.obligation": of_duties,
    ESCALATION_KIND: of_escalations,
    "reform.proposal": of_proposals,
    "reform.reviewing": of_reviewing,
    UNIT_KIND: of_contacts,
    YEAR_KIND: of_years,
}
