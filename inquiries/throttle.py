"""Guesses are counted and slowed down before anything is hashed (ASVS 6.1.1, 6.3.1; NIST SP 800-63B-4 §3.2.2).

A door is where one guesses: `person`, `employer` and `staff` are the doors of sign-in, `activate:person` and so on
those of first use; other deeds name their own. `login` is the number typed there, a serial number, or a User.

Counted is what fails in a row: at one account from one source, at one account from anywhere, and how many different
accounts one source fails at. An account nobody has is counted like any other, and only keyed hashes are kept.
A browser in which the account's owner has signed in before is its own source and passes the account's common wait, so
that nobody can shut her out by guessing wrong on purpose.
"""

import logging
from datetime import UTC, datetime, timedelta

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from registry.encryption import keyed_hash
from registry.identity import compact

from . import devices
from .models import Throttle, User
from .source import is_hall, source_of

logger = logging.getLogger(__name__)

# From how many failures in a row on: how long the next try has to wait.
FROM_ONE_SOURCE = (
    (5, timedelta(seconds=30)),
    (6, timedelta(minutes=1)),
    (7, timedelta(minutes=2)),
    (8, timedelta(minutes=5)),
    (9, timedelta(minutes=15)),
    (10, timedelta(minutes=30)),
    (11, timedelta(hours=1)),
)
FROM_ANYWHERE = ((20, timedelta(minutes=1)), (50, timedelta(minutes=15)))
# From here on only a service window helps, with a new activation code.
CLOSED_AT = 100
CLOSED = datetime.max.replace(tzinfo=UTC)
# A source that has been left alone for so long begins anew; the account's common count goes on until a success.
FORGOTTEN_AFTER = timedelta(hours=24)
ACCOUNTS_OF_A_SOURCE = 20
COUNTED_FOR = timedelta(minutes=10)


def wait_until(door, login, request):
    """When `login` may be tried next at this door, aware; None: now. CLOSED: not before a visit to a window.

    Ask just before the guess is compared: a try that may be made is counted as failed at once, so that guesses sent at
    the same time cannot all slip through; `succeeded` takes it back.
    """
    now, device = timezone.now(), _device(door, login, request)
    pair, anywhere, source = _keys(door, login, request, device)
    if device is None and (until := _spraying_until(pair, source, request, now)):
        return _refused(door, pair, until)
    with transaction.atomic():
        blank = [Throttle(key=pair, source=source, last_at=now), Throttle(key=anywhere, last_at=now)]
        Throttle.objects.bulk_create(sorted(blank, key=lambda t: t.key), ignore_conflicts=True)
        both = Throttle.objects.filter(key__in=[pair, anywhere])
        rows = {bytes(row.key): row for row in both.select_for_update().order_by("key")}
        # The time of the lock, not of the request: of guesses at one moment the later one may have been counted first.
        now = max(timezone.now(), *(row.last_at for row in rows.values()))
        if rows[pair].failures < CLOSED_AT and rows[pair].last_at < now - FORGOTTEN_AFTER:
            rows[pair].failures = 0
            Throttle.objects.filter(key=pair).update(failures=0)
        until = _next_try(rows[pair], FROM_ONE_SOURCE)
        if device is None:
            until = max(until, _next_try(rows[anywhere], FROM_ANYWHERE))
        if until > now:
            return _refused(door, pair, until)
        both.update(failures=F("failures") + 1, last_at=now)
    request.counted_guesses = {*getattr(request, "counted_guesses", ()), pair}
    return None


def failed(door, login, request):
    """The guess was wrong. Counted here only where `wait_until` was not asked first in this request."""
    if _keys(door, login, request, _device(door, login, request))[0] not in getattr(request, "counted_guesses", ()):
        wait_until(door, login, request)


def succeeded(door, login, request):
    """The guess was right: this source and the account begin anew."""
    pair, anywhere, _source = _keys(door, login, request, _device(door, login, request))
    Throttle.objects.filter(key__in=[pair, anywhere]).update(failures=0)


def reopen(user):
    """After a visit to a window: the common counts of the user's account begin anew, and CLOSED is over."""
    doors = (user.kind, f"activate:{user.kind}")
    Throttle.objects.filter(key__in=[_account(door, user) for door in doors]).update(failures=0)


def _who(door, login):
    if isinstance(login, User):
        return login.login_key
    kind = door.rpartition(":")[2]
    return User.key_of(kind, login) if kind in User.Kind.values else compact(login)


def _device(door, login, request):
    """The token of the known device this request comes from, if it is one of this account; None otherwise."""
    return devices.token_of(request, devices.account_key(_who(door, login)))


def _account(door, login):
    return keyed_hash("throttle:account", f"{door}:{_who(door, login)}")


def _keys(door, login, request, device):
    """The keys of (account from this source, account from anywhere, source)."""
    account = _account(door, login)
    source = keyed_hash("throttle:source", f"device:{device}" if device else source_of(request))
    return keyed_hash("throttle:pair", f"{account.hex()}:{source.hex()}"), account, source


def _next_try(row, waits):
    if row.failures >= CLOSED_AT:
        return CLOSED
    return row.last_at + next((wait for failures, wait in reversed(waits) if row.failures >= failures), timedelta(0))


def _spraying_until(pair, source, request, now):
    """When a source that failed at too many different accounts may try another one; None: now."""
    if is_hall(source_of(request)):
        return None
    recent = Throttle.objects.filter(source=source, failures__gt=0, last_at__gt=now - COUNTED_FOR).exclude(key=pair)
    times = recent.order_by("-last_at").values_list("last_at", flat=True)
    oldest = times[ACCOUNTS_OF_A_SOURCE - 1 : ACCOUNTS_OF_A_SOURCE].first()
    return oldest + COUNTED_FOR if oldest else None


def _refused(door, pair, until):
    logger.warning("Throttled at %s: %s", door, pair.hex()[:12])
    return until


def purge(now):
    """Forget what counts no longer: sources left alone for a day, accounts that began anew. Gives how many rows."""
    old = Throttle.objects.filter(last_at__lt=now - FORGOTTEN_AFTER, failures__lt=CLOSED_AT)
    deleted, _each = old.filter(Q(source__isnull=False) | Q(failures=0)).delete()
    return deleted
