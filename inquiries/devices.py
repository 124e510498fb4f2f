"""Browsers in which a user has signed in before, known by a signed cookie.

The cookie's name tells its owner apart by a keyed hash, so that a family may share a computer; its value is a token by
chance, of which we keep the keyed hash. Every known device can be revoked.
"""

import secrets
from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from registry.encryption import keyed_hash

from .device_names import described
from .models import KnownDevice

KEPT = timedelta(days=180)


def account_key(login_key):
    """What names an account in a cookie: nobody can read the number in it."""
    return keyed_hash("device:account", login_key).hex()[:16]


def token_of(request, account):
    """The token of this account's known device in the request, if it is one and not revoked; None otherwise.

    A cookie that we did not sign, or that is another account's, asks the database nothing.
    """
    token = request.get_signed_cookie(_cookie(account), None, salt=account, max_age=KEPT)
    if token is None or not KnownDevice.objects.filter(token_hash=_hash(token), revoked_at=None).exists():
        return None
    return token


def recognise(request, user):
    """The known device of this user that the request comes from, marked as used now; None where it is new."""
    account = account_key(user.login_key)
    token = token_of(request, account)
    device = token and KnownDevice.objects.filter(token_hash=_hash(token), user=user, revoked_at=None).first()
    if device:
        KnownDevice.objects.filter(pk=device.pk).update(last_at=timezone.now())
        request.device_cookie = (account, token)
    return device


def remember(request, user):
    """Make the browser of this request a known device of the user; `hand_over` gives it its cookie."""
    now, token = timezone.now(), secrets.token_urlsafe(32)
    request.device_cookie = (account_key(user.login_key), token)
    return KnownDevice.objects.create(
        user=user, token_hash=_hash(token), first_at=now, last_at=now, **described(request)
    )


def hand_over(request, response):
    """Set the cookie of a device that was made known or used in this request."""
    account, token = getattr(request, "device_cookie", (None, None))
    if token:
        response.set_signed_cookie(
            _cookie(account),
            token,
            salt=account,
            max_age=KEPT,
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )


def revoke(devices):
    """These known devices are like any other from now on."""
    devices.filter(revoked_at=None).update(revoked_at=timezone.now())


def _cookie(account):
    return f"{settings.COOKIE_PREFIX}device-{account}"


def _hash(token):
    return keyed_hash("device:token", token)
