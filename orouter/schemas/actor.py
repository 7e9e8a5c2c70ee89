"""Who asks for something to be done, and how far they may reach."""

from dataclasses import dataclass
from typing import Literal

from orouter.errors import PermissionDenied

Permission = Literal["read", "write", "admin"]

_RANK = {"read": 0, "write": 1, "admin": 2}


@dataclass(frozen=True, slots=True)
class Actor:
    """A key, a person or the command line. ``org_id`` None reaches every organization.

    Services take one for every verb and look rows up within its reach, so that what belongs to
    others is not found rather than forbidden.
    """

    kind: Literal["key", "user", "cli"]
    id: str
    org_id: str | None
    permission: Permission

    def require(self, permission: Permission) -> None:
        """Raise PermissionDenied below ``permission``."""
        if _RANK[self.permission] < _RANK[permission]:
            raise PermissionDenied(f"This needs the permission {permission!r}.")

    def require_everywhere(self) -> None:
        """Raise PermissionDenied unless the actor administers all organizations."""
        self.require("admin")
        if self.org_id is not None:
            raise PermissionDenied("Only an operator of this installation may do this.")


CLI = Actor(kind="cli", id="cli", org_id=None, permission="admin")
"""Whoever can run commands beside the database may do everything."""
