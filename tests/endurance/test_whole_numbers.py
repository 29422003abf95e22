"""No page of the portal shows a whole telephone number by itself, to whomever it opens."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.urls import reverse

from liaisons.models import Appointment, Person, Unit
from tests.cast import client_of, gather
from tests.xingxian_portal.test_url_access import named
from tests.xingxian_portal.url_samples import QUESTIONS
from tests.xingxian_portal.url_walk import Door, Samples
from xingxian_portal.url_access import ACCESS, line_of

WHOLE = re.compile(r"138[ -]?0000[ -]?\d{4}")
LEAST_PAGES = 800


@pytest.fixture(scope="module")
def samples(standing) -> Samples:
    """Give the cast, with a leader and a liaison of every unit."""
    made, day = Samples(gather()), dt.date(2022, 4, 14)
    for unit in Unit.objects.all():
        for post in ("leader", "liaison"):
            person = Person.objects.create(name="样例人", phone=f"1380000{unit.pk:04}")
            Appointment.objects.create(unit=unit, person=person, post=post, from_on=day, confirmed_on=day)
    return made


def test_no_page_shows_a_whole_number_by_itself(samples, record_property):
    door, pages, shown = Door(), 0, set()
    for person in samples.cast:
        for name in named():
            access = ACCESS[line_of(name)]
            if access.admits(person) and not access.is_act:
                page = door.page(reverse(name, kwargs=samples.of(name, person)) + QUESTIONS.get(name, ""), person)
                pages += bool(page)
                shown |= {name} if WHOLE.search(page) else set()
    record_property("pages opened by every member of the cast, no whole number on any", pages)

    assert (shown, pages > LEAST_PAGES) == (set(), True)
    # The one that is asked for on purpose does: the search finds what it looks for.
    assert WHOLE.search(client_of(samples.cast.sfj).post(reverse("roster_phones")).content.decode())
