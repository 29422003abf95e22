"""The documents of finished rounds that a person may take, for the page 通报与导出."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import reverse

from liaisons.models import User
from reform.case_review.round_sight import Sight
from reform.models import ReviewRound
from reform.models.review_round import WITH_RESULTS

MOST = 8  # rounds; older ones are found on their own pages


@dataclass(frozen=True)
class Paper:
    """One document: what it is, and where it is taken."""

    label: str
    address: str


@dataclass(frozen=True)
class PapersOfRound:
    """A round with the documents that the person may take."""

    round: ReviewRound
    papers: list[Paper]


def of(user: User) -> list[PapersOfRound]:
    """Give the newest rounds of which the person may take something."""
    rows = ReviewRound.objects.visible_to(user).filter(stage__in=WITH_RESULTS).select_related("organiser")
    found = [PapersOfRound(one, list(_papers(Sight(one, user)))) for one in rows[:MOST]]
    return [one for one in found if one.papers]


def _papers(sight: Sight) -> Iterator[Paper]:
    if sight.organises:
        yield Paper("通报稿", reverse("review_bulletin", args=[sight.round.pk]))
        yield Paper("全套材料", reverse("review_bundle", args=[sight.round.pk]))
    for unit in sight.own_units:
        yield Paper(f"{unit.short_name}执法监督意见书", reverse("review_opinion", args=[sight.round.pk, unit.pk]))
