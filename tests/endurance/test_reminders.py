"""G1–G4 under fire: nothing lost, nothing twice but the one in flight, whatever is killed, wiped or cut."""

from __future__ import annotations

import secrets

import environ
import psycopg
import pytest

from bench.reminder_storm import storm
from tests.running_portal import free_port

PEOPLE, KILLS = 2000, 50
env = environ.Env()


@pytest.fixture
def own_database(postgres_server: str) -> str:
    """Give a database of its own on the server, so that nobody else meets what the storm leaves."""
    name = f"storm_{secrets.token_hex(4)}"
    entry = env.db_url_config(postgres_server)
    where = {
        "host": entry["HOST"],
        "port": entry["PORT"] or None,
        "user": entry["USER"],
        "password": entry["PASSWORD"] or None,
    }
    with psycopg.connect(**where, dbname=entry["NAME"], autocommit=True) as line:
        line.execute(f"CREATE DATABASE {name}")
    return f"{postgres_server.rpartition('/')[0]}/{name}"


def test_fifty_kills_over_two_thousand_notices_lose_nothing_and_double_only_what_was_in_flight(
    tmp_path, own_database, valkey_server
):
    counts = storm(tmp_path, own_database, valkey_server, people=PEOPLE, kills=KILLS, port=free_port())
    assert counts.kills == KILLS
    assert (counts.lost, counts.second_rows, counts.other_ids) == (0, 0, 0)
    assert counts.notices == PEOPLE
    assert counts.doubled <= counts.kills + 8  # the connections cut and the worker killed may each have one in flight
