"""个人信息处理告知: what is kept of people, why, how long and who sees it. Open to anyone, linked from every foot.

The numbers come from the settings, so that the page says what this portal does.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from liaisons.letters import mail, webhook

MINUTE = 60
WAYS = {"邮件服务器": mail.is_configured, "即时消息（短信）接口": webhook.is_configured}


def privacy(request: HttpRequest) -> HttpResponse:
    """Show the page."""
    given = {
        "leaver_days": settings.PORTAL_LEAVER_DAYS,
        "audit_days": settings.AUDIT_KEEP_DAYS,
        "idle": settings.SESSION_COOKIE_AGE // MINUTE,
        "longest": settings.PORTAL_SESSION_HOURS,
        "lock": int(settings.AXES_COOLOFF_TIME.total_seconds()) // MINUTE,
        "ways": [word for word, works in WAYS.items() if works()],
        "handed_over": list(_handed_over()),
    }
    return render(request, "privacy.html", given)


def _handed_over() -> Iterator[str]:
    """Name what a mail server and a webhook are given besides the words of a reminder."""
    if mail.is_configured():
        yield "收件邮箱"
    if webhook.is_configured():
        if "{name}" in json.dumps(settings.PORTAL_WEBHOOK_BODY):
            yield "收件人姓名"
        if webhook.needs_phone():
            yield "手机号码"
