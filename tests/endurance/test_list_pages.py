"""Pages of lists and cases with many rows: as many queries as for one, and lists of the greatest size go all the way."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from exemptions import editions, public_index, publication, recording
from exemptions.edition_states import State
from exemptions.models import Edition, LegalBasis, PublicEntry
from liaisons.models import User
from tests.cast import client_of
from tests.exemptions import many
from tests.exemptions.case_samples import code, decided
from tests.exemptions.factories import BasisFactory, EditionFactory, ItemFactory, ListFactory
from tests.factories import moment
from xingxian_portal.foundation import clock

MONDAY = dt.date(2022, 6, 20)
AT = moment(MONDAY, 9)


@pytest.fixture(autouse=True)
def _held(db):
    clock.start_demo(AT)


def queries(user: User | None, address: str) -> int:
    client = client_of(user)
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address).status_code == 200
    return len(asked)


def grow(cast, lapsed: LegalBasis, count: int, start: int) -> None:
    """Lay `count` rows more under every page: units with lists, items, cases, provisions."""
    mine = Edition.objects.get(exemption_list__unit=cast.scj.unit, state=State.PUBLISHED)
    work = Edition.objects.get(exemption_list__unit=cast.scj.unit, state=State.FILED)
    for place in range(start, start + count):
        held = EditionFactory(exemption_list=ListFactory(), in_force=True)
        for edition, name in ((held, "同一行为"), (mine, f"行为{place}"), (work, f"行为{place}改")):
            ItemFactory(
                edition=edition,
                code=f"N-{place}",
                conduct=name,
                penalty=[lapsed, BasisFactory()],
                broken=BasisFactory(),
            )
        public_index.enter(held, MONDAY)
        EditionFactory(exemption_list=ListFactory(), filed=True)
        decided(cast.scj, credit_code=code(place), at=AT, number=f"案{place}")


def test_pages_ask_the_database_as_often_for_one_row_as_for_many(cast):
    listed, lapsed = ListFactory(unit=cast.scj.unit), BasisFactory(status="amended", changed_on=MONDAY)
    held = EditionFactory(exemption_list=listed, in_force=True)
    work = EditionFactory(exemption_list=listed, number=2, filed=True, based_on=held)
    grow(cast, lapsed, 1, start=1)
    at, case = "/exemptions/editions", decided(cast.scj, credit_code=code(99), at=AT, number="首")
    pages = [
        (cast.sfj, "/exemptions/"), (cast.scj, "/exemptions/"), (cast.scj, f"{at}/{work.pk}/"), (cast.sfj, f"{at}/{work.pk}/review/"),
        (cast.scj, f"{at}/{work.pk}/compare/"), (cast.sfj, "/exemptions/in-force/"), (cast.sfj, "/exemptions/overlaps/"),
        (cast.sfj, "/exemptions/adjustments/"), (cast.sfj, "/legal-bases/"), (cast.scj, "/exemptions/cases/"),
        (cast.sfj, "/exemptions/cases/"), (cast.scj, case.link), (cast.sfj, "/exemptions/cases/figures/"), (None, "/public/"),
        (None, "/public/?words=同一行为"), (None, "/public/lists/"), (None, "/public/data.json"),
        (None, f"/public/items/{held.items.first().pk}/"), (None, "/public/data.csv"), (None, "/public/data.xlsx"),
    ]  # fmt: skip
    for page in pages:
        queries(*page)  # what is asked once for the process is no row's doing
    few = {(str(user), address): queries(user, address) for user, address in pages}
    grow(cast, lapsed, 3, start=2)
    assert {(str(user), address): queries(user, address) for user, address in pages} == few
    assert max(few.values()) <= 25, few


def test_a_list_of_three_hundred_items_is_shown_compared_printed_and_filed(cast):
    listed = ListFactory(unit=cast.scj.unit)
    held = EditionFactory(exemption_list=listed, in_force=True)
    draft = EditionFactory(exemption_list=listed, number=2, based_on=held)
    many.items(draft, 300)
    page = client_of(cast.scj).get(f"/exemptions/editions/{draft.pk}/").content.decode()
    assert ("事项（300 项）" in page, page.count('<li id="item-')) == (True, 300)
    assert "新增 300 项" in client_of(cast.scj).get(f"/exemptions/editions/{draft.pk}/compare/").content.decode()
    assert client_of(cast.scj).get(f"/exemptions/editions/{draft.pk}/annex.xlsx").status_code == 200
    editions.file(draft, by=cast.scj, at=AT)
    recording.record(draft, by=cast.sfj, number="备300", at=AT)
    publication.publish(draft, by=cast.scj, effective_from=MONDAY, at=AT)
    assert PublicEntry.objects.count() == 300
    assert client_of(None).get("/public/?words=样例行为299").content.decode().count("<article") == 1
