"""G1–G4 under fire: nothing lost, nothing twice but the one in flight, whatever is killed, wiped or taken away.

The bench runs the same storm with 50 kills over 2,000 notices.
"""

from __future__ import annotations

from bench import storm_app
from bench.reminder_storm import BLOWS, storm

PEOPLE, KILLS = 300, 16


def test_kills_at_every_stage_and_days_down_lose_nothing_and_double_only_what_was_in_flight(tmp_path, valkey_server):
    counts = storm(tmp_path, valkey_server, people=PEOPLE, kills=KILLS)
    assert set(counts.stages) >= set(storm_app.STAGES)
    assert (counts.kills >= KILLS, counts.events) == (True, len(BLOWS))
    assert (counts.lost, counts.second_rows, counts.other_ids) == (0, 0, 0)
    assert counts.notices == counts.recovered == PEOPLE
    assert counts.burst == 0
    assert counts.expired == 4 * PEOPLE  # two steps by two ways whose time was over
    assert counts.doubled <= counts.in_flight
