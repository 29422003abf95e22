"""How an account is found for a request: one query that also counts what the person has not read."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.contrib.auth.backends import AllowAllUsersModelBackend
from django.db.models import Count, Exists, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from liaisons.models import Authenticator, Notice, User


@cache  # asked at every request; what is filtered from it is a copy
def _with_unread() -> QuerySet[User]:
    unread = Notice.objects.filter(recipient=OuterRef("pk"), opened_at__isnull=True).order_by()
    count = unread.values("recipient").annotate(count=Count("pk")).values("count")
    counted = Coalesce(Subquery(count), 0)
    app = Exists(Authenticator.objects.filter(user=OuterRef("pk"), confirmed=True))
    # They stand in for the properties of the same names, which would ask once more.
    return User.objects.select_related("unit").annotate(unread_notices=counted, has_second_factor=app)  # type: ignore[no-redef] # as said


class AccountBackend(AllowAllUsersModelBackend):
    """Finds an account by user name and password; rights come from `roles`, not from Django's permission tables.

    It finds a closed account too: only its owner shall learn that it is closed. `sign_in` lets nobody in with it.
    """

    def get_user(self, user_id: Any) -> User | None:
        """Give the active account with its unit and the number of its unread notices, or None."""
        return _with_unread().filter(pk=user_id, is_active=True).first()
