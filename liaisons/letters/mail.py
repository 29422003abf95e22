"""E-mail over SMTP: one connection for many letters, a fixed Message-ID so that a second copy collapses into the first."""

from __future__ import annotations

import base64
import mimetypes
import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import formatdate

from django.conf import settings

from liaisons.letters import bounce_marks
from liaisons.letters.outcomes import LONGEST_ANSWER, Accepted, Permanent, Temporary
from liaisons.letters.writing import Written, signed
from liaisons.models import ContactPreference, Letter

CONNECT_SECONDS, TALK_SECONDS = 5, 30
WORD = 11  # characters of up to four bytes each
# RFC 3463 5.4.4 and 4xx are about the way, not about the mailbox: tried again.
TEMPORARY_5XX = ("5.4.4", "5.3.4", "5.7.1 rate")


def is_configured() -> bool:
    """Say whether there is a mail server."""
    return settings.PORTAL_MAIL is not None


def message_id(letter: Letter) -> str:
    """Give the letter's one Message-ID."""
    return f"<{letter.pk}@{settings.PORTAL_MAIL_FROM.partition('@')[2]}>"


def in_words(text: str) -> str:
    """Give a header's text as encoded words of at most 75 characters (RFC 2047), cut between characters."""
    parts = [text[start : start + WORD] for start in range(0, len(text), WORD)]
    return "\r\n ".join(f"=?utf-8?b?{base64.b64encode(part.encode()).decode()}?=" for part in parts)


def in_bytes(letter: Letter, written: Written, address: str) -> bytes:
    """Give the message as it goes over the wire; written by hand, it costs a tenth of the library's."""
    if written.papers:
        return _with_papers(letter, written, address)
    subject = in_words(written.title.replace("\n", " "))
    heads = (
        f"From: {settings.PORTAL_MAIL_FROM}", f"To: {address}", f"Subject: {subject}",
        f"Date: {formatdate()}", f"Message-ID: {message_id(letter)}", "MIME-Version: 1.0",
        "Content-Type: text/plain; charset=utf-8", "Content-Transfer-Encoding: base64",
        "Auto-Submitted: auto-generated", f"List-Unsubscribe: <{settings.PORTAL_PUBLIC_URL}/contact/>",
    )  # fmt: skip
    body = base64.encodebytes(signed(written.body, written.private).encode()).replace(b"\n", b"\r\n")
    return "\r\n".join(heads).encode() + b"\r\n\r\n" + body


def _with_papers(letter: Letter, written: Written, address: str) -> bytes:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = settings.PORTAL_MAIL_FROM, address, written.title.replace("\n", " ")
    mail["Date"], mail["Message-ID"], mail["Auto-Submitted"] = formatdate(), message_id(letter), "auto-generated"
    mail["List-Unsubscribe"] = f"<{settings.PORTAL_PUBLIC_URL}/contact/>"
    mail.set_content(signed(written.body, written.private), cte="base64")
    for paper in written.papers:
        main, _, sub = (mimetypes.guess_type(paper.name)[0] or "application/octet-stream").partition("/")
        mail.add_attachment(paper.path.read_bytes(), maintype=main, subtype=sub, filename=paper.name)
    return mail.as_bytes(policy=SMTP)


class Mail:
    """One connection to the mail server, opened when it is first needed and again after it broke."""

    def __init__(self) -> None:
        self._line: smtplib.SMTP | None = None

    def send(self, letter: Letter, written: Written, contact: ContactPreference | None) -> Accepted:
        """Hand one letter over; raises Temporary, Permanent."""
        if contact is None or not contact.email:
            raise Permanent("没有登记邮箱", "no-address", closes=False)
        address = contact.email.full
        line = self._connected()
        try:
            line.sendmail(bounce_marks.sender_of(letter), [address], in_bytes(letter, written, address))
        except smtplib.SMTPRecipientsRefused as refused:
            code, answer = refused.recipients[address]
            raise _verdict(code, answer) from refused
        except smtplib.SMTPResponseException as refused:
            raise _verdict(refused.smtp_code, refused.smtp_error, closes=False) from refused
        except (smtplib.SMTPException, OSError) as broken:
            self.close()
            raise Temporary(str(broken)[:LONGEST_ANSWER], "broken-off", may_be_out=True) from broken
        return Accepted("250")

    def _connected(self) -> smtplib.SMTP:
        if self._line is None:
            try:
                self._line = _opened()
            except smtplib.SMTPResponseException as refused:
                raise _verdict(refused.smtp_code, refused.smtp_error, closes=False) from refused
            except (smtplib.SMTPException, OSError) as broken:
                raise Temporary(str(broken)[:LONGEST_ANSWER], "connection") from broken
        return self._line

    def close(self) -> None:
        """Say good-bye, if anybody listens."""
        line, self._line = self._line, None
        if line is not None:
            with suppress(smtplib.SMTPException, OSError):
                line.quit()


def _opened() -> smtplib.SMTP:
    server = settings.PORTAL_MAIL
    if server is None:
        raise Temporary("没有设置邮件服务器（EMAIL_URL）", "no-server")
    # Made only where it is used: reading the machine's certificates takes as long as a hundred letters.
    tls = ssl.create_default_context() if server["security"] != "plain" else None
    if server["security"] == "tls":
        line: smtplib.SMTP = smtplib.SMTP_SSL(server["host"], server["port"], timeout=CONNECT_SECONDS, context=tls)
    else:
        line = smtplib.SMTP(server["host"], server["port"], timeout=CONNECT_SECONDS)
    if line.sock:
        line.sock.settimeout(TALK_SECONDS)
    if server["security"] == "starttls":
        line.starttls(context=tls)
    if server["user"]:
        line.login(server["user"], server["password"])
    return line


def _verdict(code: int, answer: bytes | str, *, closes: bool = True) -> Temporary | Permanent:
    text = (answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer)[:LONGEST_ANSWER]
    said = f"{code} {text}"[:LONGEST_ANSWER]
    if code < 500 or text.startswith(TEMPORARY_5XX):
        return Temporary(said, str(code))
    return Permanent(said, str(code), closes=closes)


@contextmanager
def opened() -> Iterator[Mail]:
    """Give a connection for the letters of one chunk."""
    mail = Mail()
    try:
        yield mail
    finally:
        mail.close()
