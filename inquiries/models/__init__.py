"""Who asks, how proven, for what purpose, and what was shown."""

from .access_log import AccessLog
from .calls import PhoneCode
from .inquiry import Inquiry, Purpose
from .mandates import Mandate, Scope
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
    "StaffMember",
    "Terminal",
    "User",
    "Visit",
]
