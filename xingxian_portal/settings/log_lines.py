"""What a log line looks like: data as JSON for machines, plain text for a person; never personal data.

Everything goes to standard error and nothing else: `up` keeps it in the data folder, a server's journal or
container keeps it there. Who did what is the audit's business; a line tells which request or job it belongs to.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, MutableMapping
from typing import Any

import structlog

MOBILE = re.compile(r"(?<!\d)(1[3-9]\d)[ -]?\d{4}[ -]?(\d{4})(?!\d)")
MAILBOX = re.compile(r"[A-Za-z0-9._%+-]+(?=@[A-Za-z0-9-]+\.[A-Za-z])")
HAN = re.compile(r"[\u3400-\u9fff]+")
BETWEEN = ("Traceback (most recent", "During handling of", "The above exception")


def without_personal_data(_logger: Any, _method: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Drop who asked and what they typed in the address; mask numbers, mailboxes and names that an error quotes."""
    line.pop("ip", None)
    line.pop("user_agent", None)
    if isinstance(request := line.get("request"), str):
        line["request"] = request.partition("?")[0]
    if isinstance(trace := line.get("exception"), str):
        line["exception"] = "\n".join(_without_quotes(trace.splitlines()))
    if trace or str(line.get("logger")).startswith("celery"):  # which says what a job raised
        line["event"] = HAN.sub("…", str(line["event"]))
    for key, value in line.items():
        if isinstance(value, str):
            line[key] = MAILBOX.sub("***", MOBILE.sub(r"\1****\2", value))
    return line


def _without_quotes(trace: Iterable[str]) -> Iterator[str]:
    """Give a traceback without the Chinese words of what was raised: a database quotes the row that it refused.

    Where it happened, the lines of code and the English words stay.
    """
    in_frame = False
    for line in trace:
        in_frame = line.startswith("  File ") or (in_frame and line.startswith("    "))
        yield line if in_frame or line.startswith(BETWEEN) else HAN.sub("…", line)


SHARED: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.stdlib.PositionalArgumentsFormatter(),
    structlog.processors.TimeStamper(fmt="%Y-%m-%dT%H:%M:%S%z", utc=False),
    structlog.processors.StackInfoRenderer(),
    # A plain traceback: the rich ones print local variables, and with them what people wrote.
    structlog.processors.format_exc_info,
    structlog.processors.UnicodeDecoder(),
    without_personal_data,
]


def configuration(*, as_json: bool, level: str = "INFO") -> dict[str, Any]:
    """Set structlog up and give Django's `LOGGING`: one line per event from `level` on, on standard error."""
    structlog.configure(
        processors=[structlog.stdlib.filter_by_level, *SHARED, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    renderer: Any = (
        structlog.processors.JSONRenderer(ensure_ascii=False, default=str)
        if as_json
        else structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback)
    )
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "lines": {
                "()": structlog.stdlib.ProcessorFormatter,
                "processors": [structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
                "foreign_pre_chain": SHARED,
            }
        },
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "lines"}},
        "root": {"handlers": ["console"], "level": level},
        "loggers": {
            "django": {"handlers": [], "level": level},
            # It tells of each log-in with the address; that belongs into the audit trail.
            "axes": {"level": "WARNING"},
            # The middleware of django-structlog already writes one line for each request, failed ones with traceback.
            "django.request": {"level": "CRITICAL"},
        },
    }
