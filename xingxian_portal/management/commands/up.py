"""`python manage.py up [--demo] [--bind HOST:PORT]`: the whole portal on this machine, with one command."""

from __future__ import annotations

import logging
import sys
from argparse import ArgumentParser
from functools import partial
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from liaisons import first_run
from xingxian_portal.foundation.refusal import Refused
from xingxian_portal.processes import address, announcement, parts, preflight, preparation
from xingxian_portal.processes.caretaker import Caretaker
from xingxian_portal.processes.output import Console
from xingxian_portal.processes.supervisor import Supervisor


class Command(BaseCommand):
    """Checks, prepares, starts, watches and ends everything; returns when a signal has ended it."""

    help = "启动平台：网站、任务队列、后台任务和定时任务；按 Ctrl-C 停止。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take what may differ between two starts on one machine."""
        parser.add_argument("--demo", action="store_true", help="在空数据目录里放入 2022 年的演示数据和演示账号")
        parser.add_argument("--bind", default="127.0.0.1:8000", metavar="HOST:PORT", help="监听地址，默认 %(default)s")

    def handle(self, *_args: Any, demo: bool, bind: str, **_options: Any) -> None:
        """Run until stopped; leave with one sentence when the portal cannot start as asked."""
        logging.raiseExceptions = False  # a full disk must not fill the terminal with tracebacks as well
        logging.getLogger().setLevel(logging.WARNING)
        try:
            where = address.parse(bind)
            with preflight.sole_use(settings.DATA_DIR):
                address.ensure_free(where)
                self._run(where, demo=demo)
        except Refused as refusal:
            sys.exit(f"无法启动：{refusal}")
        except KeyboardInterrupt:
            sys.exit("已停止：还没有启动完。")  # before the supervisor took the signals over: nothing runs yet

    def _run(self, where: address.Address, *, demo: bool) -> None:
        console, folder = Console(), settings.DATA_DIR
        queue, rest = parts.queue(folder, console), parts.rest(folder, where, console)
        console.say("正在准备数据……")
        preparation.prepare(folder, demo=demo)
        code = "" if demo else first_run.setup_code()
        console.say("正在启动……")
        caretaker = Caretaker(
            where, lambda trouble: console.say(announcement.text(where, folder, trouble, demo=demo, code=code))
        )
        caretaker.start()
        Supervisor(queue, rest, console).run(partial(parts.queue_opens, folder))
        caretaker.end()
