"""Who asks, how proven, for what purpose, and what was shown."""

from .access_log import AccessLog
from .inquiry import Inquiry, Purpose
from .looks import DelayedDisplay, LogExport, LookQuestion
from .users import ActivationCode, EmployerAgent, StaffMember, User
from .visits import IdentityCheck, RequiredPaper, SeenPaper, Visit

__all__ = [
    "AccessLog",
    "ActivationCode",
    "DelayedDisplay",
    "EmployerAgent",
    "IdentityCheck",
    "Inquiry",
    "LogExport",
    "LookQuestion",
    "Purpose",
    "RequiredPaper",
    "SeenPaper",
    "StaffMember",
    "User",
    "Visit",
]
