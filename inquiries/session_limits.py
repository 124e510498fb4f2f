"""How long a session lasts and how many a user may have at once (ASVS 7.1.1, NIST SP 800-63B-4 §5.2)."""

from dataclasses import dataclass
from datetime import timedelta

from .limits import IDLE, IN_ALL, LAST_CALL
from .models import Inquiry, StaffMember, User

MINUTE = timedelta(minutes=1)
SEEN_AT_MOST_EVERY = MINUTE


@dataclass(frozen=True)
class Limits:
    """`idle`: unused for so long, a session is over, or locked where `locks`; `warn` before that it says so.

    `whole`: its longest time from sign-in on. `at_once`: how many a user may have; one more ends the oldest.
    """

    idle: timedelta
    warn: timedelta
    whole: timedelta
    at_once: int
    locks: bool = False

    @property
    def seen_every(self):
        """How often at most the last use is written down, so that pages do not wait for it."""
        return min(SEEN_AT_MOST_EVERY, self.idle / 5)


OWN_DEVICE = Limits(idle=15 * MINUTE, warn=2 * MINUTE, whole=timedelta(hours=8), at_once=3)
PUBLIC_COMPUTER = Limits(idle=5 * MINUTE, warn=MINUTE, whole=30 * MINUTE, at_once=1)
KIOSK = Limits(idle=IDLE[Inquiry.Channel.KIOSK], warn=LAST_CALL, whole=IN_ALL[Inquiry.Channel.KIOSK], at_once=1)
EMPLOYER = Limits(idle=15 * MINUTE, warn=2 * MINUTE, whole=timedelta(hours=8), at_once=2)
CLERK = Limits(idle=10 * MINUTE, warn=2 * MINUTE, whole=timedelta(hours=10), at_once=1, locks=True)
OTHER_STAFF = Limits(idle=10 * MINUTE, warn=2 * MINUTE, whole=timedelta(hours=2), at_once=1)


def limits_of(user, channel, is_public):
    """The Limits of a session. A member of staff costs one query, which its pages need anyway."""
    if channel == Inquiry.Channel.KIOSK:
        return KIOSK
    if user.kind == User.Kind.STAFF:
        member = user.staff_member
        return CLERK if member and member.role == StaffMember.Role.CLERK else OTHER_STAFF
    if is_public:
        return PUBLIC_COMPUTER
    return EMPLOYER if user.kind == User.Kind.AGENT else OWN_DEVICE
