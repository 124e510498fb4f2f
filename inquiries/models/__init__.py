"""Who asks, how proven, for what purpose, and what was shown."""

from .access_log import AccessLog
from .calls import PhoneCode
from .factors import BoundPhone, PrintedCode, TextCode
from .inquiry import Inquiry, Purpose
from .looks import DelayedDisplay, LogExport, LookQuestion
from .mandates import Mandate, Scope
from .notices import Notice
from .sessions import KnownDevice, Session, Throttle
from .staff import StaffDeed, StaffRequest
from .terminals import Terminal
from .users import ActivationCode, EmployerAgent, StaffMember, User
from .visits import IdentityCheck, QuotaRelease, RequiredPaper, SeenPaper, Visit

__all__ = [
    "AccessLog",
    "ActivationCode",
    "BoundPhone",
    "DelayedDisplay",
    "EmployerAgent",
    "IdentityCheck",
    "Inquiry",
    "KnownDevice",
    "LogExport",
    "LookQuestion",
    "Mandate",
    "Notice",
    "PhoneCode",
    "PrintedCode",
    "Purpose",
    "QuotaRelease",
    "RequiredPaper",
    "Scope",
    "SeenPaper",
    "Session",
    "StaffDeed",
    "StaffMember",
    "StaffRequest",
    "Terminal",
    "TextCode",
    "Throttle",
    "User",
    "Visit",
]
