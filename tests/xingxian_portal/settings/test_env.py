import stat
import threading
from pathlib import Path
from urllib.parse import unquote

import pytest
from django.core.exceptions import ImproperlyConfigured

from xingxian_portal.settings import env, outgoing

FOLDER = Path("/srv/portal")


@pytest.fixture(autouse=True)
def bare(monkeypatch):
    """Have none of the portal's variables set."""
    for name in ("DATABASE_URL", "CELERY_BROKER_URL", "REDIS_URL", "SECRET_KEY", "PORTAL_DATA_DIR", "ANSWER"):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.parametrize(
    ("value", "meant"), [("1", True), ("YES", True), (" on ", True), ("0", False), ("off", False), (" ", False)]
)
def test_a_yes_or_no_is_understood(monkeypatch, value, meant):
    monkeypatch.setenv("ANSWER", value)
    assert env.flag("ANSWER") is meant


def test_anything_else_is_no_answer(monkeypatch):
    monkeypatch.setenv("ANSWER", "perhaps")
    with pytest.raises(ImproperlyConfigured, match=r"ANSWER='perhaps'.*请填 1 或 0"):
        env.flag("ANSWER")


@pytest.mark.parametrize("value", ["-1", "1.5", "x", "١", "--5", "- 1"])
def test_a_number_is_a_whole_number_that_is_not_too_small(monkeypatch, value):
    monkeypatch.setenv("ANSWER", value)
    with pytest.raises(ImproperlyConfigured, match=r"ANSWER=.*不小于 0 的整数"):
        env.number("ANSWER", 5)


def test_a_number_that_is_not_set_is_the_default(monkeypatch):
    assert env.number("ANSWER", 5) == 5
    monkeypatch.setenv("ANSWER", "7")
    assert env.number("ANSWER", 5) == 7


def test_what_is_left_blank_in_a_file_of_settings_is_not_set(monkeypatch):
    monkeypatch.setenv("ANSWER", " ")
    assert env.flag("ANSWER", default=True)  # or a blank line would take the second factor away
    assert env.number("ANSWER", 5) == 5
    assert env.words("ANSWER", "localhost") == ["localhost"]
    assert outgoing.address("ANSWER", "http://127.0.0.1:8000") == "http://127.0.0.1:8000"
    assert outgoing.windows("ANSWER", "08:40-11:30") == [(520, 690)]
    monkeypatch.setenv("ANSWER", ",")
    with pytest.raises(ImproperlyConfigured, match="没有时段"):
        outgoing.windows("ANSWER", "08:40-11:30")


def test_what_is_required_and_missing_is_refused_with_the_way_out(monkeypatch):
    with pytest.raises(ImproperlyConfigured, match=r"缺少环境变量 ANSWER（四十二）.*，请猜。"):
        env.required("ANSWER", "四十二", "请猜")
    monkeypatch.setenv("ANSWER", " 42 ")
    assert env.required("ANSWER", "四十二", "请猜") == "42"


def test_the_data_folder_is_made_for_its_owner_alone(monkeypatch, tmp_path):
    monkeypatch.setenv("PORTAL_DATA_DIR", str(tmp_path / "a" / "平台 数据"))
    assert env.data_dir() == tmp_path / "a" / "平台 数据"
    assert stat.S_IMODE(env.data_dir().stat().st_mode) == 0o700


def test_a_data_folder_that_is_a_file_is_refused(monkeypatch, tmp_path):
    (tmp_path / "file").touch()
    monkeypatch.setenv("PORTAL_DATA_DIR", str(tmp_path / "file"))
    with pytest.raises(ImproperlyConfigured, match=r"无法建立.*PORTAL_DATA_DIR"):
        env.data_dir()


def test_the_secret_key_is_drawn_once_whoever_comes_first(tmp_path):
    keys = []
    threads = [threading.Thread(target=lambda: keys.append(env.secret_key(tmp_path))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(keys) == 8
    assert len(set(keys)) == 1
    assert len(keys[0]) >= env.SHORTEST_SECRET
    assert [file.name for file in tmp_path.iterdir()] == ["secret_key"]
    assert stat.S_IMODE((tmp_path / "secret_key").stat().st_mode) == 0o600


def test_a_secret_key_that_is_given_is_not_written_down(monkeypatch, tmp_path):
    monkeypatch.setenv("SECRET_KEY", "given")
    assert env.secret_key(tmp_path) == "given"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("folder", ["/srv/portal", "/srv/平台 数据", "/srv/100%41?x=1#y"])
def test_the_default_database_lies_in_the_data_folder_whatever_its_name(folder):
    entry = env.database(Path(folder))
    assert entry["NAME"] == f"{folder}/portal.sqlite3"
    assert entry["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
    assert "journal_mode=WAL" in entry["OPTIONS"]["init_command"]


def test_a_named_postgresql_is_used_and_not_waited_for_without_end(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgres://portal:geheim@db.example:5433/portal?sslmode=require")
    entry = env.database(FOLDER)
    assert (entry["ENGINE"], entry["HOST"], entry["PORT"]) == ("django.db.backends.postgresql", "db.example", 5433)
    assert entry["OPTIONS"] == {"connect_timeout": 10, "sslmode": "require"}


@pytest.mark.parametrize(
    "url",
    [
        "nonsense",
        "mysql://u:geheim@h/d",
        "postgres://",
        "postgres://u:geheim@h:port/d",
        "postgres://u:geheim@h",
        "oracle:x",
        "://",
    ],
)
def test_a_database_url_that_is_none_is_refused_without_repeating_its_password(monkeypatch, url):
    monkeypatch.setenv("DATABASE_URL", url)
    with pytest.raises(ImproperlyConfigured, match=r"DATABASE_URL 无法识别.*postgres://") as refusal:
        env.database(FOLDER)
    assert "geheim" not in str(refusal.value)


def test_the_queue_is_the_one_named_else_the_embedded_one(monkeypatch):
    assert env.broker(FOLDER) == "redis+socket:///srv/portal/queue/queue.sock"
    assert env.broker(FOLDER, default="redis://127.0.0.1:6379/0") == "redis://127.0.0.1:6379/0"
    monkeypatch.setenv("REDIS_URL", "redis://a/1")
    assert env.broker(FOLDER) == "redis://a/1"
    monkeypatch.setenv("CELERY_BROKER_URL", "rediss://b/2")
    assert env.broker(FOLDER) == "rediss://b/2"


@pytest.mark.parametrize("url", ["amqp://guest:geheim@h", "filesystem://", "memory://", "nonsense"])
def test_a_queue_that_would_lose_jobs_is_refused(monkeypatch, url):
    monkeypatch.setenv("CELERY_BROKER_URL", url)
    with pytest.raises(ImproperlyConfigured, match=r"CELERY_BROKER_URL.*redis://") as refusal:
        env.broker(FOLDER)
    assert "geheim" not in str(refusal.value)


def test_a_long_folder_has_its_socket_elsewhere_and_always_at_the_same_place():
    deep = Path("/srv") / ("很深的目录" * 10)
    socket = env.queue_socket(deep)
    assert len(str(socket).encode()) <= env.LONGEST_SOCKET_PATH
    assert env.queue_socket(deep) == socket
    assert env.queue_socket(deep / "x") != socket
    assert unquote(env.embedded_broker(deep)) == f"redis+socket://{socket}"
