"""Who asks, how proven, for what purpose, and what was shown."""

from .access_log import AccessLog
from .inquiry import Inquiry, Purpose
from .notices import Notice
from .sessions import KnownDevice, Session, Throttle
from .users import ActivationCode, EmployerAgent, StaffMember, User
from .visits import IdentityCheck, RequiredPaper, SeenPaper, Visit

__all__ = [
    "AccessLog",
    "ActivationCode",
    "EmployerAgent",
    "IdentityCheck",
    "Inquiry",
    "KnownDevice",
    "Notice",
    "Purpose",
    "RequiredPaper",
    "SeenPaper",
    "Session",
    "StaffMember",
    "Throttle",
    "User",
    "Visit",
]
