"""The settings of a grown-up installation, each start a process of its own."""

import secrets

import pytest

from tests.running_portal import manage

COMPLETE = {
    "DJANGO_SETTINGS_MODULE": "xingxian_portal.settings.production",
    "SECRET_KEY": secrets.token_urlsafe(50),
    "ALLOWED_HOSTS": "rouxing.example.gov.cn",
    "DATABASE_URL": "postgres://portal@127.0.0.1:9/portal",
}


def test_django_has_nothing_to_say_against_them(tmp_path):
    answer = manage("check", "--deploy", "--fail-level=DEBUG", folder=tmp_path, **COMPLETE)
    assert (answer.returncode, answer.stderr.strip()) == (0, "")
    assert not (tmp_path / "secret_key").exists()


def test_cookies_keep_to_this_host_and_to_https(tmp_path):
    names = ["SESSION_COOKIE_", "CSRF_COOKIE_"]
    asked = "; ".join(
        ["from django.conf import settings as s"]
        + [f"print(s.{name}NAME, s.{name}SECURE, s.{name}SAMESITE, s.{name}DOMAIN, s.{name}PATH)" for name in names]
        + [
            "print(s.SESSION_COOKIE_HTTPONLY, s.SECURE_HSTS_SECONDS, s.SECURE_SSL_REDIRECT, s.CACHES['default']['LOCATION'])"
        ]
        + ["print(s.PORTAL_SECOND_FACTOR, s.AXES_ENABLED if hasattr(s, 'AXES_ENABLED') else True)"]
    )
    answer = manage("shell", "-v0", "-c", asked, folder=tmp_path, **COMPLETE)
    assert answer.stdout.splitlines() == [
        "__Host-session True Lax None /",
        "__Host-csrf True Lax None /",
        "True 31536000 True redis://127.0.0.1:6379/0",
        "True True",
    ]


@pytest.mark.parametrize("missing", ["SECRET_KEY", "ALLOWED_HOSTS", "DATABASE_URL"])
@pytest.mark.parametrize("how", ["left out", "empty"])
def test_what_must_be_given_is_asked_for_in_one_sentence(tmp_path, missing, how):
    given = {name: value for name, value in COMPLETE.items() if name != missing}
    if how == "empty":
        given[missing] = " "
    answer = manage("check", folder=tmp_path, **given)
    assert answer.returncode == 1
    assert answer.stderr.startswith(f"无法启动：缺少环境变量 {missing}（")
    assert answer.stderr.count("\n") == 1


@pytest.mark.parametrize("way", ["EMAIL_URL", "PORTAL_WEBHOOK_URL"])
def test_who_sends_letters_must_say_where_their_links_lead(tmp_path, way):
    given = COMPLETE | {way: {"EMAIL_URL": "smtp://127.0.0.1:9"}.get(way, "https://robot.example.com/send")}
    answer = manage("check", folder=tmp_path, **given)
    assert answer.returncode == 1
    assert answer.stderr.startswith("无法启动：缺少环境变量 PORTAL_PUBLIC_URL（")
    assert manage("check", folder=tmp_path, **given, PORTAL_PUBLIC_URL="https://portal.example.com").returncode == 0


@pytest.mark.parametrize("weak", ["short", "a" * 60])
def test_a_weak_secret_is_refused_and_not_repeated(tmp_path, weak):
    answer = manage("check", folder=tmp_path, **COMPLETE | {"SECRET_KEY": weak})
    assert answer.returncode == 1
    assert "SECRET_KEY 太短或太简单" in answer.stderr
    assert weak not in answer.stderr


def test_static_files_are_collected_under_names_that_never_change_their_content(tmp_path):
    answer = manage("collectstatic", "--noinput", "-v0", folder=tmp_path, **COMPLETE)
    assert (answer.returncode, answer.stderr.strip()) == (0, "")
    assert list((tmp_path / "static" / "portal").glob("portal.????????????.css.gz"))
