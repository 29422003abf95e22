"""How a verb says no: one sentence in the user's words, and the input it belongs beside."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar


class Refused(Exception):
    """The act is not possible; the message says why in the user's words.

    `field` names the input of the form it belongs beside, None for the form as a whole.
    """

    def __init__(self, message: str, field: str | None = None) -> None:
        super().__init__(message)
        self.field = field
        said = heard.get()
        if said is not None:
            said.append(self)


class Stale(Refused):
    """Somebody else changed the object after the form was opened; what was typed must be kept and shown again."""

    def __init__(self, what: str) -> None:
        super().__init__(f"{what}在您打开之后被别人改过。您填写的内容都还在，核对后再保存一次，就以您填写的为准。")


# Every refusal of the running request, for the audit trail: a view turns one into a sentence on its page, and the
# transaction in which it was raised takes back whatever was written there. None outside of a request.
heard: ContextVar[list[Refused] | None] = ContextVar("heard_refusals", default=None)


@contextmanager
def unheard() -> Iterator[None]:
    """Ask verbs beforehand what they would say: within the block a refusal is an answer, not an act that was refused."""
    token = heard.set(None)
    try:
        yield
    finally:
        heard.reset(token)


class OneRefused(Refused):
    """One of many that are written together cannot be so, hence none was; `place` says which, from 0."""

    def __init__(self, why: Refused, place: int) -> None:
        with unheard():  # it was heard when it was first said
            super().__init__(str(why), why.field)
        self.place = place
