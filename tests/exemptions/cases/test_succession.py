"""Cases and lists of a unit that was merged: open cases move on, what was decided stays, the successor keeps both."""

from __future__ import annotations

import datetime as dt

import pytest

from exemptions import editions, list_shelf, publication
from exemptions.cases import correction, deciding, first_offence, items, recording
from exemptions.cases.states import Verb
from exemptions.edition_moves import MoveRefused
from exemptions.models import Edition, ExemptionCase, ExemptionList
from liaisons import roles
from liaisons.models import Officer
from reform import mergers
from reform.rights import Denied
from tests.cast import account, client_of
from tests.exemptions.case_samples import AT, JUNE_1, JUNE_20, decided, facts, item, officers, ordered, recorded
from tests.factories import UnitFactory


@pytest.fixture
def gone(cast):
    """Give 县甲局, merged into 县市场局, with a case of each kind."""
    unit = UnitFactory(name="兴县甲局", short_name="县甲局")
    by = account("jia", "甲联络", unit, roles.LIAISON)
    listed = item(unit)
    done, open_one = decided(by), ordered(by, item=listed)
    mergers.merge_unit(unit, cast.scj.unit, on=JUNE_20, by=cast.admin, at=AT)
    unit.refresh_from_db()
    return {"unit": unit, "by": by, "done": done, "open": open_one, "item": listed}


def now(row):
    return type(row).objects.get(pk=row.pk)


def test_open_cases_move_to_the_successor_and_decided_ones_stay(cast, gone):
    moved, stayed = now(gone["open"]), now(gone["done"])
    assert (moved.unit, moved.original_unit, moved.number) == (cast.scj.unit, gone["unit"], gone["open"].number)
    assert (moved.moves.last().verb, moved.moves.last().note) == (Verb.HAND_OVER, "兴县甲局并入县市场监督管理局")
    assert (stayed.unit, stayed.original_unit) == (gone["unit"], None)
    assert Officer.objects.filter(unit=cast.scj.unit).count() == 2


def test_a_number_that_the_successor_has_used_names_the_former_unit(cast):
    unit = UnitFactory(name="兴县乙局", short_name="县乙局")
    by = account("yi", "乙联络", unit, roles.LIAISON)
    mine, theirs = recorded(cast.scj), recorded(by)
    assert mine.number == theirs.number
    mergers.merge_unit(unit, cast.scj.unit, on=JUNE_20, by=cast.admin, at=AT)
    assert now(theirs).number == f"{mine.number}（原县乙局）"
    assert recorded(cast.scj).number == "2022-002"


def test_the_successor_goes_on_with_the_case_in_its_own_numbers(cast, gone):
    case = now(gone["open"])
    correction.recheck(case, rechecked_on=JUNE_20, result="in_time", findings="已改", by=cast.scj, at=AT)
    deciding.serve(gone["done"], served_on=JUNE_20, served_how="直接送达", by=cast.scj, at=AT)
    again = correction.order(
        recorded(cast.scj, item=gone["item"]), ordered_on=JUNE_20, correct_by=JUNE_20, demands="改", by=cast.scj, at=AT
    )
    assert str(again.orders.get()) == "县市场局责改通〔2022〕1号"
    assert items.held_on(gone["item"], cast.scj.unit, JUNE_1)
    page = client_of(cast.scj).get(case.link).content.decode()
    assert "（原县甲局案件）" in page
    with pytest.raises(Denied):
        deciding.make_void(gone["done"], reason="错", by=cast.weifen, at=AT)
    assert set(ExemptionCase.objects.visible_to(cast.weifen)) == set()
    assert {gone["done"], case} <= set(ExemptionCase.objects.visible_to(cast.scj))


def test_the_figures_add_up_what_the_list_shows(cast, gone):
    page = client_of(cast.scj).get("/exemptions/cases/figures/?since=2022-06-01&until=2022-06-20").content.decode()
    link = page.split('href="/exemptions/cases/?')[1].split('"')[0].replace("&amp;", "&")
    assert f"?{link}".replace("&", "&amp;") + '">1</a>' in page
    assert gone["done"].link in client_of(cast.scj).get(f"/exemptions/cases/?{link}").content.decode()


def test_a_first_offence_check_names_who_answers_now(cast, gone):
    case = ordered(cast.weifen, credit_code=gone["done"].credit_code)
    said = first_offence.said(first_offence.check(case, by=cast.weifen, at=AT))
    assert set(said.removeprefix("有疑似记录，请询").split("、")) == {"县市场局", "县市场局（原县甲局）"}


def test_the_list_of_a_merged_unit_holds_until_the_successor_abolishes_it(cast, gone):
    edition = Edition.objects.get(exemption_list__unit=gone["unit"])
    shelves = [(shelf.unit.short_name, shelf.kind) for shelf in list_shelf.of_units(cast.scj)]
    assert shelves[3:] == [("县甲局", ExemptionList.EXEMPTION)]
    page = client_of(cast.scj).get("/exemptions/").content.decode()
    assert "兴县甲局（已并入县市场局）" in page
    assert f"/units/{gone['unit'].pk}/" not in page
    with pytest.raises(MoveRefused, match="请在县市场局的清单里起草"):
        editions.begin(gone["unit"], ExemptionList.EXEMPTION, by=cast.scj, at=AT)
    publication.abolish(edition, by=cast.scj, until=dt.date(2022, 7, 1), reason="并入新版", at=AT)
    assert not items.held_on(now(gone["item"]), cast.scj.unit, dt.date(2022, 7, 1))


def test_a_list_is_followed_through_two_mergers(cast, gone):
    last = UnitFactory(name="兴县丁局", short_name="县丁局")
    mergers.merge_unit(cast.scj.unit, last, on=JUNE_20, by=cast.admin, at=AT)
    listed = now(gone["item"])
    assert items.held_on(listed, last, JUNE_1)
    assert set(items.in_force_on(last, JUNE_1)) == {listed}
    assert not items.held_on(listed, cast.weifen.unit, JUNE_1)


def test_cases_of_a_dissolved_unit_stay_and_the_bureau_reads_them(cast):
    unit = UnitFactory(name="兴县丙局", short_name="县丙局")
    by = account("bing", "丙联络", unit, roles.LIAISON)
    case = recording.record(unit, facts(), officers=officers(unit), by=by, at=AT)
    open_one = ordered(by)
    mergers.dissolve_unit(unit, on=JUNE_20, reason="撤销", by=cast.admin, at=AT)
    assert now(case).unit == unit
    assert set(ExemptionCase.objects.visible_to(cast.sfj)) == {open_one}
