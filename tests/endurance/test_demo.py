"""The demo's story: it walks in through the verbs, comes out the same each time, and shows the rules it is there for."""

from __future__ import annotations

import datetime as dt
from collections import Counter

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from exemptions import adjustments, overlaps
from exemptions.cases import items
from exemptions.cases.kinds import Decision
from exemptions.cases.states import State
from exemptions.models import Edition, ExemptionCase, ExemptionList, Pilot, PilotProgress, PublicEntry
from liaisons.models import Notice, Officer, Person, User
from reform.case_review import drawing, outcomes, scores
from reform.case_review.outcomes import Standing
from reform.lights import Day, Facts, Light
from reform.models import Bulletin, Move, Obligation, Plan, Proposal, ReviewRound, Stage, Submission
from reform.states import CONTINUOUS
from xingxian_portal.demo import cases, exemption_lists
from xingxian_portal.foundation import clock
from xingxian_portal.foundation.audit import AuditEntry
from xingxian_portal.foundation.workdays import Workdays

pytestmark = pytest.mark.django_db
MONDAY = dt.date(2022, 6, 20)


@pytest.fixture(scope="module")
def demo(county: None) -> None:
    """Play the whole story once; takes some seconds."""
    call_command("play_demo", verbosity=0)


def light(unit: str, milestone: str, occurrence: str = "once") -> Light:
    """Give the light of an obligation on the demo's Monday."""
    row = cases.find("xsf-2022-10", cases.Key(unit, milestone, occurrence))
    return Day(MONDAY, Workdays.load()).light(Facts(row.state, row.due_on, row.mend_by, row.first_filed_on))


def test_the_demo_shows_what_it_is_there_for(demo: None) -> None:
    now = clock.now()
    assert (now.date(), now.hour, now.minute) == (MONDAY, 8, 30)
    assert Plan.objects.get(code="xsf-2022-10").state == Plan.ISSUED
    shown = {name: light(*name) for name in [*cases.OVERDUE, *cases.LATE]}
    assert {shown[name] for name in cases.OVERDUE} == {Light.OVERDUE}
    assert {shown[name] for name in cases.LATE} <= {Light.LATE_CLOSED, Light.REVIEW}
    assert light("141123100", "214-agency-set-up") == Light.CLOSED
    assert light("141123100", "33-monthly-report", "2022-06") == Light.SOON
    assert light("141123202", "211-staffing") == Light.OVERDUE  # returned, and the day for mending is past
    assert light("xfdd", "33-monthly-report", "2022-04") == Light.EXCUSED
    assert Proposal.objects.filter(granted=None, kind=Proposal.EXTENSION).count() == 2
    assert Submission.objects.filter(filed_on_behalf=True).count() == 1


def test_lists_stand_in_every_state(demo: None) -> None:
    rows = Edition.objects.exclude(exemption_list__kind=ExemptionList.EXAMPLES)
    states = Counter(rows.values_list("state", flat=True))
    assert set(states) >= {"published", "abolished", "recorded", "filed", "mending"}
    assert states["published"] > 50
    kinds = Edition.objects.in_force_on(MONDAY).values_list("exemption_list__kind", flat=True)
    assert set(kinds) == {"exemption_list", "item_list", "discretion"}
    assert {light(told.unit, "221-exemption-list") for told in exemption_lists.LISTS if told.published} == {
        Light.CLOSED
    }
    assert light("zjj", "221-exemption-list") == light("yjj", "221-exemption-list") == Light.REVIEW
    assert PublicEntry.objects.on(MONDAY).count() > 25
    assert adjustments.worklist(MONDAY).count() >= 1
    assert overlaps.in_force(MONDAY)


def test_a_duty_of_a_list_is_closed_by_its_list_alone(demo: None) -> None:
    kinds = [kind for kind, _ in ExemptionList.FILED_KINDS]
    closed = Obligation.objects.filter(milestone__deliverable__in=kinds, state="closed")
    listed = set(Edition.objects.in_force_on(MONDAY).values_list("exemption_list__unit", "exemption_list__kind"))
    assert {(row.unit_id, row.milestone.deliverable) for row in closed.select_related("milestone")} <= listed


