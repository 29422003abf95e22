"""An object for each address that names one: such that a visitor who may enter also finds it.

A new address with arguments gets a line here, beside its line in `xingxian_portal.url_access`. Its function gives an
object that belongs to the visitor's unit (to the visitor, where the list asks for no right), wherever it belongs to
one: called for a stranger it gives the foreign object that the visitor must not find.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from liaisons import notices
from liaisons.models import (
    Appointment,
    Delegation,
    EnforcementField,
    GroupMember,
    Notice,
    Officer,
    Person,
    Suppression,
    Unit,
    UnitAlias,
    UnitGroup,
    User,
)
from liaisons.permissions import Permission as P
from reform.models import Escalation, ReminderRule
from tests.cast import Cast
from tests.exemptions import case_url_samples
from tests.exemptions import samples as list_samples
from tests.factories import ObligationFactory, moment
from tests.liaisons import import_samples
from tests.liaisons.export_samples import written_run
from tests.reform import bulletin_samples, plan_samples, samples, unit_samples
from tests.reform.case_review import samples as review_samples
from xingxian_portal.foundation.workdays import CalendarDay, CalendarYear

Sample = Callable[[Cast, User | None], dict[str, Any]]


@dataclass(frozen=True)
class Hidden:
    """An object that an address keeps from some of those whom it lets in, and the rights that open it.

    Of a `sample` it is the stranger's; without one, what the stranger finds at that address.
    """

    opened_by: frozenset[P] = frozenset()
    sample: Sample | None = None


def _own_notice(cast: Cast, visitor: User | None) -> dict[str, Any]:
    recipient = visitor or cast.weifen
    notices.tell([recipient], "提醒", "月报截止", dedupe="walk")
    return {"pk": Notice.objects.get(recipient=recipient).pk}


def _account(cast: Cast, _visitor: User | None) -> dict[str, Any]:
    return {"pk": cast.weifen.pk}


def _grant(cast: Cast, _visitor: User | None) -> dict[str, Any]:
    return {"pk": cast.weifen.pk, "grant_pk": cast.weifen.grants[0].pk}


def _obligation(cast: Cast, _visitor: User | None) -> dict[str, Any]:
    return {"pk": ObligationFactory(unit=cast.weifen.unit).pk}


def _unit_of_contacts(cast: Cast, visitor: User | None) -> Unit:
    # A unit sees its own contacts alone; whoever sees all finds 蔚汾镇.
    unit = visitor.unit if visitor else None
    assert cast.weifen.unit
    return unit if unit and unit.kind != Unit.BUREAU else cast.weifen.unit


def _contacts(cast: Cast, visitor: User | None) -> dict[str, Any]:
    return {"pk": _unit_of_contacts(cast, visitor).pk}


def _post(cast: Cast, visitor: User | None) -> dict[str, Any]:
    unit, day = _unit_of_contacts(cast, visitor), dt.date(2022, 4, 14)
    post = Appointment.objects.filter(unit=unit).first()
    if post is None:
        person = Person.objects.create(name="样例人", phone="138 0000 0000")
        post = Appointment.objects.create(unit=unit, person=person, post="leader", from_on=day, confirmed_on=day)
    return {"pk": post.pk}


def _officer(cast: Cast, visitor: User | None) -> dict[str, Any]:
    unit = _unit_of_contacts(cast, visitor)
    values = {"unit": unit, "name": "样例人", "valid_until": dt.date(2026, 1, 1)}
    return {"pk": Officer.objects.get_or_create(certificate=f"样例{unit.pk}", defaults=values)[0].pk}


def _unit(cast: Cast, _visitor: User | None) -> dict[str, Any]:
    return {"pk": cast.weifen.unit_id}


def _group(_cast: Cast, _visitor: User | None) -> dict[str, Any]:
    return {"pk": UnitGroup.objects.get_or_create(code="walk", name="群组")[0].pk}


def _member(cast: Cast, visitor: User | None) -> dict[str, Any]:
    group = _group(cast, visitor)["pk"]
    return {"pk": group, "member_pk": GroupMember.objects.get_or_create(group_id=group, unit=cast.weifen.unit)[0].pk}


def _alias(cast: Cast, _visitor: User | None) -> dict[str, Any]:
    return {"pk": UnitAlias.objects.get_or_create(name="别名", unit=cast.weifen.unit)[0].pk}


def _export_run(cast: Cast, visitor: User | None) -> dict[str, Any]:
    return {"pk": written_run(visitor or cast.weifen).pk}


def _urging_letter(cast: Cast, visitor: User | None) -> dict[str, Any]:
    unit = visitor.unit if visitor and visitor.unit else cast.weifen.unit
    duty = ObligationFactory(unit=unit)
    values = {"kind": "letter", "cycle_no": 1, "proposed_at": moment(dt.date(2022, 6, 24)), "granted": True}
    decided = {"decided_by": cast.sfj, "decided_at": moment(dt.date(2022, 6, 24))}
    return {"pk": Escalation.objects.create(obligation=duty, **values, **decided).pk}


def _closed_address(cast: Cast, _visitor: User | None) -> dict[str, Any]:
    made: dict[str, Any] = {
        "user": cast.weifen,
        "channel": "webhook",
        "address_digest": "x",
        "at": moment(dt.date(2022, 6, 20)),
    }
    return {"pk": Suppression.objects.get_or_create(**made, reason="manual")[0].pk}


def _delegation(cast: Cast, visitor: User | None) -> dict[str, Any]:
    user = visitor or cast.weifen
    other = cast.scj if user != cast.scj else cast.weifen
    days = {"from_on": dt.date(2022, 6, 20), "to_on": dt.date(2022, 6, 24)}
    row = Delegation.objects.create(user=user, stand_in=other, by=user, at=moment(days["from_on"]), **days)
    return {"pk": row.pk}


def _reference(make: Callable[[Cast], Any]) -> Sample:
    return lambda cast, _visitor: {"object_id": make(cast).pk}


REFERENCE = {
    "foundation_calendarday": lambda cast: CalendarDay.objects.get_or_create(date=dt.date(2022, 6, 3), kind="off")[0],
    "foundation_calendaryear": lambda cast: CalendarYear.objects.get_or_create(year=2022)[0],
    "liaisons_enforcementfield": lambda cast: EnforcementField.objects.get_or_create(code="walk", name="领域")[0],
    "liaisons_unit": lambda cast: cast.weifen.unit,
    "liaisons_unitalias": lambda cast: UnitAlias.objects.get_or_create(name="别名", unit=cast.weifen.unit)[0],
    "liaisons_unitgroup": lambda cast: UnitGroup.objects.get_or_create(code="walk", name="群组")[0],
}

DELETABLE = {"foundation_calendarday", "foundation_calendaryear", "liaisons_unitalias"}

SAMPLES: dict[str, Sample] = {
    "manual_chapter": lambda cast, visitor: {"slug": "unit"},
    "notice": _own_notice,
    "notice_acknowledge": _own_notice,
    "account": _account,
    "account_edit": _account,
    "account_disable": _account,
    "account_enable": _account,
    "account_reset_password": _account,
    **dict.fromkeys(("account_invite", "account_unlock", "account_reset_second_factor"), _account),
    "account_roles": _account,
    "role_revoke": _grant,
    "unit_contacts": _contacts,
    "roster_appoint": _contacts,
    "roster_confirm": _contacts,
    "post_edit": _post,
    "post_end": _post,
    "post_handover": _post,
    "handover_sheet": _post,
    "officer_edit": _officer,
    **bulletin_samples.SAMPLES,
    "export_take": lambda cast, visitor: {"slug": "wall"},
    **dict.fromkeys(("export_run", "export_run_file"), _export_run),
    **import_samples.SAMPLES,
    "obligation": _obligation,
    **dict.fromkeys(("review_filing", "review_begin", "review_accept", "review_return"), samples.a_filing),
    **dict.fromkeys(("proposal", "proposal_decide"), samples.a_proposal),
    **dict.fromkeys(("problem", "problem_assign", "problem_answer"), samples.a_problem),
    **dict.fromkeys(
        ("obligation_propose", "obligation_set_date", "obligation_mark", "obligation_on_behalf"), _obligation
    ),
    "obligation_comment": samples.a_led_duty,
    "obligation_urge": samples.a_led_duty,
    "month": samples.a_month,
    "task_figures": samples.a_led_task,
    **dict.fromkeys(("plan", "plan_amend", "plan_term", "plan_give"), plan_samples.a_plan),
    **dict.fromkeys(("plan_edit", "plan_delete", "plan_preview", "plan_issue", "task_new"), plan_samples.a_draft),
    "task": plan_samples.a_task,
    **dict.fromkeys(("task_edit", "task_delete", "milestone_new"), plan_samples.a_draft_task),
    **dict.fromkeys(("milestone_edit", "milestone_delete"), plan_samples.a_draft_milestone),
    "order_edit": plan_samples.an_order,
    **dict.fromkeys(("unit", "unit_edit", "unit_aliases", "unit_merge", "unit_dissolve"), _unit),
    **dict.fromkeys(("group", "group_edit", "group_join", "group_detach", "group_aliases"), _group),
    "group_leave": _member,
    "alias_remove": _alias,
    **unit_samples.SAMPLES,
    **case_url_samples.SAMPLES,
    **list_samples.SAMPLES,
    **review_samples.SAMPLES,
    "reminder_rule_edit": lambda cast, visitor: {"pk": ReminderRule.objects.get_or_create(code="walk")[0].pk},
    "escalation_letter": _urging_letter,
    "contact_of": _account,
    "contact_lift": _closed_address,
    "delegation_new_of": _account,
    "delegation_end": _delegation,
    **dict.fromkeys(("calendar_year", "calendar_mark", "calendar_confirm"), lambda cast, visitor: {"year": 2022}),
    "admin:app_list": lambda cast, visitor: {"app_label": "liaisons"},
    **{f"admin:{table}_change": _reference(make) for table, make in REFERENCE.items()},
    **{f"admin:{table}_delete": _reference(REFERENCE[table]) for table in sorted(DELETABLE)},
}

# Where it is not the unit alone that decides which rows one finds.
HIDDEN = {
    "plan": Hidden(opened_by=frozenset({P.EDIT_PLANS}), sample=plan_samples.a_draft),
    "task": Hidden(opened_by=frozenset({P.EDIT_PLANS}), sample=plan_samples.a_draft_task),
    **dict.fromkeys(("export_run", "export_run_file"), Hidden()),  # a person's own
    **dict.fromkeys(import_samples.OF_A_BATCH, Hidden()),  # the sender's own
    "delegation_end": Hidden(opened_by=frozenset({P.KEEP_ANY_CONTACTS})),
    "evidence": Hidden(),  # in a draft, which is its unit's alone
    **dict.fromkeys(list_samples.OF_AN_EDITION, Hidden(sample=list_samples.draft)),
    "obligation_comment": Hidden(opened_by=frozenset({P.REVIEW}), sample=unit_samples.a_duty),
    **dict.fromkeys(review_samples.HIDDEN, Hidden()),
    **dict.fromkeys(review_samples.HIDDEN_FROM_UNITS, Hidden(opened_by=frozenset({P.READ_ANY_FILING}))),
}

# What an address needs behind the question mark to be a page at all.
QUESTIONS = {"admin:autocomplete": "?app_label=liaisons&model_name=unitalias&field_name=unit&term="}
