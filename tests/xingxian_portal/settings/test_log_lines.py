import json
import subprocess
import sys

import pytest

from tests.running_portal import ROOT

PROGRAM = """
import logging, logging.config, structlog
from xingxian_portal.settings import log_lines

logging.config.dictConfig(log_lines.configuration(as_json=True))
ours, library = structlog.get_logger("portal.test"), logging.getLogger("some.library")
ours.warning("ours", task="a.b", count=3)
library.error("%s of %s", 1, 2)
ours.info("request", request="GET /people/?q=张三", ip="10.0.0.1", user_agent="Mozilla")
ours.debug("too quiet")
library.warning("masked 13800000000, (13800000001), 1380000000012, 12800000000, 138 0000-0002, li.si@example.com, a@b")
try:
    secret_of_a_person = "张三的私事"
    raise ValueError(f"phone=13800000000 {len(secret_of_a_person)}")
except ValueError:
    ours.exception("failed")
try:
    {}["第一层"]
except KeyError as error:
    try:
        raise ValueError("null value\\nDETAIL:  Failing row contains (7, 张三, zhangsan@example.com).") from error
    except ValueError:
        ours.exception("refused")
        library.exception("quoted %r", ValueError("李四"))
logging.getLogger("celery.app.trace").info("retried: %r", ValueError("王五"))
"""


@pytest.fixture(scope="module")
def said():
    """Give what a process of the portal says, as data, by event; a process of its own, as pytest has its own handlers."""
    ran = subprocess.run([sys.executable, "-c", PROGRAM], cwd=ROOT, capture_output=True, text=True, check=True)
    assert ran.stdout == ""
    lines = [json.loads(line) for line in ran.stderr.splitlines()]
    return {line["event"].split()[0]: line for line in lines}


def test_a_line_is_data_with_its_level_and_its_moment(said):
    line = said["ours"]
    assert (line["level"], line["logger"], line["task"], line["count"]) == ("warning", "portal.test", "a.b", 3)
    assert len(line["timestamp"]) == len("2026-11-24T09:35:11+0800")


def test_a_library_s_line_looks_the_same(said):
    line = said["1"]
    assert (line["event"], line["level"], line["logger"]) == ("1 of 2", "error", "some.library")


def test_it_says_neither_who_asked_nor_what_was_typed(said):
    assert said["request"]["request"] == "GET /people/"
    assert not {"ip", "user_agent"} & said["request"].keys()


def test_what_is_for_developers_only_is_not_said(said):
    assert said.keys() == {"ours", "1", "request", "masked", "failed", "refused", "quoted", "retried:"}


def test_mobile_numbers_and_mailboxes_are_masked_and_other_numbers_are_not(said):
    assert said["masked"]["event"] == (
        "masked 138****0000, (138****0001), 1380000000012, 12800000000, 138****0002, ***@example.com, a@b"
    )


def test_a_traceback_shows_no_variable_and_no_number(said):
    assert said["failed"]["exception"].splitlines()[-1] == "ValueError: phone=138****0000 5"
    assert "私事" not in said["failed"]["exception"]


def test_what_an_error_quotes_of_a_row_is_not_said_and_where_it_happened_is(said):
    lines = said["refused"]["exception"].splitlines()
    assert lines[-2:] == ["ValueError: null value", "DETAIL:  Failing row contains (7, …, ***@example.com)."]
    assert "KeyError: '…'" in lines
    assert sum(line.startswith('  File "<string>", line ') for line in lines) == 2


def test_what_a_library_repeats_of_an_error_is_not_said(said):
    assert (said["quoted"]["event"], said["retried:"]["event"]) == (
        "quoted ValueError('…')",
        "retried: ValueError('…')",
    )


def test_a_request_leaves_one_line_without_the_words_of_its_address(client, db, caplog):
    client.get("/healthz?name=张三")
    lines = [record.msg for record in caplog.records if record.name.startswith("django_structlog")]
    assert [(line["event"], line["request"], line["code"]) for line in lines] == [
        ("request_finished", "GET /healthz", 200)
    ]
