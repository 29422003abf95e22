"""How an account is found for a request: one query that also counts what the person has not read."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from liaisons.models import Notice, User


def _with_unread() -> QuerySet[User]:
    unread = Notice.objects.filter(recipient=OuterRef("pk"), opened_at__isnull=True).order_by()
    count = unread.values("recipient").annotate(count=Count("pk")).values("count")
    counted = Coalesce(Subquery(count), 0)
    # Stands in for the property of the same name, which would ask once more.
    return User.objects.select_related("unit").annotate(unread_notices=counted)  # type: ignore[no-redef] # as said


class AccountBackend(ModelBackend):
    """Logs in by user name and password; rights come from `roles`, not from Django's permission tables."""

    def get_user(self, user_id: Any) -> User | None:
        """Give the active account with its unit and the number of its unread notices, or None."""
        user = _with_unread().filter(pk=user_id).first()
        return user if user and self.user_can_authenticate(user) else None
