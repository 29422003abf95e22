from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from django.core.cache import cache
from django.http import HttpResponse

from xingxian_portal.foundation import audit, clock, rate_limits
from xingxian_portal.settings import env


@pytest.fixture(autouse=True)
def still():
    cache.clear()
    with time_machine.travel(dt.datetime(2026, 11, 24, 9, 0, 20, tzinfo=dt.UTC), tick=False) as moment:
        yield moment


@rate_limits.limited("sample", per_minute=lambda: 2)
def page(request):
    return HttpResponse("ok")


def ask(rf, address="192.0.2.1", method="get"):
    token = audit.origin.set({"address": address, "request_id": "x"})
    try:
        return page(getattr(rf, method)("/"))
    finally:
        audit.origin.reset(token)


def test_too_many_in_a_minute_are_told_when_to_come_back(rf):
    answers = [ask(rf) for _ in range(3)]

    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert answers[2]["Retry-After"] == "40"
    assert "请等 40 秒" in answers[2].content.decode()


def test_another_address_and_the_next_minute_are_counted_for_themselves(rf, still):
    for _ in range(3):
        ask(rf)
    assert ask(rf, "192.0.2.2").status_code == 200
    still.shift(40)
    assert ask(rf).status_code == 200


def test_sent_and_read_count_together_and_other_methods_not_at_all(rf):
    assert [ask(rf, method=method).status_code for method in ("get", "post", "options", "get")] == [200, 200, 200, 429]


def test_nought_sets_no_limit(rf):
    unlimited = rate_limits.limited("none", per_minute=lambda: 0)(lambda request: HttpResponse("ok"))
    assert {unlimited(rf.get("/")).status_code for _ in range(5)} == {200}


def test_without_a_cache_everybody_gets_in(rf, settings):
    settings.CACHES = {"default": env.cache("redis+socket:///nowhere/queue.sock")}
    assert [ask(rf).status_code for _ in range(4)] == [200] * 4


def test_the_queue_s_server_counts_for_all_processes(rf, settings, valkey_server):
    settings.CACHES = {"default": env.cache(valkey_server)}
    cache.clear()

    assert [ask(rf).status_code for _ in range(3)] == [200, 200, 429]
    assert cache.get(f"rate:sample:192.0.2.1:{int(clock.real_now().timestamp()) // 60}") == 3
