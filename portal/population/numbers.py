"""Invented numbers with right check characters. Region 99 is assigned to no place, so they hit nobody and nothing."""

from stdnum.cn import uscc
from stdnum.iso7064 import mod_11_2

REGION = "99"
PLACES = 10_000  # Four digits after 99 …
SEQUENCES = 500  # … and 500 odd or even sequence numbers for each of them.


def citizen_number(serial, born, sex):
    """A citizen number (GB 11643-1999) of region 99, different for each serial below five million.

    The sequence is odd for men (男) and even for women, as the standard has it.
    """
    place, order = divmod(serial, SEQUENCES)
    first = f"{REGION}{place % PLACES:04d}{born:%Y%m%d}{order * 2 + (sex == '男'):03d}"
    return first + mod_11_2.calc_check_digit(first)


def other_number(id_type, serial, born):
    """A number of another document, beginning with 99."""
    if id_type == "护照":
        return f"{REGION}E{serial:07d}"
    if id_type == "港澳台居民居住证":
        first = f"{REGION}{serial // 1000 % PLACES:04d}{born:%Y%m%d}{serial % 1000:03d}"
        return first + mod_11_2.calc_check_digit(first)
    return f"{REGION}{serial:013d}"


def credit_code(department, serial):
    """A unified social credit code (GB 32100-2015) of region 990000; `department`: its first two characters."""
    first = f"{department}{REGION}0000MA{serial:07d}"
    return first + uscc.calc_check_digit(first)


def phone(serial):
    """A mobile number of the block 142, which no operator has."""
    return f"142{serial % 10**8:08d}"
