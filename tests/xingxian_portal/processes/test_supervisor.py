"""The supervisor with real processes, in a process of its own: it takes the signals over."""

import signal
import subprocess
import sys
import time

import pytest

from tests.running_portal import ROOT, eventually

PROGRAM = """
import sys
from pathlib import Path
from xingxian_portal.processes.child import Child
from xingxian_portal.processes.output import Console, Transcript
from xingxian_portal.processes.supervisor import Supervisor

folder, first, *rest = Path(sys.argv[1]), *sys.argv[2:]
console = Console()
children = [Child(["sh", "-c", script], Transcript(f"part{n}", folder, console), {}) for n, script in enumerate(sys.argv[2:])]
Supervisor(children[:1], children[1:], console).run(lambda: True)
"""
STAYS = "trap 'echo stopping; exit 0' TERM; echo ready; while :; do sleep 0.05; done"
STUBBORN = "trap '' TERM; echo ready; while :; do sleep 0.05; done"


@pytest.fixture
def supervise(tmp_path):
    """Give a function that runs a supervisor over shell scripts, the first of which is the queue."""
    started = []

    def start(*scripts: str) -> subprocess.Popen[str]:
        made = subprocess.Popen(
            [sys.executable, "-c", PROGRAM, str(tmp_path), *scripts], cwd=ROOT, stdout=subprocess.PIPE, text=True
        )
        started.append(made)
        eventually(lambda: all("ready" in log(tmp_path, n) for n in range(len(scripts))), seconds=10)
        return made

    yield start
    for made in started:
        made.kill()
        made.communicate()


def log(folder, number):
    path = folder / f"part{number}.log"
    return path.read_text() if path.exists() else ""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_all_politely(supervise, tmp_path, number):
    running = supervise(STAYS, STAYS)
    running.send_signal(number)
    said, _ = running.communicate(timeout=10)
    assert running.returncode == 0
    assert said.splitlines()[-1] == "已停止。"
    assert [log(tmp_path, part).splitlines() for part in (0, 1)] == [["ready", "stopping"]] * 2


def test_a_second_ctrl_c_waits_for_nobody(supervise):
    running = supervise(STAYS, STUBBORN)
    running.send_signal(signal.SIGINT)
    time.sleep(0.5)
    assert running.poll() is None
    running.send_signal(signal.SIGINT)
    running.communicate(timeout=3)
    assert running.returncode == 0


def test_a_part_that_ends_is_started_again_with_its_last_words_shown(supervise, tmp_path):
    running = supervise(STAYS, "echo ready; echo 最后一句; exit 7")
    eventually(lambda: log(tmp_path, 1).count("ready") == 2, seconds=10)
    running.send_signal(signal.SIGTERM)
    said, _ = running.communicate(timeout=10)
    assert "part1  | 最后一句" in said
    assert "part1  | 意外退出（代码 7），1 秒后重新启动。日志：" in said
