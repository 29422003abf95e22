"""One webhook: a group robot or an SMS gateway. At most once: what may have arrived is not sent again."""

from __future__ import annotations

import http.client
import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings

from liaisons.letters.outcomes import LONGEST_ANSWER, Accepted, Permanent, Temporary, Uncertain
from liaisons.letters.writing import Written
from liaisons.models import ContactPreference, Letter
from xingxian_portal.foundation.phones import Unreadable

CONNECT_SECONDS, TALK_SECONDS = 5, 30
TOO_MANY = 429
# Robots answer 200 whatever happened and say in the body what did.
CODES = ("errcode", "code", "StatusCode")


def is_configured() -> bool:
    """Say whether there is a webhook."""
    return bool(settings.PORTAL_WEBHOOK_URL)


def needs_phone() -> bool:
    """Say whether a message names a telephone number: an SMS gateway's does, a group robot's need not."""
    return "{phone}" in json.dumps(settings.PORTAL_WEBHOOK_BODY)


def filled(template: Any, words: dict[str, str]) -> Any:
    """Give the template with its placeholders filled in; what comes in can break no JSON."""
    match template:
        case str():
            for name, value in words.items():
                template = template.replace("{" + name + "}", value)
            return template
        case dict():
            return {key: filled(value, words) for key, value in template.items()}
        case list():
            return [filled(value, words) for value in template]
    return template


class Webhook:
    """Hands letters over, each with a connection of its own."""

    def send(self, letter: Letter, written: Written, _contact: ContactPreference | None) -> Accepted:
        """Hand one letter over; raises Temporary, Permanent, Uncertain."""
        address = urlsplit(settings.PORTAL_WEBHOOK_URL)
        kind = http.client.HTTPSConnection if address.scheme == "https" else http.client.HTTPConnection
        line = kind(address.netloc, timeout=CONNECT_SECONDS)
        body = json.dumps(filled(settings.PORTAL_WEBHOOK_BODY, _words(letter, written)), ensure_ascii=False).encode()
        target = address.path or "/"
        try:
            line.connect()
            if line.sock:
                line.sock.settimeout(TALK_SECONDS)
        except OSError as broken:
            raise Temporary(str(broken)[:LONGEST_ANSWER], "connection") from broken
        try:
            heads = {"Content-Type": "application/json; charset=utf-8", "Idempotency-Key": str(letter.pk)}
            line.request("POST", f"{target}?{address.query}" if address.query else target, body, heads)
            answer = line.getresponse()
            said = answer.read(2000).decode("utf-8", "replace")
        except (OSError, http.client.HTTPException) as broken:
            raise Uncertain(str(broken)[:LONGEST_ANSWER] or "没有应答", "no-answer") from broken
        finally:
            line.close()
        return _judged(answer.status, said)


def _words(letter: Letter, written: Written) -> dict[str, str]:
    person = getattr(letter.recipient, "person", None)
    try:
        phone = person.phone.full if person and needs_phone() else ""
    except Unreadable:
        phone = ""
    if needs_phone() and not phone:
        raise Permanent("没有登记手机号码", "no-address", closes=False)
    return {
        "title": written.title, "text": written.body, "name": letter.recipient.name, "phone": phone,
        "link": f"{settings.PORTAL_PUBLIC_URL}/notices/",
    }  # fmt: skip


def _judged(status: int, said: str) -> Accepted:
    answer = f"{status} {said}"[:LONGEST_ANSWER]
    if status == TOO_MANY or status >= 500:
        raise Temporary(answer, str(status))
    if status >= 300:
        raise Permanent(answer, str(status))
    code = _code(said)
    if code not in (None, 0, "0", "ok", "OK"):
        raise Permanent(answer, str(code)[:20])
    return Accepted(answer)


def _code(said: str) -> Any:
    try:
        read = json.loads(said)
    except ValueError:
        return None
    return next((read[name] for name in CODES if name in read), None) if isinstance(read, dict) else None


@contextmanager
def opened() -> Iterator[Webhook]:
    """Give the webhook."""
    yield Webhook()
