import json

import pytest

from xingxian_portal.processes import output
from xingxian_portal.processes.output import Console, Transcript


def line(**fields):
    return json.dumps({"event": "e", **fields}, ensure_ascii=False).encode() + b"\n"


@pytest.fixture
def transcript(tmp_path):
    made = Transcript("web", tmp_path, Console())
    yield made
    made.close()


def test_every_line_is_kept_and_only_warnings_are_shown(transcript, capsys):
    transcript.feed(line(level="info", event="安静"))
    transcript.feed(line(level="warning", event="注意", request="GET /x"))
    transcript.feed("没有格式的一行\n".encode())
    assert capsys.readouterr().out == "web    | 警告 注意 GET /x\n"
    assert transcript.path.read_text().count("\n") == 3
    assert list(transcript.tail) == ["没有格式的一行"]


def test_an_error_is_shown_with_its_last_line(transcript, capsys):
    transcript.feed(line(level="error", event="request_failed", exception="Traceback\n  x\nValueError: 坏了"))
    assert capsys.readouterr().out == "web    | 错误 request_failed ValueError: 坏了\n"


def test_a_line_that_comes_in_pieces_counts_once(transcript):
    whole = line(level="info", event="汉字")
    for at in range(len(whole)):
        transcript.feed(whole[at : at + 1])
    assert transcript.path.read_text() == whole.decode()


@pytest.mark.parametrize("text", ["", "plain", "[1]", "{}", '{"level": 3}', "null", '"text"'])
def test_what_is_no_line_of_ours_is_no_trouble(text):
    assert output.readable(text) in {None, ""}


def test_the_last_words_kept_for_a_crash_are_few(transcript):
    for number in range(100):
        transcript.feed(f"line {number}\n".encode())
    assert transcript.tail[-1] == "line 99"
    assert len(transcript.tail) == output.TAIL


def test_nobody_steers_the_terminal_from_an_address(transcript, capsys):
    transcript.feed(line(level="error", event="request_failed", request="GET /\x1b[2J\r\n假的一行"))
    transcript.feed("\x1b]0;title\x07 没有格式\n".encode())
    assert capsys.readouterr().out == "web    | 错误 request_failed GET /�[2J��假的一行\n"
    assert list(transcript.tail) == ["�]0;title� 没有格式"]
