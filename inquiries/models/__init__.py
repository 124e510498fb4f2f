"""Who asks, how proven, for what purpose, and what was shown."""

from .access_log import AccessLog
from .inquiry import Inquiry, Purpose
from .staff import StaffDeed, StaffRequest
from .users import ActivationCode, EmployerAgent, StaffMember, User
from .visits import IdentityCheck, RequiredPaper, SeenPaper, Visit

__all__ = [
    "AccessLog",
    "ActivationCode",
    "EmployerAgent",
    "IdentityCheck",
    "Inquiry",
    "Purpose",
    "RequiredPaper",
    "SeenPaper",
    "StaffDeed",
    "StaffMember",
    "StaffRequest",
    "User",
    "Visit",
]
