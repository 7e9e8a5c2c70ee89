"""Tables and the values around them, one concept a file. Importing this registers every table."""

from orouter.models.api_key import (
    ApiKey,
    KeyCreate,
    KeyIssued,
    KeyListed,
    KeyListing,
    KeyMove,
    KeyPublic,
    KeyRotate,
    KeyUpdate,
    KeyVerify,
)
from orouter.models.change_counter import ChangeCounter
from orouter.models.limit import (
    AdmissionWorker,
    Limit,
    LimitCounter,
    LimitListing,
    LimitReport,
    LimitSet,
    LimitStanding,
    OutstandingReservation,
)
from orouter.models.organization import (
    Organization,
    OrganizationCreate,
    OrganizationDeleted,
    OrganizationListed,
    OrganizationListing,
    OrganizationPublic,
    OrganizationUpdate,
)
from orouter.models.stored_setting import StoredSetting

__all__ = [
    "AdmissionWorker",
    "ApiKey",
    "ChangeCounter",
    "KeyCreate",
    "KeyIssued",
    "KeyListed",
    "KeyListing",
    "KeyMove",
    "KeyPublic",
    "KeyRotate",
    "KeyUpdate",
    "KeyVerify",
    "Limit",
    "LimitCounter",
    "LimitListing",
    "LimitReport",
    "LimitSet",
    "LimitStanding",
    "Organization",
    "OrganizationCreate",
    "OrganizationDeleted",
    "OrganizationListed",
    "OrganizationListing",
    "OrganizationPublic",
    "OrganizationUpdate",
    "OutstandingReservation",
    "StoredSetting",
]
