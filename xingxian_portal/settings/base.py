"""The embedded default: one machine, one folder, one command.

Everything that may differ between machines comes from the environment (see `env`); development, test and
production build on this file.
"""

from __future__ import annotations

import datetime as dt
import logging

from xingxian_portal.settings import env, keys, log_lines, outgoing

BASE_DIR = env.BASE_DIR
DATA_DIR = env.data_dir()

SECRET_KEY = env.secret_key(DATA_DIR)
# Telephone numbers lie sealed with the first of these; without any, with those of the file. See `foundation.sealed`.
PHONE_KEYS = keys.phone_keys()
PHONE_KEYS_FILE = DATA_DIR / "phone_keys"
DIGEST_KEY: str = keys.digest_key(DATA_DIR)
# The ends of the audit trail's chain, noted outside of the database; see `foundation.audit_seals`.
AUDIT_WITNESS_FILE = DATA_DIR / "audit_heads"
AUDIT_KEEP_DAYS = env.number("AUDIT_KEEP_DAYS", 1095, least=180)  # 网络安全法 asks for six months
# Leavers are made anonymous after so many days, not while the trail of the last six months must still lead to names.
PORTAL_LEAVER_DAYS = env.number("PORTAL_LEAVER_DAYS", 365, least=180)
DEBUG = False
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]")
CSRF_TRUSTED_ORIGINS = env.words("CSRF_TRUSTED_ORIGINS")

INSTALLED_APPS = [
    "xingxian_portal",
    "exemptions",
    "reform",
    "liaisons",
    "xingxian_portal.foundation",
    "xingxian_portal.reference_config.ReferenceConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django_htmx",
    "heroicons",
    "import_export",
    "django_structlog",
    "axes",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_otp.plugins.otp_static",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django_structlog.middlewares.RequestMiddleware",
    "csp.middleware.CSPMiddleware",
    "xingxian_portal.middleware.RequestOrigin",
    "xingxian_portal.middleware.BusinessTime",
    "xingxian_portal.middleware.RefusalTrail",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "xingxian_portal.middleware.AccountInOrder",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]
# Where a request says whom it comes from; only a proxy of our own may be believed when it says so in a header.
CLIENT_ADDRESS_HEADER = "REMOTE_ADDR"

ROOT_URLCONF = "xingxian_portal.urls"
WSGI_APPLICATION = "xingxian_portal.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "xingxian_portal.context.frame",
            ],
        },
    }
]

DATABASES = {"default": env.database(DATA_DIR)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Shared by all processes: how often an address asked for a page. See `foundation.rate_limits`.
CACHES = {"default": env.cache(env.broker(DATA_DIR))}

AUTH_USER_MODEL = "liaisons.User"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "liaisons.backends.AccountBackend"]
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "login"
PORTAL_PASSWORD_LENGTH = env.number("PORTAL_PASSWORD_LENGTH", 10, least=8)
PORTAL_PASSWORD_DAYS = env.number("PORTAL_PASSWORD_DAYS", 90)  # 0: a password never gets too old
PORTAL_INVITATION_DAYS = env.number("PORTAL_INVITATION_DAYS", 7, least=1)
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": PORTAL_PASSWORD_LENGTH},
    },
    {"NAME": "liaisons.password_rules.ThreeClasses"},
    {"NAME": "liaisons.password_rules.NotOneself"},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ["username", "name"]},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "liaisons.password_rules.NotUsedLately"},
]

# Five wrong passwords lock an account from that address for a while; see `liaisons.locking`.
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = dt.timedelta(minutes=env.number("PORTAL_LOCK_MINUTES", 15, least=1))
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_USERNAME_CALLABLE = "liaisons.locking.name_of"
AXES_CLIENT_IP_CALLABLE = "liaisons.locking.address_of"
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False  # or whoever guesses on would keep the owner out for ever
AXES_SENSITIVE_PARAMETERS = ["username", "current", "new_password", "again", "code", "csrfmiddlewaretoken"]
AXES_DISABLE_ACCESS_LOG = True  # the audit trail is the one record of log-ins
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False  # its log lines would name accounts and addresses
SILENCED_SYSTEM_CHECKS = ["axes.W002"]  # without its middleware: our log-in page says itself what is locked
# People who can do much log in with a code of their phone too; see `liaisons.second_factor`.
PORTAL_SECOND_FACTOR = env.flag("PORTAL_SECOND_FACTOR", default=True)
OTP_TOTP_ISSUER = "兴县柔性执法推进平台"

LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "Asia/Shanghai"
USE_I18N = True
USE_TZ = True

