"""Which passwords are good: length, guessable content, and for staff under mlps3 also composition and age.

NIST SP 800-63B-4 and ASVS 6.2: length counts, composition and expiry do not; the password is compared with common ones
and with what a stranger can know of its owner. GB/T 22239-2019 8.1.4.1 a) asks for complexity and periodic change; the
profile mlps3 adds both, for staff alone.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from registry.identity import CITIZEN_LENGTH, compact

from .look_up import own_data
from .models import User
from .pinyin_initials import initials_of

LEAST, LEAST_ALONE, MOST = 8, 15, 128
# What everybody here would think of first; alone, or with a few characters about it, it protects nothing.
CONTEXT_WORDS = (
    "shehuibaozhang shehuibaoxian shebao yibao yanglao gongjijin renshe rensheju chaxun zhanghao zhanghu mima "
    "denglu shenfenzheng socialsecurity password passw0rd portal 12333 社会保障 社会保险 社保 医保 养老 人社 查询 密码"
).split()
LEAST_BESIDE_WORDS = 6
LEAST_DIFFERENT = 4
LEAST_PART = 6
MLPS3 = "mlps3"
MLPS3_AGE = timedelta(days=90)
MLPS3_CLASSES = ("[a-z]", "[A-Z]", "[0-9]", "[^a-zA-Z0-9]")
MLPS3_LEAST_CLASSES = 3

TOO_SHORT = _("A password has at least 8 characters (at least 15 without a one-time code).")
TOO_LONG = _("A password has at most 128 characters.")
TOO_COMMON = _("This password is too common. Choose another.")
OWN_NUMBER = _("Your identity number or birthday is in this password and easy to guess. Choose another.")
OWN_NAME = _("Your name or phone number is in this password and easy to guess. Choose another.")
TOO_SIMPLE = _("Use three of these: small letters, capital letters, digits, other characters.")


def normal(password):
    """The form in which a password is hashed and compared (NFKC): the same from every keyboard."""
    return unicodedata.normalize("NFKC", password)


def problems(password, user=None, login="", alone=False):
    """ValidationErrors, one for each thing that is wrong with a new password, the plainest first.

    `login`: the number as typed, where it is known. `alone`: whether no second factor will stand beside the password.
    """
    password = normal(password)
    if len(password) < (LEAST_ALONE if alone else LEAST):
        return [ValidationError(TOO_SHORT, code="short")]
    if len(password) > MOST:
        return [ValidationError(TOO_LONG, code="long")]
    known, found = Known.of(user, login), []
    if known.number_in(password):
        found.append(ValidationError(OWN_NUMBER, code="own_number"))
    elif known.name_in(password):
        found.append(ValidationError(OWN_NAME, code="own_name"))
    elif _is_common(password):
        found.append(ValidationError(TOO_COMMON, code="common"))
    if _is_under_mlps3(user) and sum(bool(re.search(c, password)) for c in MLPS3_CLASSES) < MLPS3_LEAST_CLASSES:
        found.append(ValidationError(TOO_SIMPLE, code="simple"))
    return found


def is_too_old(user):
    """Whether a new password must be chosen before anything else: under mlps3, for staff, after 90 days."""
    if not _is_under_mlps3(user):
        return False
    return user.password_set_at is None or user.password_set_at < timezone.now() - MLPS3_AGE


def set_password(user, password, alone=False):
    """Keep a new password that was found good. `alone`: the person opted out of a second factor."""
    user.set_password(normal(password))
    user.password_set_at = timezone.now()
    user.password_alone = alone and user.kind == User.Kind.PERSON
    user.save(update_fields=["password", "password_set_at", "password_alone"])


class PortalPasswordValidator:
    """For Django's own ways to set a password (createsuperuser): no second factor is taken for granted."""

    def validate(self, password, user=None):
        if found := problems(password, user, alone=True):
            raise ValidationError(found)

    def get_help_text(self):
        return TOO_SHORT


def _is_under_mlps3(user):
    return settings.PASSWORD_PROFILE == MLPS3 and user is not None and user.kind == User.Kind.STAFF


def _is_common(password):
    if len(set(password)) < LEAST_DIFFERENT:
        return True
    rest = password.lower()
    for word in CONTEXT_WORDS:
        rest = rest.replace(word, "")
    if rest != password.lower() and len(re.sub(r"[\W_]", "", rest)) < LEAST_BESIDE_WORDS:
        return True
    try:
        CommonPasswordValidator().validate(password)
    except ValidationError:
        return True
    return False


@dataclass(frozen=True)
class Known:
    """What a stranger could know of the user: identity and staff numbers, birth dates (YYYYMMDD), names, phones."""

    numbers: set
    births: set
    names: set
    phones: set

    @classmethod
    def of(cls, user, login):
        numbers, births, names, phones = {compact(login)}, set(), set(), set()
        if user is not None:
            names.add(user.name)
            phones |= {bound.number for bound in user.bound_phones.standing()} if user.pk else set()
            own = own_data(user)
            numbers |= set(own.numbers)
            births |= {f"{own.birth_date:%Y%m%d}"} if own.birth_date else set()
            names |= {own.name} - {""}
            phones |= {re.sub(r"\D", "", own.phone)} - {""}
        births |= {number[6:14] for number in numbers if len(number) == CITIZEN_LENGTH}
        return cls(numbers, births, names, phones)

    def number_in(self, password):
        """Whether a number, its last six characters or a birth date, however written, stands in the password."""
        parts = {part for number in self.numbers for part in (number, number[-6:])}
        for birth in self.births:
            year, month, day = birth[:4], birth[4:6], birth[6:]
            parts |= {birth, birth[2:], f"{day}{month}{year}", f"{month}{day}{year}", f"{year}{month}"}
        return _any_in(parts, compact(password))

    def name_in(self, password):
        """Whether a name or phone stands in it, or its letters are nothing but the name or its pinyin's initials."""
        letters = re.sub(r"[\W\d_]", "", password).lower()
        spelt = {each for name in self.names for each in (name.lower(), initials_of(name))}
        return (
            (letters and letters in spelt)
            or any(name and name in password for name in self.names)
            or _any_in(self.phones, compact(password))
        )


def _any_in(parts, typed):
    return any(part in typed for part in parts if len(part) >= LEAST_PART)
