"""Who asks for something to be done, how far they may reach, and what they may do there."""

from dataclasses import dataclass
from typing import Literal, get_args

from orouter.errors import PermissionDenied

Permission = Literal["read", "write", "admin"]
"""Of keys."""
Role = Literal["superadmin", "operator", "org_admin", "viewer"]
"""Of people."""
Via = Literal["ui", "api", "cli"]
Right = Literal[
    "orgs.read",
    "orgs.write",
    "keys.read",
    "keys.write",
    "limits.read",
    "limits.write",
    "members.read",
    "stats.read",
    "requests.read",
    "audit.read",
    "models.read",
    "models.write",
    "providers.read",
    "providers.write",
    "system.read",
    "settings.read",
    "settings.write",
    "users.read",
    "users.write",
]
"""What can be permitted. Whoever has a right has it within their reach, and nowhere else."""

_ALL = frozenset[Right](get_args(Right))
_READ_INSIDE = frozenset[Right](
    {
        *("orgs.read", "keys.read", "limits.read", "members.read"),
        *("stats.read", "requests.read", "audit.read", "models.read"),
    }
)
"""What can be read of an organization by those who belong to it."""
_READ = frozenset[Right](right for right in _ALL if right.endswith(".read"))
_KEY_ADMIN = _READ_INSIDE - {"members.read", "audit.read"} | frozenset[Right]({"keys.write"})
_ROLES: dict[Role, frozenset[Right]] = {
    "superadmin": _ALL,
    "operator": _ALL - {"users.write", "settings.write"},
    "org_admin": _READ_INSIDE | frozenset[Right]({"keys.write"}),
    "viewer": _READ_INSIDE,
}


@dataclass(frozen=True, slots=True)
class Actor:
    """A key, a person, a person's token, the command line or orouter itself.

    ``orgs`` None reaches every organization. Services take an actor for every verb and look rows
    up within its reach, so that what belongs to others is not found rather than forbidden.

    ``id`` is that of the key or the person; ``via``, ``ip`` and ``name`` are for the audit log.
    """

    kind: Literal["key", "user", "token", "cli", "system"]
    id: str
    orgs: frozenset[str] | None
    role: Role | None = None
    permission: Permission | None = None
    via: Via = "api"
    ip: str = ""
    name: str = ""

    @property
    def rights(self) -> frozenset[Right]:
        """What may be done within the reach; a viewer of everything also reads the rest."""
        if self.role is None:
            return _KEY_ADMIN if self.permission == "admin" else frozenset()
        return _READ if self.role == "viewer" and self.orgs is None else _ROLES[self.role]

    @property
    def is_person(self) -> bool:
        """Whether ``id`` is a user's."""
        return self.kind in ("user", "token")

    @property
    def sees_only_itself(self) -> bool:
        """A key below the permission ``admin`` knows its own usage and no other."""
        return self.kind == "key" and self.permission != "admin"

    def reaches(self, org_id: str) -> bool:
        """Whether that organization is within reach."""
        return self.orgs is None or org_id in self.orgs

    def require(self, right: Right) -> None:
        """Raise PermissionDenied without that right."""
        if right not in self.rights:
            raise PermissionDenied(f"This needs the right {right!r}, which you do not have.")

    def require_everywhere(self) -> None:
        """Raise PermissionDenied unless the actor runs this installation."""
        if self.role not in ("superadmin", "operator"):
            raise PermissionDenied("Only an operator of this installation may do this.")


def of_key(key_id: str, org_id: str, permission: Permission, name: str = "", ip: str = "") -> Actor:
    """A key: its reach ends with its organization."""
    return Actor("key", key_id, frozenset({org_id}), permission=permission, name=name, ip=ip)


CLI = Actor("cli", "cli", None, role="superadmin", via="cli")
"""Whoever can run commands beside the database may do everything."""
SYSTEM = Actor("system", "orouter", None, role="superadmin", name="orouter")
"""What nobody asked for: chores, and callers that are not known yet."""
