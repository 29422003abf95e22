"""What `deploy/` says is what runs: its settings and its units' own commands, with a real PostgreSQL and queue."""

from __future__ import annotations

import configparser
import http.client
import re
import secrets
import shlex
import signal
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.running_portal import ROOT, ask, environment, eventually, free_port, manage

DEPLOY = ROOT / "deploy"
UNITS = ["web", "worker", "beat"]


def service(part: str) -> configparser.SectionProxy:
    """Give the [Service] section of a part's unit; names of settings count the same in any case."""
    unit = configparser.ConfigParser(interpolation=None)
    unit.read(DEPLOY / "systemd" / f"portal-{part}.service", encoding="utf-8")
    return unit["Service"]


def command(part: str, folder: Path, port: int) -> list[str]:
    """Give the part's own command, with this machine's programs, folder and port."""
    program, *arguments = shlex.split(service(part)["ExecStart"])
    here = {"127.0.0.1:8000": f"127.0.0.1:{port}", "/var/lib/xingxian-portal": str(folder)}
    for there, ours in here.items():
        arguments = [argument.replace(there, ours) for argument in arguments]
    return [str(Path(sys.executable).with_name(Path(program).name)), *arguments]


@pytest.fixture
def settings(tmp_path, postgres_server, valkey_server) -> dict[str, str]:
    """Give the example's settings with every placeholder filled in."""
    lines = (DEPLOY / "portal.env.example").read_text().splitlines()
    given = dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))
    ours = {
        "SECRET_KEY": secrets.token_urlsafe(50),
        "ALLOWED_HOSTS": "portal.example",
        "CSRF_TRUSTED_ORIGINS": "https://portal.example",
        "PORTAL_PUBLIC_URL": "https://portal.example",
        "DATABASE_URL": postgres_server,
        "CELERY_BROKER_URL": valkey_server,
        "PORTAL_DATA_DIR": str(tmp_path / "data"),
    }
    placeholders = {name for name, value in given.items() if "<" in value}
    assert placeholders <= ours.keys() <= given.keys()
    return given | ours


def test_the_units_run_the_portal_and_stop_within_their_time(tmp_path, settings):
    folder, port = Path(settings.pop("PORTAL_DATA_DIR")), free_port()
    for preparation in (["migrate", "-v0"], ["load_facts", "-v0"], ["collectstatic", "--noinput", "-v0"]):
        done = manage(*preparation, folder=folder, **settings)
        assert done.returncode == 0, done.stderr
    with ExitStack() as stack:
        running = {}
        for part in UNITS:
            log = stack.enter_context((tmp_path / f"{part}.log").open("wb"))
            line = command(part, folder, port)
            running[part] = stack.enter_context(
                subprocess.Popen(line, env=environment(folder, settings), cwd=ROOT, stdout=log, stderr=log)
            )
            stack.callback(running[part].kill)
        eventually(lambda: ask(port)[1].get("status") == "ok")
        # Before that a signal ends them in the middle of their imports.
        eventually(lambda: "beat: Starting" in (tmp_path / "beat.log").read_text())
        eventually(lambda: " ready." in (tmp_path / "worker.log").read_text())
        assert get(port, "/login/")[:2] == (301, "https://127.0.0.1/login/")
        status, _, page = get(port, "/login/", {"Host": "portal.example", "X-Forwarded-Proto": "https"})
        assert status == 200
        (style,) = re.findall(r'href="(/static/portal/portal\.\w+\.css)"', page)
        assert get(port, style, {"Host": "portal.example", "X-Forwarded-Proto": "https"})[0] == 200
        for part, process in running.items():
            process.send_signal(signal.SIGTERM)
            assert process.wait(timeout=float(service(part)["TimeoutStopSec"])) == 0


