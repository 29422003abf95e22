"""Once loaded, the facts never overrule the county."""

import datetime as dt

from liaisons.models import GroupMember, Unit, UnitAlias
from reform import issue
from reform.models import Milestone, Plan
from tests.cast import gather
from tests.xingxian_portal.test_facts import counts, unit_row
from xingxian_portal import facts
from xingxian_portal.foundation.audit import AuditEntry


def milestone_row(code="33-extra"):
    fields = {"task": ["xsf-2022-10", "33"], "code": code, "title": "新增", "short_title": "新增", "kind": "undated"}
    return {"model": "reform.milestone", "fields": fields | {"quote": "务于4月15日前确定专人"}}


def test_a_second_loading_changes_nothing(county, db):
    before = counts()
    assert [(loading.created, loading.refused) for loading in facts.load_all()] == [(0, [])] * len(facts.FILES)
    assert counts() == before


def test_what_the_county_edited_ended_or_removed_stays_so(county, db):
    Unit.objects.filter(code="gaj").update(name="兴县公安局", confirmed=True)
    GroupMember.objects.filter(group__code="enforcement", unit__code="gaj").update(left_on=dt.date(2022, 5, 1))
    GroupMember.objects.filter(group__code="enforcement", unit__code="ycj").delete()
    UnitAlias.objects.filter(name="县市监局").delete()
    before = counts()
    facts.load_all()
    assert counts() == before
    assert Unit.objects.get(code="gaj").name == "兴县公安局"
    assert GroupMember.objects.get(group__code="enforcement", unit__code="gaj").left_on == dt.date(2022, 5, 1)


def test_a_later_release_brings_only_what_was_never_offered(county, db):
    Unit.objects.filter(code="dlgs").delete()
    loading = facts.load("units.json", [*facts.rows_of("units.json"), unit_row()])
    assert (loading.created, loading.refused) == (1, [])
    assert Unit.objects.filter(code="sgj").exists()
    assert not Unit.objects.filter(code="dlgs").exists()


def test_a_row_that_belongs_to_something_removed_is_refused(county, db):
    Plan.objects.all().delete()
    loading = facts.load("plan-2022-10.json", [milestone_row()])
    assert loading.refused == ['reform.milestone [["xsf-2022-10", "33"], "33-extra"]：它所属的单位、群组或方案已不在。']


def test_the_plan_comes_as_a_draft_of_the_bureau_ready_to_be_issued(county, db):
    plan = Plan.objects.get()
    assert (plan.state, plan.issuer.code, plan.issued_at, plan.issued_by) == (Plan.DRAFT, "sfj", None, None)
    assert (plan.dated_on, plan.term_ends_on) == (dt.date(2022, 4, 13), dt.date(2022, 12, 31))
    assert issue.problems(plan) == []


def test_a_draft_takes_new_rows_and_an_issued_plan_none(county, db):
    assert facts.load("plan-2022-10.json", [milestone_row("33-draft")]).created == 1
    Milestone.objects.get(code="33-draft").delete()
    issue.issue(Plan.objects.get(), by=gather().sfj)
    loading = facts.load("plan-2022-10.json", [milestone_row("33-late")])
    assert (loading.created, loading.kept, loading.refused) == (0, 1, [])


def test_a_loading_that_made_something_is_one_entry_of_the_audit_trail_a_file(county, db):
    facts.load_all()
    entries = AuditEntry.objects.filter(action="facts.load").order_by("pk")
    assert [entry.after for entry in entries] == [
        {"file": name, "created": len(facts.rows_of(name))} for name in facts.FILES
    ]
