from django.db import OperationalError, connection
from pytest_django.live_server_helper import LiveServer

from reform.reminders import planning
from tests.running_portal import eventually, free_port
from xingxian_portal.foundation import clock, pulse
from xingxian_portal.processes import caretaker
from xingxian_portal.processes.address import Address


def address_of(server: LiveServer) -> Address:
    return Address(server.thread.host, server.thread.port)


def all_is_well() -> None:
    pulse.record(pulse.TIMED_JOBS)
    planning.plan()


def test_nothing_is_wrong_when_every_part_answers(live_server):
    all_is_well()
    assert caretaker.trouble_at(address_of(live_server)) == ""


def test_what_is_wrong_is_named(live_server):
    assert caretaker.trouble_at(address_of(live_server)) == "timed_jobs: never，reminders: never"


def test_silence_is_named_too():
    assert caretaker.trouble_at(Address("127.0.0.1", free_port())) == "网站没有应答"


def test_the_portal_is_announced_once_as_soon_as_all_is_well(live_server):
    all_is_well()
    said: list[str] = []
    keeper = caretaker.Caretaker(address_of(live_server), said.append)
    keeper.start()
    eventually(lambda: said, seconds=10)
    keeper.end()
    assert not keeper.is_alive()
    assert said == [""]


def test_a_heartbeat_moves_the_demo_s_clock_and_nothing_without_one(db, monkeypatch):
    monkeypatch.setattr(connection, "close", lambda: None)  # the test's own transaction lies in it
    caretaker.beat()
    assert not clock.is_demo()
    anchor = clock.start_demo(clock.real_now())
    caretaker.beat()
    assert clock.ClockAnchor.objects.get().seen_at > anchor.seen_at


def test_a_database_that_is_away_for_a_moment_stops_nothing(db, monkeypatch):
    monkeypatch.setattr(connection, "close", lambda: None)

    def gone(*_arguments: object) -> None:
        raise OperationalError("server closed the connection unexpectedly")

    with connection.execute_wrapper(gone):
        caretaker.beat()