def get(port: int, path: str, headers: dict[str, str] | None = None) -> tuple[int, str, str]:
    """Give status, place and text of what a path answers."""
    caller = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    caller.request("GET", path, headers=headers or {"Host": "127.0.0.1"})
    answer = caller.getresponse()
    said = answer.status, answer.getheader("Location", ""), answer.read().decode()
    caller.close()
    return said


def test_compose_runs_the_same_commands_as_the_units():
    compose = (DEPLOY / "compose.yaml").read_text()
    for part in UNITS:
        program, *arguments = shlex.split(service(part)["ExecStart"])
        words = [Path(program).name, *(argument.replace("127.0.0.1:8000", "0.0.0.0:8000") for argument in arguments)]
        assert "command: [" + ", ".join(f'"{word}"' for word in words) + "]" in compose


def test_the_image_holds_what_the_portal_runs_on_and_no_state_of_this_machine():
    kept = {line[1:] for line in (DEPLOY / "Dockerfile.dockerignore").read_text().splitlines() if line.startswith("!")}
    assert kept == {
        "manage.py",
        "requirements.txt",
        "xingxian_portal",
        "liaisons",
        "reform",
        "exemptions",
        "templates",
        "fixtures",
    }
    assert all((ROOT / name).exists() for name in kept)


def test_nginx_holds_a_flood_off_the_log_in_before_the_portal_counts_it():
    conf = (DEPLOY / "nginx.conf").read_text()
    zones = set(re.findall(r"limit_req_zone \$binary_remote_addr zone=(\w+):", conf))
    used = re.findall(r"location ([^{]+) \{\s+limit_req zone=(\w+) ", conf)
    assert used == [("~ ^/(login|invitation|setup)/", "log_in"), ("/", "pages")]
    assert zones == {zone for _, zone in used}
    assert "limit_req_status 429;" in conf


def test_kept_files_lie_outside_of_what_nginx_serves_and_open_to_the_portal_s_word_alone():
    conf = (DEPLOY / "nginx.conf").read_text()
    places = re.findall(r"^ +location ([^{]+) \{(.*?)^    \}", conf, re.DOTALL | re.MULTILINE)
    serving = {where: alias for where, block in places for alias in re.findall(r"(?:alias|root) ([^;]+);", block)}
    kept = [where for where, alias in serving.items() if "/files/" in f"{alias.rstrip('/')}/"]
    assert kept == ["/kept-files/"]
    assert all("internal;" in block for where, block in places if where in kept)
    assert not [
        where for where, alias in serving.items() if where not in kept and not alias.rstrip("/").endswith("static")
    ]


def test_nginx_says_of_kept_files_what_the_portal_says_of_them():
    (kept,) = re.findall(r"location /kept-files/ \{(.*?)\n    \}", (DEPLOY / "nginx.conf").read_text(), re.DOTALL)
    from xingxian_portal.foundation import handing_out

    assert f'add_header Content-Security-Policy "{handing_out.SHOWN_POLICY}" always;' in kept
    assert "add_header X-Content-Type-Options nosniff always;" in kept
    assert "add_header X-Frame-Options SAMEORIGIN always;" in kept


def test_nginx_sets_what_the_production_settings_believe():
    conf = (DEPLOY / "nginx.conf").read_text()
    assert "proxy_set_header X-Forwarded-Proto $scheme;" in conf
    assert "proxy_set_header Host $host;" in conf
    assert len(re.findall(r"proxy_set_header", conf)) == 4  # a location with one of its own would lose the others
    assert '$remote_addr - [$time_local] "$request_method $uri ' in conf  # no query string: invitations stand there
    bound = service("web")["ExecStart"].partition("--bind=")[2].split()[0]
    assert f"server {bound};" in conf
    whole, of_a_stranger = map(int, re.findall(r"client_max_body_size (\d+)m;", conf))
    from xingxian_portal.foundation import upload_limits, uploads

    assert (
        whole * uploads.MEGABYTE > upload_limits.WHOLE_LIMIT
    )  # or nginx would refuse, in English, what the portal takes
    assert of_a_stranger == 1
