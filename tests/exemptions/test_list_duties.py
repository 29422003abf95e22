"""A list is the duty: neither a text of the unit's, nor one the bureau enters, nor the desk closes it around the list."""

from __future__ import annotations

import datetime as dt

import pytest

from exemptions import list_duties
from exemptions.edition_states import State as ListState
from exemptions.models import ExemptionList
from reform import drafts, filing, review
from reform.models import Milestone, Submission
from reform.moves import MoveRefused
from reform.states import State
from tests.cast import client_of
from tests.exemptions.factories import EditionFactory, ListFactory
from tests.factories import MilestoneFactory, ObligationFactory, moment

MAY_20, MAY_25 = moment(dt.date(2022, 5, 20), 10), moment(dt.date(2022, 5, 25), 10)
KINDS = [kind for kind, _ in ExemptionList.FILED_KINDS]


@pytest.fixture(params=KINDS)
def duty(request, cast):
    assert request.param in (Milestone.EXEMPTION_LIST, Milestone.ITEM_LIST, Milestone.DISCRETION)
    milestone = MilestoneFactory(deliverable=request.param, due_on=dt.date(2022, 5, 31))
    return ObligationFactory(milestone=milestone, unit=cast.scj.unit, opened_at=moment(dt.date(2022, 4, 1)))


def now(row):
    return type(row).objects.get(pk=row.pk)


def test_the_unit_files_no_text_in_place_of_a_list(cast, duty):
    drafts.save(duty, by=cast.scj, text="清单已报", values={}, at=MAY_20)
    with pytest.raises(MoveRefused, match="以清单报送"):
        filing.file(duty, by=cast.scj, at=MAY_20)
    answer = client_of(cast.scj).post(f"/obligations/{duty.pk}/file/", {"text": "清单已报"}, follow=True)
    assert "以清单报送" in answer.content.decode()
    assert (now(duty).state, now(duty).first_filed_on) == (duty.state, None)


def test_what_the_bureau_entered_from_paper_starts_the_clock_and_closes_nothing(cast, duty):
    filing.file_on_behalf(duty, by=cast.sfj, received_on=MAY_20.date(), text="纸质清单收到。", at=MAY_25)
    assert (now(duty).state, now(duty).first_filed_on) == (State.REVIEW, MAY_20.date())
    with pytest.raises(MoveRefused, match="还没有备案并公布"):
        review.accept(now(duty), by=cast.sfjld, at=MAY_25)
    assert [str(one.refused) for one in review.accept_many([(now(duty), duty.submissions.get().pk)], by=cast.sfjld)]
    assert (now(duty).state, duty.submissions.get().state) == (State.REVIEW, Submission.FILED)


def test_a_list_that_is_on_record_and_published_already_lets_the_desk_close(cast, duty):
    row = ListFactory(unit=cast.scj.unit, kind=duty.milestone.deliverable)
    edition = EditionFactory(exemption_list=row, recorded=True)
    filing.file_on_behalf(duty, by=cast.sfj, received_on=MAY_20.date(), text="清单早已公布。", at=MAY_25)
    assert list_duties.review_address(duty) == f"/exemptions/editions/{edition.pk}/"
    with pytest.raises(MoveRefused):
        review.accept(now(duty), by=cast.sfjld, at=MAY_25)
    edition.state, edition.published_at, edition.published_by = ListState.PUBLISHED, MAY_25, cast.scj
    edition.effective_from = MAY_25.date()
    edition.save()
    review.accept(now(duty), by=cast.sfjld, at=MAY_25)
    assert now(duty).state == State.CLOSED
