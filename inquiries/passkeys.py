"""Passkeys and security keys (WebAuthn), over allauth and fido2.

The challenge waits in the session between the two halves; it is no secret. allauth finds the host in the request that
its middleware holds.
"""

import json

from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.internal import auth
from django.core.exceptions import ValidationError

LONGEST_ANSWER = 16_384


class NotProven(Exception):
    """What the browser sent does not prove the passkey."""


def of_user(user):
    return Authenticator.objects.filter(user=user, type=Authenticator.Type.WEBAUTHN).order_by("created_at", "pk")


def begin_set_up(user):
    """What the browser needs to make a passkey, as JSON."""
    return json.dumps(auth.begin_registration(user, passwordless=False))


def set_up(user, answer, name):
    """Keep the passkey that the browser made; NotProven where the answer (JSON) does not fit our challenge."""
    credential = _read(answer)
    try:
        auth.parse_registration_response(credential)
        auth.complete_registration(credential)
    except (ValidationError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise NotProven from error
    return auth.WebAuthn.add(user, name, credential).instance


def begin_check(user):
    """What the browser needs to use one of the user's passkeys, as JSON."""
    return json.dumps(auth.begin_authentication(user))


def check(user, answer):
    """Whether the browser's answer (JSON) is signed by one of the user's passkeys over our challenge."""
    try:
        credential = _read(answer)
        auth.parse_authentication_response(credential)
        auth.complete_authentication(user, credential).record_usage()
    except (NotProven, ValidationError, ValueError, TypeError, KeyError, AttributeError):
        return False
    return True


def _read(answer):
    try:
        read = json.loads(answer) if len(answer) <= LONGEST_ANSWER else None
    except ValueError:
        read = None
    if not isinstance(read, dict):
        raise NotProven
    return read
