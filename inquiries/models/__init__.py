"""Who asks, how proven, for what purpose, and what was shown."""

from .access_log import AccessLog
from .factors import BoundPhone, PrintedCode, TextCode
from .inquiry import Inquiry, Purpose
from .notices import Notice
from .sessions import KnownDevice, Session, Throttle
from .users import ActivationCode, EmployerAgent, StaffMember, User
from .visits import IdentityCheck, RequiredPaper, SeenPaper, Visit

__all__ = [
    "AccessLog",
    "ActivationCode",
    "BoundPhone",
    "EmployerAgent",
    "IdentityCheck",
    "Inquiry",
    "KnownDevice",
    "Notice",
    "PrintedCode",
    "Purpose",
    "RequiredPaper",
    "SeenPaper",
    "Session",
    "StaffMember",
    "TextCode",
    "Throttle",
    "User",
    "Visit",
]
