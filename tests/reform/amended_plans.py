"""Plans in force and what an amendment is made to change in them, for the tests of both."""

from __future__ import annotations

import datetime as dt

from liaisons.models import User
from reform import amendments, issue, openings
from reform.changes import changes
from reform.models import Milestone, Obligation, Plan
from reform.states import State
from tests.cast import gather
from tests.factories import moment
from xingxian_portal.foundation.workdays import Workdays

ISSUED = moment(dt.date(2022, 4, 13), 15)
JUNE_20 = dt.date(2022, 6, 20)
AMENDED = moment(JUNE_20, 10)


def day(month, number):
    return dt.date(2022, month, number)


def person(username):
    return User.objects.get(username=username)


def issued(task):
    gather()
    issue.issue(task.plan, by=person("sfj"), at=ISSUED)
    return Plan.objects.get(pk=task.plan_id)


def drafted(plan, number="样例发〔2022〕99号", dated_on=JUNE_20):
    return amendments.draft_amendment(plan, document_number=number, dated_on=dated_on, by=person("sfj"))


def milestone_of(plan, code):
    return Milestone.objects.get(task__plan=plan, code=code)


def amended(plan, *edits, at=AMENDED):
    """Draft the next version, let each edit change it, bring it into force; give what the preview said it would do."""
    draft = drafted(plan)
    for edit in edits:
        edit(draft)
    draft = Plan.objects.get(pk=draft.pk)
    openings.open_occurrences(at)
    draft.issued_at = at
    shown = changes(draft, plan, at, Workdays.load())
    issue.issue(draft, by=person("sfj"), at=at)
    return shown


def counts(shown):
    return {
        "kept": len(shown.kept), "moved": len(shown.moved), "dropped": len(shown.dropped),
        "revived": len(shown.revived), "added": len(shown.added), "closed": shown.closed,
    }  # fmt: skip


def said(**some):
    return {"kept": 0, "moved": 0, "dropped": 0, "revived": 0, "added": 0, "closed": 0} | some


def set_limit(code, **values):
    return lambda plan: Milestone.objects.filter(task__plan=plan, code=code).update(**values)


def bind(code, *units):
    def edit(plan):
        milestone = milestone_of(plan, code)
        milestone.parties.all().delete()
        for position, unit in enumerate(units, 1):
            kind = "group" if hasattr(unit, "follows") else "unit"
            milestone.parties.create(**{kind: unit}, role="responsible", position=position)

    return edit


def close(row):
    Obligation.objects.filter(pk=row.pk).update(state=State.CLOSED, accepted_at=ISSUED)
