"""What a round's page shows to whom: the organiser its course, a unit its own files, a reviewer their sheets.

Scores stand on it only once all sheets are in, and to others than organiser and unit only once they are made known.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from liaisons.models import Unit, User
from liaisons.permissions import Permission
from reform.case_review import outcomes, publishing, ranking, reassigning, rights
from reform.case_review.outcomes import Outcome, Standing
from reform.models import ReviewRound, RoundReviewer, Stage


@dataclass(frozen=True)
class Step:
    """One stage on the strip above the page."""

    label: str
    is_done: bool
    is_now: bool


@dataclass
class Sight:
    """A round as one person sees it."""

    round: ReviewRound
    user: User

    @cached_property
    def organises(self) -> bool:
        """Say whether the person runs it."""
        return rights.organises(self.user, self.round)

    @cached_property
    def sees_all(self) -> bool:
        """Say whether every file of it may be seen, with its result once there is one."""
        return self.organises or self.user.may(Permission.READ_ANY_FILING)

    @cached_property
    def own_units(self) -> list[Unit]:
        """Give the person's units that are looked at."""
        return list(self.round.units.filter(pk__in=self.user.unit_ids_with(Permission.READ_OWN)))

    @cached_property
    def seat(self) -> RoundReviewer | None:
        """Give the person's seat as a reviewer."""
        return self.round.reviewers.filter(user=self.user).first()

    @property
    def steps(self) -> list[Step]:
        """Give the stages, those behind and where it stands."""
        order = list(Stage)
        now = order.index(Stage(self.round.stage))
        return [Step(stage.label, place < now, place == now) for place, stage in enumerate(order)]

    @cached_property
    def everything(self) -> list[Outcome]:
        """Give every file's outcome; what of it is shown is for the properties below."""
        return outcomes.of_round(self.round)

    @property
    def files(self) -> list[Outcome]:
        """Give the files that the person may see in the list."""
        own = {unit.pk for unit in self.own_units}
        return [one for one in self.everything if self.sees_all or one.drawn.case_file.unit_id in own]

    @property
    def shows_scores(self) -> bool:
        """Say whether the files' list carries scores."""
        return self.round.has_results

    @property
    def shows_ranking(self) -> bool:
        """Say whether units and problems are compared."""
        return self.round.is_known or (self.round.has_results and self.sees_all)

    @property
    def seats_people(self) -> bool:
        """Say whether the person may ask and take out reviewers now."""
        return self.organises and self.round.stage in (Stage.PREPARING, Stage.SEALED, Stage.DRAWN)

    @cached_property
    def misplaced(self) -> list[reassigning.Misplaced]:
        """Give the sheets that the organiser has to hand on."""
        return reassigning.misplaced(self.round) if self.organises and self.round.stage == Stage.SCORING else []

    @property
    def standings(self) -> list[tuple[Standing, int]]:
        """Count the files by how far they are."""
        counted = Counter(one.standing for one in self.everything)
        return [(standing, counted[standing]) for standing in Standing if counted[standing]]

    @property
    def done(self) -> int:
        """Count the finished files."""
        return sum(one.standing is Standing.DONE for one in self.everything)

    @cached_property
    def previous(self) -> ReviewRound | None:
        """Give the round to compare with."""
        return ranking.last_round(self.round) if self.shows_ranking else None

    @cached_property
    def before(self) -> list[Outcome]:
        """Give the outcomes of the round to compare with."""
        return outcomes.of_round(self.previous) if self.previous else []

    @property
    def mean_before(self) -> Decimal:
        """Give the mean score of the round to compare with."""
        return outcomes.mean(self.before)

    @cached_property
    def places(self) -> list[ranking.Place]:
        """Rank the units."""
        return ranking.by_unit(self.everything, self.before)

    @cached_property
    def classes(self) -> list[ranking.ClassCount]:
        """Count the problems."""
        return ranking.by_class(self.everything, self.before)

    @cached_property
    def best(self) -> list[Outcome]:
        """Give the best files."""
        return ranking.best(self.everything)

    @cached_property
    def summary(self) -> ranking.Summary:
        """Sum it up."""
        return ranking.summary(self.everything)

    @cached_property
    def reviewers(self) -> list[RoundReviewer]:
        """Give the reviewers with their sheets."""
        return list(
            self.round.reviewers.select_related("user__unit").prefetch_related(
                "sheets", "conflicts__unit", "conflicts__case_file"
            )
        )

    @property
    def discharges(self) -> list[Unit]:
        """Give whose duty the round closes or closed when made known; nobody's in a practice round."""
        return [] if self.round.is_practice else publishing.discharged_units(self.round)
