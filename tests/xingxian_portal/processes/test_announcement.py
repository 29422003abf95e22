from pathlib import Path

from xingxian_portal.processes import announcement
from xingxian_portal.processes.address import Address
from xingxian_portal.processes.demo_accounts import ACCOUNTS

HERE = Address("127.0.0.1", 8000)


def test_real_work_begins_with_the_code_and_shows_no_account():
    text = announcement.text(HERE, Path("/data"), "", demo=False, code="1234-5678")
    assert "http://127.0.0.1:8000/setup/" in text
    assert "1234-5678" in text
    assert not any(f"  {name} " in text for name in ACCOUNTS)
    assert "密码" not in text


def test_once_there_is_an_account_the_setup_is_not_spoken_of():
    assert "setup" not in announcement.text(HERE, Path("/data"), "", demo=False, code="")


def test_a_demo_shows_its_accounts_and_the_password_drawn(tmp_path, monkeypatch):
    monkeypatch.delenv("PORTAL_DEMO_PASSWORD", raising=False)
    text = announcement.text(HERE, tmp_path, "", demo=True, code="")
    for name, role in ACCOUNTS.items():
        assert f"{name:<9}{role}" in text
    assert (tmp_path / "demo_password").read_text() in text


def test_a_password_that_was_given_is_not_repeated(tmp_path, monkeypatch):
    monkeypatch.setenv("PORTAL_DEMO_PASSWORD", "geheim-2022")
    text = announcement.text(HERE, tmp_path, "", demo=True, code="")
    assert "geheim-2022" not in text
    assert "PORTAL_DEMO_PASSWORD" in text


def test_listening_everywhere_is_said_with_its_danger():
    text = announcement.text(Address("0.0.0.0", 8000), Path("/data"), "", demo=False, code="")
    assert "未加密" in text


def test_what_is_not_ready_is_not_called_so():
    text = announcement.text(HERE, Path("/data"), "broker: down", demo=False, code="")
    assert "已就绪" not in text
    assert "broker: down" in text
