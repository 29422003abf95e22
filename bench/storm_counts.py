"""What a storm of reminders left behind, counted from the database and from the mail server's log."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from bench import storm_app

SENDERS = 4  # children of two workers


@dataclass(frozen=True)
class Counts:
    """What the storm left behind."""

    stages: dict[str, int]  # kills by the stage at which they came; "any moment" for those drawn
    events: int  # what else befell: queue, database, clock, worker, beat
    notices: int  # inbox notices of as many people
    lost: int  # lines whose letter did not go out
    second_rows: int  # ledger lines beyond one for each person and channel
    doubled: int  # mails that came a second time, all with the Message-ID of the first
    other_ids: int  # people who were sent two different letters
    seconds: float
    recovered: int  # people whom the step that is still of use reached after the days down, by both ways
    burst: int  # messages beyond one for each person and way on that day
    expired: int  # lines of the days down written down as expired or superseded

    @property
    def kills(self) -> int:
        """Give how many processes were killed, whole workers and beats beside."""
        return sum(self.stages.values())

    def is_fine(self, people: int, kills: int, blows: int) -> bool:
        """Say whether all were told once: a second copy only of what was in flight, one for each who sent when a blow fell."""
        once = not (self.lost or self.second_rows or self.other_ids or self.burst) and self.notices == people
        everywhere = self.kills >= kills and set(self.stages) >= set(storm_app.STAGES) and self.events == blows
        return once and everywhere and self.recovered == people and self.doubled <= self.in_flight

    @property
    def in_flight(self) -> int:
        """Give how many mails may have been in flight: one for each sender that a kill or a blow met."""
        handing = sum(self.stages.get(stage, 0) for stage in storm_app.HANDING_OVER)
        return handing + self.stages.get("any moment", 0) + SENDERS * self.events


def after_the_storm(people: int, mails: list[str]) -> dict[str, int]:
    """Count what went out of one reminder to so many people by both ways."""
    from liaisons.models import LedgerEntry, Letter, Notice

    ids = set(mails)
    went = LedgerEntry.objects.filter(letter__status=Letter.SENT).count()
    return {
        "notices": Notice.objects.filter(letter__isnull=False).count(), "lost": 2 * people - went,
        "second_rows": LedgerEntry.objects.count() - 2 * people, "doubled": len(mails) - len(ids),
        "other_ids": sum(_beyond_one(ids).values()),
    }  # fmt: skip


def _beyond_one(mails: set[str]) -> dict[str, int]:
    by_person = Counter(line.split()[0] for line in mails)
    return {person: number - 1 for person, number in by_person.items() if number > 1}


def after_the_days_down(mails: list[str]) -> dict[str, int]:
    """Count what went out on the day of coming back."""
    from django.db.models import Count

    from bench.reminded_county import moment
    from liaisons.models import LedgerEntry, Letter, Notice

    day = moment(24).date()
    reached = LedgerEntry.objects.filter(step="e1", letter__status=Letter.SENT, letter__day=day)
    by_both = reached.order_by().values("recipient").annotate(ways=Count("channel", distinct=True)).filter(ways=2)
    notices = Notice.objects.filter(letter__day=day).order_by().values("recipient").annotate(number=Count("pk"))
    beyond = sum(row["number"] - 1 for row in notices)
    return {
        "recovered": by_both.count(), "burst": beyond + sum(_beyond_one(set(mails)).values()),
        "expired": LedgerEntry.objects.filter(status=LedgerEntry.EXPIRED).count(),
    }  # fmt: skip
