"""Who is insured, by whom, for what."""

from .agencies import Agency, Area
from .employers import Employer, EmploymentSpell, UnitNumber
from .enrolments import Enrolment, EnrolmentEvent
from .feed import FeedFile, SourceState
from .flags import Flag
from .life import Disability, OccupationalDisease, UnemploymentRegistration, VocationalSkill, WorkInjury
from .persons import Card, Identifier, InsuredPerson

__all__ = [
    "Agency",
    "Area",
    "Card",
    "Disability",
    "Employer",
    "EmploymentSpell",
    "Enrolment",
    "EnrolmentEvent",
    "FeedFile",
    "Flag",
    "Identifier",
    "InsuredPerson",
    "OccupationalDisease",
    "SourceState",
    "UnemploymentRegistration",
    "UnitNumber",
    "VocationalSkill",
    "WorkInjury",
]
