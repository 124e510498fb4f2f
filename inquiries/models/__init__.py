"""Who asks, how proven, for what purpose, and what was shown."""

from .access_log import AccessLog
from .factors import BoundPhone, PrintedCode, TextCode
from .inquiry import Inquiry, Purpose
from .users import ActivationCode, EmployerAgent, StaffMember, User
from .visits import IdentityCheck, RequiredPaper, SeenPaper, Visit

__all__ = [
    "AccessLog",
    "ActivationCode",
    "BoundPhone",
    "EmployerAgent",
    "IdentityCheck",
    "Inquiry",
    "PrintedCode",
    "Purpose",
    "RequiredPaper",
    "SeenPaper",
    "StaffMember",
    "TextCode",
    "User",
    "Visit",
]
