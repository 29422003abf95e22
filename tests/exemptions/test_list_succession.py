"""What a merged unit had begun of a list is not lost: the successor takes it into its own, and the duty goes with it."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from exemptions import editions, items, list_duties, list_succession, publication, recording
from exemptions.condition_words import several
from exemptions.edition_moves import MoveRefused
from exemptions.edition_states import State
from exemptions.models import Edition, ExemptionList, Item
from liaisons import roles
from liaisons.models import Unit
from reform import mergers
from reform.models import Milestone, Obligation
from reform.rights import Denied
from reform.states import State as Duty
from tests.cast import account, client_of
from tests.exemptions.factories import EditionFactory, ItemFactory, ListFactory
from tests.exemptions.samples import PDF
from tests.factories import MilestoneFactory, ObligationFactory, UnitFactory, moment
from xingxian_portal.foundation.refusal import Refused

MAY_20, JUNE_1, JUNE_2 = (moment(dt.date(2022, *day), 10) for day in ((5, 20), (6, 1), (6, 2)))
PRICE: dict[str, Any] = {"conduct": "未按规定明码标价", "kind": Item.FIRST, "penalty": "《价格法》第四十二条"}


@pytest.fixture
def gone(cast):
    """Give 县甲局, to be merged into 县市场局."""
    return UnitFactory(name="兴县甲局", short_name="县甲局")


@pytest.fixture
def jia(gone):
    return account("jia", "甲联络", gone, roles.LIAISON)


def now(row):
    return type(row).objects.get(pk=row.pk)


def merge(cast, unit: Unit) -> Unit:
    mergers.merge_unit(unit, cast.scj.unit, on=JUNE_1.date(), by=cast.admin, at=JUNE_1)
    return now(unit)


def draft_of(unit: Unit, by, kind: str = ExemptionList.EXEMPTION) -> Edition:
    edition = editions.begin(unit, kind, by=by, at=MAY_20)
    if kind == ExemptionList.EXEMPTION:
        editions.write_head(edition, by=by, lookback_months=24, lookback_scope="同一行为", at=MAY_20)
        items.add(edition, by=by, authority=unit.name, code="A-1", conditions=several("及时改正"), at=MAY_20, **PRICE)
    return edition


def bring_over(cast, edition: Edition) -> tuple[Edition, int]:
    return list_succession.bring_over(edition, by=cast.scj, at=JUNE_2)


def test_a_draft_joins_the_successors_draft_and_is_given_up(cast, gone, jia):
    held = EditionFactory(exemption_list=ListFactory(unit=gone), in_force=True)
    ItemFactory(edition=held, code="A-9", conduct="别的行为")
    work = draft_of(gone, jia)
    own = editions.begin(cast.scj.unit, ExemptionList.EXEMPTION, by=cast.scj, at=MAY_20)
    items.add(own, by=cast.scj, code="A-1", conditions=several("及时改正"), **PRICE | {"kind": Item.MINOR})
    items.add(own, by=cast.scj, code="A-2", conditions=several("及时改正"), **PRICE | {"conduct": "别的行为"})
    work.items.filter(code="A-1").update(review_note="写明货值")
    merge(cast, gone)
    with pytest.raises(MoveRefused, match="请在县市场局的清单里起草、报送"):
        editions.file(work, by=cast.scj, at=JUNE_2)
    draft, count = bring_over(cast, work)
    assert (draft, count) == (own, 1)  # 别的行为 stood there already
    moved = draft.items.get(position=3)
    assert (moved.conduct, moved.authority, moved.review_note) == (PRICE["conduct"], "县市场监督管理局", "写明货值")
    assert (moved.lookback_months, moved.lookback_scope, moved.code != "A-1") == (24, "同一行为", True)
    assert [str(basis) for basis in moved.penalty] == ["《价格法》第四十二条"]
    assert (now(work).state, work.moves.last().note, now(held).state) == (State.DROPPED, f"并入{own}", State.PUBLISHED)
    with pytest.raises(MoveRefused, match="已放弃"):
        bring_over(cast, work)


def test_a_list_in_force_is_copied_once_and_holds_on(cast, gone):
    held = EditionFactory(exemption_list=ListFactory(unit=gone), in_force=True)
    ItemFactory(edition=held)
    merge(cast, gone)
    draft, count = bring_over(cast, held)
    assert (draft.exemption_list.unit, draft.number, draft.state, count) == (cast.scj.unit, 1, State.DRAFT, 1)
    assert bring_over(cast, held) == (draft, 0)
    assert now(held).in_force_on(JUNE_2.date())
    assert editions.file(draft, by=cast.scj, at=JUNE_2).state == State.FILED
    with pytest.raises(MoveRefused, match=r"待审核.*请先撤回"):
        bring_over(cast, held)


@pytest.fixture
def duty(gone) -> Obligation:
    milestone = MilestoneFactory(deliverable=Milestone.EXEMPTION_LIST, due_on=dt.date(2022, 5, 31))
    return ObligationFactory(milestone=milestone, unit=gone)


def test_what_was_filed_is_sent_back_and_filed_by_the_successor_in_good_time(cast, gone, jia, duty):
    work = editions.file(draft_of(gone, jia), by=jia, at=MAY_20)
    merge(cast, gone)
    assert list_duties.review_address(now(duty)) == f"/exemptions/editions/{work.pk}/review/"
    with pytest.raises(MoveRefused, match="请在县市场局的清单里起草、报送"):
        recording.record(work, by=cast.sfj, number="样例1号", at=JUNE_1)
    recording.send_back(work, by=cast.sfj, reason="请并入本单位清单", mend_by=dt.date(2022, 6, 10), at=JUNE_1)
    assert (now(duty).unit, now(duty).state) == (cast.scj.unit, Duty.DOING)
    card = list_duties.card(cast.scj.unit, JUNE_1.date())
    assert [(row.name, row.standing) for row in card.rows] == [("县甲局包容免罚清单第1版", "待并入本单位清单")]
    draft, _ = bring_over(cast, work)
    editions.file(draft, by=cast.scj, at=JUNE_2)
    assert (now(duty).state, now(duty).first_filed_on) == (Duty.REVIEW, MAY_20.date())
    recording.record(draft, by=cast.sfj, number="样例1号", at=JUNE_2)
    publication.publish(now(draft), by=cast.scj, effective_from=JUNE_2.date(), at=JUNE_2)
    assert now(duty).state == Duty.CLOSED


def test_what_was_on_record_is_published_under_its_name_and_closes_the_duty(cast, gone, jia, duty):
    work = editions.file(draft_of(gone, jia), by=jia, at=MAY_20)
    recording.record(work, by=cast.sfj, number="样例1号", at=MAY_20)
    merge(cast, gone)
    publication.publish(now(work), by=cast.scj, effective_from=JUNE_2.date(), at=JUNE_2)
    assert (now(duty).unit, now(duty).state) == (cast.scj.unit, Duty.CLOSED)


def test_a_list_kept_as_a_file_brings_its_file_where_there_is_none(cast, gone, jia):
    work = draft_of(gone, jia, ExemptionList.DISCRETION)
    editions.attach(work, SimpleUploadedFile("裁量基准.pdf", PDF), by=jia)
    editions.write_head(work, by=jia, stated_count=12)
    bare = draft_of(gone, jia, ExemptionList.ITEM_LIST)
    merge(cast, gone)
    draft, count = bring_over(cast, work)
    assert (draft.file, draft.stated_count, count, now(work).state) == (now(work).file, 12, 12, State.DROPPED)
    with pytest.raises(Refused, match="请把县甲局的事项合并进文件"):
        bring_over(cast, bare)
    assert now(bare).state == State.DRAFT


def test_only_the_successor_takes_over_and_only_from_a_unit_that_is_no_more(cast, gone, jia):
    work = draft_of(gone, jia)
    with pytest.raises(MoveRefused, match="不能并入"):
        list_succession.bring_over(work, by=jia)
    merge(cast, gone)
    for somebody in (cast.weifen, cast.sfj, cast.weifenld):
        with pytest.raises(Denied):
            list_succession.bring_over(work, by=somebody)


def test_the_page_offers_it_and_leads_to_the_draft(cast, gone, jia):
    work = draft_of(gone, jia)
    merge(cast, gone)
    at, client = f"/exemptions/editions/{work.pk}/", client_of(cast.scj)
    page = client.get(at).content.decode()
    assert "并入本单位清单" in page
    assert "报送备案" not in page
    answer = client.post(f"{at}bring-over/", follow=True)
    assert answer.redirect_chain[-1][0] == f"/exemptions/editions/{Edition.objects.latest('pk').pk}/"
    assert "已并入本单位清单的草稿" in answer.content.decode()
    assert client_of(cast.weifen).post(f"{at}bring-over/").status_code == 404
    again = client.post(f"{at}bring-over/", follow=True)
    assert "不能并入" in again.content.decode()
