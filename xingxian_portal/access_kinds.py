"""The ways in which an address admits people; `url_access` says for each address which."""

from __future__ import annotations

from dataclasses import dataclass

from liaisons.models import User
from liaisons.permissions import Permission as P


@dataclass(frozen=True)
class Access:
    """Who may enter one address, and whether it is an act (POST alone) or a page."""

    permissions: frozenset[P] | None = None  # any one of them; None for everybody who is let in
    public: bool = False
    is_act: bool = False

    def admits(self, user: User | None) -> bool:
        """Say whether `user` (None: not logged in) may enter."""
        if self.public:
            return True
        if user is None:
            return False
        return self.permissions is None or bool(user.permissions & self.permissions)


def need(*permissions: P) -> Access:
    """For a page: any one of `permissions`."""
    return Access(frozenset(permissions))


def act(*permissions: P) -> Access:
    """For an act: any one of `permissions`, or everybody who is logged in."""
    return Access(frozenset(permissions) or None, is_act=True)


ANYONE, ANYONE_ACTS = Access(public=True), Access(public=True, is_act=True)
LOGGED_IN = Access()
