"""Real servers that take what the portal sends: an SMTP server and a webhook, both within the test's process."""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.header import decode_header, make_header
from email.message import Message
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

from aiosmtpd.controller import Controller

from tests.running_portal import free_port

logging.getLogger("mail.log").setLevel(logging.ERROR)  # the server tells of every connection
REFUSED = {"gone": "550 5.1.1 no such user", "full": "452 4.2.2 mailbox full", "way": "554 5.4.4 no route"}


@dataclass
class PostOffice:
    """What an SMTP server took; an address that begins with a word of `REFUSED` is refused so."""

    mails: list[Message] = field(default_factory=list)
    senders: list[str] = field(default_factory=list)

    async def handle_RCPT(self, _server, _session, envelope, address, _options):  # noqa: N802 - the server calls it so
        said = REFUSED.get(address.partition("@")[0].partition(".")[0])
        if said is None:
            envelope.rcpt_tos.append(address)
        return said or "250 OK"

    async def handle_DATA(self, _server, _session, envelope):  # noqa: N802 - the server calls it so
        self.mails.append(message_from_bytes(envelope.content))
        self.senders.append(envelope.mail_from)
        return "250 OK"

    @property
    def subjects(self) -> list[str]:
        return [str(make_header(decode_header(mail["Subject"]))) for mail in self.mails]


def text_of(mail: Message) -> str:
    """Give the words of a mail."""
    return mail.get_payload(decode=True).decode()  # type: ignore[union-attr] # one part


@contextmanager
def post_office(settings: Any) -> Iterator[PostOffice]:
    """Run an SMTP server and have the portal use it."""
    office = PostOffice()
    port = free_port()
    controller = Controller(office, hostname="127.0.0.1", port=port)
    controller.start()
    settings.PORTAL_MAIL = {"host": "127.0.0.1", "port": port, "security": "plain", "user": "", "password": ""}
    settings.PORTAL_MAIL_FROM = "portal@example.com"
    try:
        yield office
    finally:
        controller.stop()


@dataclass
class Listener:
    """What was asked of a web server, and with which status it answers."""

    port: int = 0
    asked: list[str] = field(default_factory=list)
    status: int = 200


@contextmanager
def listener() -> Iterator[Listener]:
    """Run a web server that takes note of what it is asked for."""
    one = Listener()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            one.asked.append(self.path)
            self.send_response(one.status)
            self.end_headers()

        def log_message(self, *_arguments):
            """Say nothing."""

    with _serving(Handler) as one.port:
        yield one


@contextmanager
def _serving(handler: type[BaseHTTPRequestHandler]) -> Iterator[int]:
    """Run a web server in a thread and give its port."""
    server = HTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@dataclass
class Robot:
    """What a webhook took, and how it answers next."""

    taken: list[Any] = field(default_factory=list)
    status: int = 200
    said: bytes = b'{"errcode": 0}'
    silent: bool = False


@contextmanager
def robot(settings: Any) -> Iterator[Robot]:
    """Run a webhook and have the portal use it."""
    one = Robot()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            one.taken.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            if one.silent:
                self.connection.close()
                return
            self.send_response(one.status)
            self.end_headers()
            self.wfile.write(one.said)

        def log_message(self, *_arguments):
            """Say nothing."""

    with _serving(Handler) as port:
        settings.PORTAL_WEBHOOK_URL = f"http://127.0.0.1:{port}/send?key=1"
        yield one
