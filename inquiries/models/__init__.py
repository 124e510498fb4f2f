"""Who asks, how proven, for what purpose, and what was shown."""

from .access_log import AccessLog
from .calls import PhoneCode
from .inquiry import Inquiry, Purpose
from .mandates import Mandate, Scope
from .staff import StaffDeed, StaffRequest
from .terminals import Terminal
from .users import ActivationCode, EmployerAgent, StaffMember, User
from .visits import IdentityCheck, QuotaRelease, RequiredPaper, SeenPaper, Visit

__all__ = [
    "AccessLog",
    "ActivationCode",
    "EmployerAgent",
    "IdentityCheck",
    "Inquiry",
    "Mandate",
    "PhoneCode",
    "Purpose",
    "QuotaRelease",
    "RequiredPaper",
    "Scope",
    "SeenPaper",
    "StaffDeed",
    "StaffMember",
    "StaffRequest",
    "Terminal",
    "User",
    "Visit",
]
