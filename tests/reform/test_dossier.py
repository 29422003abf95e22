"""What each person may see of one duty (rules: who opens a cell)."""

import pytest

from liaisons import roles
from reform import dossier
from reform.models import Evidence, Submission, SubmissionValue
from reform.rights import Sight
from tests.factories import (
    DataItemFactory,
    MilestoneFactory,
    ObligationFactory,
    TaskFactory,
    UnitFactory,
    UserFactory,
    moment,
)  # fmt: skip
from tests.reform.walls import TODAY, county, day, file, lead
from xingxian_portal.foundation.uploads import StoredFile

pytestmark = pytest.mark.django_db


@pytest.fixture
def row():
    lead_unit = UnitFactory(short_name="牵头局")
    milestone = MilestoneFactory(task=TaskFactory(leads=[lead_unit]))
    return ObligationFactory(milestone=milestone, filed=True)


def submission(row, number, state, text="情况", **fields):
    by = UserFactory(unit=row.unit, role=roles.LIAISON)
    filed = (
        {}
        if state in {"draft", "cosigning"}
        else {"filed_at": moment(day(6, 1)), "filed_by": by, "counted_on": day(6, 1)}
    )
    return Submission.objects.create(
        obligation=row,
        number=number,
        state=state,
        text=text,
        saved_at=moment(day(6, 1)),
        saved_by=by,
        **filed,
        **fields,
    )


def with_evidence(filing):
    item = DataItemFactory(milestone=filing.obligation.milestone)
    SubmissionValue.objects.create(submission=filing, item=item, text="12", number=12)
    stored = StoredFile.objects.create(
        original_name="照片.jpg",
        kind="jpg",
        size=10,
        sha256="0" * 64,
        path=f"{filing.pk}",
        uploaded_at=moment(day(6, 1)),
    )
    Evidence.objects.create(submission=filing, file=stored)


def seen_by(row, **who):
    return dossier.of(UserFactory(**who), row, TODAY)


@pytest.fixture
def filed(row):
    for number, state in enumerate(["withdrawn", "voided", "returned", "accepted", "draft"], 1):
        filing = submission(row, number, state)
        with_evidence(filing)
    return row


def states(shown):
    return [filing.state for filing in shown.filings]


def test_the_bureau_sees_what_was_filed_and_the_evidence_but_no_draft(filed):
    shown = seen_by(filed, role=roles.OFFICER)
    assert shown.sight == Sight.FILED
    assert states(shown) == ["accepted", "returned", "voided"]
    assert [[e.file.original_name for e in filing.evidence.all()] for filing in shown.filings] == [["照片.jpg"]] * 3
    assert shown.happenings


def test_the_unit_sees_its_drafts_too(filed):
    shown = seen_by(filed, unit=filed.unit, role=roles.LIAISON)
    assert states(shown) == ["draft", "accepted", "returned", "voided", "withdrawn"]


def test_a_lead_sees_what_was_filed_for_its_task(filed):
    unit = filed.milestone.task.parties.get().unit
    assert states(seen_by(filed, unit=unit, role=roles.LIAISON)) == ["accepted", "returned", "voided"]


def test_the_county_leader_sees_text_and_dates_but_no_attachment(filed):
    shown = seen_by(filed, unit=None, role=roles.COUNTY_LEADER)
    assert states(shown) == ["accepted", "returned", "voided"]
    assert [list(filing.evidence.all()) for filing in shown.filings] == [[], [], []]
    assert [value.text for value in shown.filings[0].values.all()] == ["12"]
    assert shown.shows_dates


@pytest.mark.parametrize("role", [roles.LIAISON, roles.UNIT_LEADER, roles.SYSTEM_ADMIN, roles.REVIEWER])
def test_others_see_the_light_and_the_sentence_alone(filed, role):
    shown = seen_by(filed, unit=UnitFactory(), role=role)
    assert shown.sight == Sight.LIGHT
    assert (shown.filings, shown.happenings, shown.proposals, shown.steps) == ([], [], [], [])
    assert shown.lit.light == "review"
    assert "".join(text for text, _ in shown.sentence) == filed.milestone.task.quote


def test_what_waits_for_the_leaders_signature_is_the_units_own(row):
    submission(row, 1, "cosigning")
    assert seen_by(row, role=roles.OFFICER).filings == []
    assert states(seen_by(row, unit=row.unit, role=roles.UNIT_LEADER)) == ["cosigning"]


def test_the_history_says_what_became_of_the_date(row):
    here = county()
    listed = here.row(here.fen, "list")
    lead(listed, "extend", "awaiting", day(4, 20), due_on=day(5, 15))
    file(listed, day(5, 10))
    shown = dossier.of(here.officer, here.row(here.fen, "list"), TODAY)
    assert [(h.move.verb, h.moved_date, h.due_before) for h in shown.happenings] == [
        ("file", False, day(5, 15)), ("extend", True, day(4, 30)), ("open", False, None),
    ]  # fmt: skip


def test_the_light_is_that_of_the_wall_for_every_duty():
    from tests.reform.walls import cells, grid

    here = county()
    file(here.row(here.fen, "report", "2022-04"), day(4, 22))
    for cell in cells(grid()).values():
        if cell.pk:
            row = here.row(cell.unit, *cell.column.key)
            assert dossier.of(here.officer, row, TODAY).lit.light == cell.light


def test_whom_nobody_confirmed_is_said(row):
    shown = seen_by(row)
    assert not shown.unconfirmed
    row.milestone.confirmed = False
    assert seen_by(row).unconfirmed
