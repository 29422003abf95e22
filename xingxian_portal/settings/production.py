"""For a grown-up installation behind nginx: everything from the environment, refused loudly where it is missing.

Needed: SECRET_KEY, ALLOWED_HOSTS, DATABASE_URL, with e-mail or a webhook PORTAL_PUBLIC_URL. Usual: CELERY_BROKER_URL (default the machine's own Redis),
PORTAL_DATA_DIR (uploads and collected static files). `deploy/` shows the whole set.
"""

from __future__ import annotations

from django.core.exceptions import ImproperlyConfigured

from xingxian_portal.settings import env, log_lines

DRAW = "python3 -c 'import secrets; print(secrets.token_urlsafe(50))' 可生成一段"
env.required("SECRET_KEY", "一段只有本平台知道的随机文字", DRAW)
env.required("ALLOWED_HOSTS", "浏览器里访问平台用的域名，多个用逗号隔开", "例如 rouxing.example.gov.cn")
env.required("DATABASE_URL", "PostgreSQL 的地址", "例如 postgres://用户:密码@主机:5432/库名")

from xingxian_portal.settings.base import *  # noqa: E402 - reads what was made sure of above

if len(SECRET_KEY) < env.SHORTEST_SECRET or len(set(SECRET_KEY)) < env.FEWEST_LETTERS:
    raise ImproperlyConfigured(f"环境变量 SECRET_KEY 太短或太简单：至少 {env.SHORTEST_SECRET} 个字符，{DRAW}。")

if PORTAL_MAIL or PORTAL_WEBHOOK_URL:  # or the links of letters and invitations would lead to the reader's own machine
    env.required("PORTAL_PUBLIC_URL", "邮件和消息里的链接用的平台网址", "例如 https://rouxing.example.gov.cn")

ALLOWED_HOSTS.append("127.0.0.1")  # the machine itself asks /healthz
CELERY_BROKER_URL = env.broker(DATA_DIR, default="redis://127.0.0.1:6379/0")
CACHES = {"default": env.cache(CELERY_BROKER_URL)}
LOGGING = log_lines.configuration(as_json=env.flag("PORTAL_LOG_JSON", default=True))

# Collected once by `manage.py collectstatic`, compressed, named by content so that browsers may keep them for ever.
STATIC_ROOT = DATA_DIR / "static"
WHITENOISE_USE_FINDERS = False
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# nginx must set these headers itself on every request (deploy/nginx.conf does), or a visitor could.
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
CLIENT_ADDRESS_HEADER = "HTTP_X_FORWARDED_FOR"
SECURE_SSL_REDIRECT = True
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]  # asked by the machine itself, without a certificate
SECURE_HSTS_SECONDS = env.number("SECURE_HSTS_SECONDS", 31_536_000)
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
# By this prefix browsers hold a cookie to this one host and to https: no neighbour below the same domain can plant one.
SESSION_COOKIE_NAME = "__Host-session"
CSRF_COOKIE_NAME = "__Host-csrf"
