"""What the tests of the bureau's pages have in common: the noon of 20 June 2022, and how a page is asked for."""

from __future__ import annotations

from django.contrib.messages import get_messages
from django.db import connection
from django.test.utils import CaptureQueriesContext

from liaisons.models import User
from tests.cast import client_of
from tests.factories import moment
from tests.reform.filings import JUNE_20
from xingxian_portal.foundation import clock

NOON = moment(JUNE_20, 12)
NOT_THE_BUREAU = ["admin", "anquan", "audit", "weifen", "weifenld", "scj", "lingdao", "pingcha"]


def let_it_be_noon() -> None:
    """Let business time be noon of 20 June 2022, for requests as well."""
    clock.start_demo(NOON)


def page(user: User, address: str, **headers: str) -> str:
    """Give the page's HTML; it must be there."""
    response = client_of(user).get(address, headers=headers)
    assert response.status_code == 200, response
    return response.content.decode()


def post(user: User, address: str, **given):
    """Send a form; gives the answer and what it says."""
    response = client_of(user).post(address, given)
    return response, [str(message) for message in get_messages(response.wsgi_request)]


def queries(user: User, address: str) -> int:
    """Count the queries of a page, that of the session and of the business time included."""
    client = client_of(user)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)
