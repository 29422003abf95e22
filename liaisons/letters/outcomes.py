"""How handing a letter over to a channel ended."""

from __future__ import annotations

from dataclasses import dataclass

# Minutes until the next attempt after the first, second … temporary failure; spread so that all do not come at once.
RETRY_MINUTES = (1, 5, 15, 60, 180)
SPREAD = 0.2
MOST_ATTEMPTS = 6
LONGEST_ANSWER = 300


@dataclass(frozen=True)
class Accepted:
    """The other side took it; `answer` is what it said."""

    answer: str = ""


@dataclass(eq=False)
class Temporary(Exception):
    """Not now: to be tried again; `may_be_out` when the connection broke after the letter was begun."""

    answer: str
    code: str = ""
    may_be_out: bool = False


@dataclass(eq=False)
class Permanent(Exception):
    """Never: the address is closed when `closes` is set, and the next way is taken."""

    answer: str
    code: str = ""
    closes: bool = True


@dataclass(eq=False)
class Uncertain(Exception):
    """Handed over without an answer: may have arrived, so it is not sent again where doubles do not collapse."""

    answer: str
    code: str = ""
