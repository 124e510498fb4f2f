"""Identity numbers as values: clean, check, mask. Pure; how they are kept at rest is in encryption.py."""

import re
import unicodedata
from datetime import date

from stdnum.cn import uscc
from stdnum.exceptions import ValidationError as NumberError
from stdnum.iso7064 import mod_11_2

CITIZEN_LENGTH = 18
OTHER_NUMBER = re.compile(r"[0-9A-Z()\-]{5,30}", re.ASCII)


class IdentityError(ValueError):
    """What is wrong with a number, as one of the codes of ux.md §3.3, with the values its message needs."""

    def __init__(self, code, **values):
        super().__init__(code)
        self.code, self.values = code, values


def compact(number):
    """The number as it is kept: NFKC, without separators, capital letters."""
    return re.sub(r"[\s\-·.]", "", unicodedata.normalize("NFKC", number)).upper()


def plain_name(name):
    """A name for comparing: NFKC, without blanks."""
    return unicodedata.normalize("NFKC", name).replace(" ", "")


def check_citizen_number(number):
    """Return the compact citizen number (公民身份号码, GB 11643-1999) or raise IdentityError.

    Checked are length, characters, birth date and the ISO 7064 MOD 11-2 character. The region is not: codes are
    retired and reissued, and residence permits use prefixes outside the table (domain.md §1.2).
    """
    number = compact(number)
    if not number:
        raise IdentityError("empty")
    if len(number) == 15 and number.isdigit():
        raise IdentityError("fifteen")
    if len(number) != CITIZEN_LENGTH:
        raise IdentityError("length", length=len(number))
    if not re.fullmatch(r"[0-9]{17}[0-9X]", number, re.ASCII):
        raise IdentityError("character")
    if mod_11_2.checksum(number) != 1:
        raise IdentityError("check_digit")
    birth_date_of(number)
    return number


def birth_date_of(number):
    """Birth date written in a citizen number; IdentityError("date") where the calendar has no such day."""
    try:
        return date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError as error:
        raise IdentityError("date") from error


def check_number(id_type, number):
    """Return the compact number of any identity document type, or raise IdentityError."""
    if id_type == "citizen":
        return check_citizen_number(number)
    number = compact(number)
    if not OTHER_NUMBER.fullmatch(number):
        raise IdentityError("character")
    return number


def check_credit_code(code):
    """Return the unified social credit code (GB 32100-2015), or raise IdentityError.

    Codes of departments A, N and Y start with a letter, which stdnum's format refuses; the checksum decides.
    """
    code = compact(code)
    if len(code) != 18 or any(c not in "0123456789ABCDEFGHJKLMNPQRTUWXY" for c in code):
        raise IdentityError("character")
    try:
        if uscc.calc_check_digit(code[:17]) != code[17]:
            raise IdentityError("check_digit")
    except NumberError as error:
        raise IdentityError("character") from error
    return code


def masked(number):
    """First six and last four characters, 110101********1233; of a short number the first and the last two."""
    first, last = (6, 4) if len(number) >= 15 else (2, 2) if len(number) >= 8 else (0, 0)
    return number[:first] + "*" * (len(number) - first - last) + number[len(number) - last :]


def masked_name(name):
    """王小明 as 王*明, 王明 as 王*; only the ends of a name are shown."""
    if len(name) <= 1:
        return name
    return name[0] + "*" if len(name) == 2 else f"{name[0]}*{name[-1]}"
