"""Time-based codes (TOTP, RFC 6238) from an authenticator app: six digits, 30 seconds, each step once.

The arithmetic and the stored row are allauth's. That a code works once is kept in the row as the last used step:
allauth remembers it in a cache, which another process of ours would not see.
"""

from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth
from django.db import transaction
from django.utils.crypto import constant_time_compare

LAST_STEP = "last_step"


def new_secret():
    """A secret of 160 bits in base 32, for the app and for nobody else's eyes."""
    return auth.generate_totp_secret()


def address_for_app(user, secret):
    """The otpauth:// address that an app reads from the picture."""
    return get_adapter().build_totp_url(user, secret)


def set_up(user, secret, code):
    """Keep the app's secret once a code proves that the app has it; whether it did. An older app is replaced."""
    step = _step_of(secret, code, after=-1)
    if step is None:
        return False
    with transaction.atomic():
        of_user(user).delete()
        row = auth.TOTP.activate(user, secret).instance
        row.data[LAST_STEP] = step
        row.save(update_fields=["data"])
    return True


def check(user, code):
    """Whether this is a code of the user's app that was not used yet; it is used up by asking."""
    with transaction.atomic():
        row = of_user(user).select_for_update().first()
        if row is None:
            return False
        step = _step_of(get_adapter().decrypt(row.data["secret"]), code, after=row.data[LAST_STEP])
        if step is None:
            return False
        row.data[LAST_STEP] = step
        row.save(update_fields=["data"])
        row.record_usage()
        return True


def of_user(user):
    return Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP)


def _step_of(secret, code, after):
    """The step of this code among those that hold now and come after the last used one; None where there is none."""
    for step in auth.yield_hotp_counters_from_time():
        if step > after and constant_time_compare(auth.format_hotp_value(auth.hotp_value(secret, step)), code):
            return step
    return None