def test_cases_cite_what_was_in_force_on_their_day(demo: None) -> None:
    rows = ExemptionCase.objects.select_related("item__edition__exemption_list", "unit")
    citing = [(case, case.item) for case in rows if case.item]
    assert len(citing) >= 15
    assert all(items.held_on(item, case.unit, case.discovered_on) for case, item in citing)
    assert {item.edition.number for _, item in citing} == {1, 2}


def test_every_light_is_on_the_demo_wall(demo: None) -> None:
    day = Day(MONDAY, Workdays.load())
    rows = Obligation.objects.exclude(state__in=CONTINUOUS)
    lights = Counter(day.light(Facts(r.state, r.due_on, r.mend_by, r.first_filed_on)) for r in rows)
    assert set(lights) == set(Light)


def test_nothing_in_the_demo_happens_after_its_now(demo: None) -> None:
    assert not Move.objects.filter(at__gt=clock.now()).exists()
    assert {"sfj", "sfjld", "admin", "anquan", "audit", "weifen", "scj", "lingdao"} <= set(
        User.objects.values_list("username", flat=True)
    )
    assert not [user for user in User.objects.all() if user.has_usable_password()]


def test_half_a_year_of_work_leaves_a_trail_that_names_nobody_and_notices_that_do_not(demo: None) -> None:
    names = {name for table in (User, Person, Officer) for name in table.objects.values_list("name", flat=True)}
    trail = [f"{row}" for row in AuditEntry.objects.values_list("action", "before", "after", "note")]
    told = [f"{row}" for row in Notice.objects.values_list("title", "body")]
    assert (len(names) > 50, len(trail) > 500, len(told) > 50) == (True, True, True)
    assert [row for row in trail + told if any(name in row for name in names)] == []


def test_playing_twice_changes_nothing(demo: None) -> None:
    moves = Move.objects.count()
    call_command("play_demo", verbosity=0)
    assert Move.objects.count() == moves


def test_a_database_with_real_work_takes_no_demo(demo: None) -> None:
    clock.ClockAnchor.objects.all().delete()
    with pytest.raises(CommandError, match="真实的承办事项"):
        call_command("play_demo", verbosity=0)


def test_the_demo_has_cases_in_every_state_and_pilots_with_progress(demo: None) -> None:
    states = Counter(ExemptionCase.objects.values_list("state", flat=True))
    assert set(states) == set(State)
    assert 28 <= sum(states.values()) <= 35
    assert set(ExemptionCase.objects.exclude(decision="").values_list("decision", flat=True)) >= {
        Decision.NO_PENALTY, Decision.NO_FINE, Decision.LIGHTER, Decision.TRANSFER,
    }  # fmt: skip
    assert ExemptionCase.objects.overdue(MONDAY).filter(unit__code=cases.WEIFEN).exists()
    assert Pilot.objects.filter(unit__code="scj").count() == 3
    assert PilotProgress.objects.exists()


def test_the_demo_has_a_finished_practice_round_and_one_in_scoring(demo: None) -> None:
    practice, current = ReviewRound.objects.order_by("created_at")
    standings = Counter(one.standing for one in outcomes.of_round(current))

    assert (practice.stage, practice.is_practice, current.stage) == (Stage.PUBLISHED, True, Stage.SCORING)
    assert (practice.drawn.count(), current.drawn.count(), len(current.population)) == (12, 20, 50)
    assert {Standing.SCORING, Standing.JOINT, Standing.THIRD, Standing.DONE} <= set(standings)
    assert [row.rectification.obligation.state for row in practice.drawn.filter(rectification__isnull=False)] == [
        "closed"
    ]
    assert practice.drawn.filter(objections__upheld=True).count() == 1
    found = outcomes.of_round(practice)
    assert {one.grade for one in found} == set(scores.GRADES)
    assert sum(len(one.sheets) > 2 for one in found) >= 1
    assert drawing.holds(practice)
    assert drawing.holds(current)


def test_the_demo_has_the_issued_bulletin_of_may(demo: None) -> None:
    bulletin = Bulletin.objects.get(issued_by__username="sfjld")

    assert (bulletin.month, bulletin.state, bulletin.number) == ("2022-05", Bulletin.ISSUED, "兴司通〔2022〕3号")
    assert "请于5月27日前补报" in bulletin.text
    kinds = Counter(bulletin.files.values_list("kind", flat=True))
    assert kinds["summary"] == kinds["document"] == 1
    assert kinds["feedback"] > 30