# Queue and timed jobs. What is due lives in the database: the queue only carries "look now", so losing it loses
# nothing, but a job may run twice and must be written so.
CELERY_BROKER_URL = env.broker(DATA_DIR)
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 900,  # must stay above the time limit, or a running job is handed out again
    "unacked_restore_interval": 10,
    "unacked_restore_throttle": 1,  # look for abandoned jobs each time: they come back 900 s after a kill, not hours
    "socket_connect_timeout": 5,
    # Somebody who pressed a button waits for this: a queue that does not answer for a second is said to be down.
    "max_retries": 5,
    "interval_start": 0,
    "interval_step": 0.1,
    "interval_max": 0.2,
}
CELERY_TASK_DEFAULT_QUEUE = "portal"
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_TIME_LIMIT = 120
CELERY_TASK_IGNORE_RESULT = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
# Celery's soft shutdown stays off: it sleeps its whole time even when the last job ends at once (tried with 5.7).
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_REDIRECT_STDOUTS = False
CELERY_TIMEZONE = TIME_ZONE
CELERY_BEAT_SYNC_EVERY = 1  # so that the age of its file shows whether it still calls

LOGGING = log_lines.configuration(as_json=env.flag("PORTAL_LOG_JSON"))
DJANGO_STRUCTLOG_IP_LOGGING_ENABLED = False
DJANGO_STRUCTLOG_USER_ID_FIELD = ""  # reading it costs /healthz its answer when the database is away
DJANGO_STRUCTLOG_STATUS_START_LOG_LEVEL = logging.DEBUG
DJANGO_STRUCTLOG_STATUS_4XX_LOG_LEVEL = logging.INFO
DJANGO_STRUCTLOG_CELERY_ENABLED = True

STATIC_URL = "static/"
WHITENOISE_USE_FINDERS = True
MEDIA_ROOT = DATA_DIR / "files"
# The location from which nginx sends kept files itself; "" lets the portal send them.
X_ACCEL = env.location("PORTAL_X_ACCEL")
FILE_UPLOAD_HANDLERS = [
    "xingxian_portal.foundation.upload_limits.CutOff",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]

SESSION_ENGINE = "liaisons.session_store"
SESSION_COOKIE_AGE = 60 * env.number("PORTAL_IDLE_MINUTES", 30, least=1)  # seconds without a request
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
PORTAL_SESSION_HOURS = env.number("PORTAL_SESSION_HOURS", 12, least=1)  # from log-in on, however much it is used
# Requests of one address in a minute; 0 sets no limit. nginx in `deploy/` has limits of its own.
PORTAL_LOGIN_RATE = env.number("PORTAL_LOGIN_RATE", 60)
PORTAL_PUBLIC_RATE = env.number("PORTAL_PUBLIC_RATE", 120)
# An export of more rows is written by a worker, and its page shows how far it is.
EXPORT_ROWS_AT_ONCE = 5000

CSRF_FAILURE_VIEW = "xingxian_portal.views.errors.stale_form"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "object-src": ["'none'"],
        "base-uri": ["'self'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
    }
}

# How the bureau works: what the county may settle otherwise.
REFORM_URGE_COOLDOWN_HOURS = env.number("REFORM_URGE_COOLDOWN_HOURS", 24)
# Extensions, exemptions and the like are decided by 局领导; with 1 a second officer may as well, never the proposer.
PORTAL_SECOND_OFFICER_DECIDES = env.flag("PORTAL_SECOND_OFFICER_DECIDES")

# Reminders: see `liaisons.letters`. Without a mail server and a webhook there are the inbox and the list of calls.
PORTAL_MAIL = outgoing.mail_server()
PORTAL_MAIL_FROM = outgoing.mailbox("PORTAL_MAIL_FROM", "portal@localhost")
PORTAL_MAIL_BOUNCES = outgoing.mailbox("PORTAL_MAIL_BOUNCES")
PORTAL_PUBLIC_URL = outgoing.address("PORTAL_PUBLIC_URL", "http://127.0.0.1:8000")
PORTAL_WEBHOOK_URL = outgoing.address("PORTAL_WEBHOOK_URL")
PORTAL_WEBHOOK_BODY = outgoing.webhook_body("PORTAL_WEBHOOK_BODY")
PORTAL_WINDOWS = outgoing.windows("PORTAL_REMINDER_WINDOWS", "08:40-11:30,14:40-17:20")
PORTAL_LETTER_LEASE_SECONDS = env.number("PORTAL_LETTER_LEASE_SECONDS", 300, least=2)
PORTAL_PING_URL = outgoing.address("PORTAL_PING_URL")
