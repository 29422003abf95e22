"""All processes of the portal: started in order, kept running, ended together and completely."""

from __future__ import annotations

import selectors
import signal
import time
from collections.abc import Callable, Sequence
from types import FrameType

from xingxian_portal.processes.child import Child
from xingxian_portal.processes.output import Console

GRACE = 30.0
URGED_AFTER = 25.0
QUEUE_GRACE = 5.0
TICK = 0.2


class Supervisor:
    """Runs the children until a signal comes. One thread only: the kernel ties each leash to the thread that forked."""

    def __init__(self, first: Sequence[Child], rest: Sequence[Child], console: Console) -> None:
        """Take the children that must come up first and go down last (the queue), and the rest."""
        self._first, self._rest = list(first), list(rest)
        self._console = console
        self._selector = selectors.DefaultSelector()
        self._asked = 0

    def run(self, first_is_up: Callable[[], bool]) -> None:
        """Start everything, the rest once `first_is_up`; return when a signal has come and all have ended."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._on_signal)
        try:
            for child in self._first:
                self._start(child)
            if not first_is_up():
                self._console.say("任务队列迟迟没有应答，其余部分照常启动；原因见日志。")
            for child in self._rest:
                self._start(child)
            while not self._asked:
                self._turn()
                self._revive()
        finally:
            self._stop()

    def _on_signal(self, _number: int, _frame: FrameType | None) -> None:
        self._asked += 1

    def _start(self, child: Child) -> None:
        if self._asked:
            return
        child.start()
        self._selector.register(child.output, selectors.EVENT_READ, child)

    def _turn(self) -> None:
        for key, _events in self._selector.select(TICK):
            if not key.data.read():
                self._selector.unregister(key.fd)

    def _revive(self) -> None:
        for child in [*self._first, *self._rest]:
            if child.alive and child.has_ended():
                code = self._bury(child)
                pause = child.plan_restart()
                self._tell(child, code, pause)
            elif not child.alive and time.monotonic() >= child.due:
                self._start(child)

    def _bury(self, child: Child) -> int:
        if child.output in self._selector.get_map():
            self._selector.unregister(child.output)
        return child.bury()

    def _tell(self, child: Child, code: int, pause: float) -> None:
        for line in child.transcript.tail:
            self._console.say(f"{child.name:<6} | {line}")
        child.transcript.tail.clear()
        how = f"信号 {-code}" if code < 0 else f"代码 {code}"
        self._console.say(f"{child.name:<6} | 意外退出（{how}），{pause:g} 秒后重新启动。日志：{child.transcript.path}")

    def _stop(self) -> None:
        self._console.say("正在停止，等手头的工作做完（最多 30 秒；再按一次 Ctrl-C 立即停止）……")
        self._end(self._rest, GRACE)
        self._end(self._first, QUEUE_GRACE)
        self._selector.close()
        for child in [*self._first, *self._rest]:
            child.transcript.close()
        self._console.say("已停止。")

    def _end(self, children: Sequence[Child], grace: float) -> None:
        asked, begun, urged = self._asked, time.monotonic(), False
        for child in children:
            child.ask_to_stop()
        while any(child.alive for child in children):
            self._turn()
            passed = time.monotonic() - begun
            if passed > URGED_AFTER and not urged:
                # A worker now hands its unfinished job back to the queue, where the next start finds it at once.
                urged = self._urge(children)
            impatient = self._asked > max(asked, 1) or passed > grace
            for child in children:
                if child.alive and (impatient or child.has_ended()):
                    self._bury(child)

    def _urge(self, children: Sequence[Child]) -> bool:
        for child in children:
            child.ask_to_stop(signal.SIGQUIT)
        return True
