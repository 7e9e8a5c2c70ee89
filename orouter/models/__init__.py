"""Tables and the values around them, one concept a file. Importing this registers every table."""

from orouter.models.api_key import ApiKey, KeyCreate, KeyIssued, KeyPublic, KeyUpdate
from orouter.models.change_counter import ChangeCounter
from orouter.models.organization import (
    Organization,
    OrganizationCreate,
    OrganizationPublic,
    OrganizationUpdate,
)

__all__ = [
    "ApiKey",
    "ChangeCounter",
    "KeyCreate",
    "KeyIssued",
    "KeyPublic",
    "KeyUpdate",
    "Organization",
    "OrganizationCreate",
    "OrganizationPublic",
    "OrganizationUpdate",
]
