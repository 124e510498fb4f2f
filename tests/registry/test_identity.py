from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.iso7064 import mod_11_2

from registry import identity
from registry.identity import IdentityError
from tests.cast import citizen_number


@pytest.mark.parametrize(
    "number", ["11010519491231002X", "320500199002280011", "110105 19491231 002x", "１１0105-19491231-002X"]
)
def test_numbers_that_are_right(number):
    assert len(identity.check_citizen_number(number)) == 18


@pytest.mark.parametrize(
    ("number", "code"),
    [
        ("", "empty"),
        ("110105491231002", "fifteen"),
        ("1101051949123100", "length"),
        ("A10105194912310021", "character"),
        ("110105194912310020", "check_digit"),
        ("99010119840230101", "length"),
    ],
)
def test_what_is_wrong_has_a_code(number, code):
    with pytest.raises(IdentityError) as refusal:
        identity.check_citizen_number(number)
    assert refusal.value.code == code


def test_a_day_that_does_not_exist():
    number = citizen_number(date(1984, 2, 28), 1).replace("19840228", "19840230")
    fixed = number[:17] + mod_11_2.calc_check_digit(number[:17])
    with pytest.raises(IdentityError, match="date"):
        identity.check_citizen_number(fixed)


@given(st.dates(date(1900, 1, 1), date(2026, 1, 1)), st.integers(0, 999))
def test_demo_numbers_are_formally_right_and_give_back_the_birth_date(birth, sequence):
    number = identity.check_citizen_number(citizen_number(birth, sequence))
    assert identity.birth_date_of(number) == birth


@given(st.dates(date(1900, 1, 1), date(2026, 1, 1)), st.integers(0, 16), st.integers(1, 9))
def test_one_wrong_digit_is_always_found(birth, place, step):
    number = citizen_number(birth, 101)
    wrong = number[:place] + str((int(number[place]) + step) % 10) + number[place + 1 :]
    with pytest.raises(IdentityError):
        identity.check_citizen_number(wrong)


def test_masks():
    assert identity.masked("11010519491231002X") == "110105********002X"
    assert identity.masked("G123") == "****"
    assert [identity.masked_name(n) for n in ("王", "王明", "王小明", "欧阳小明")] == ["王", "王*", "王*明", "欧*明"]


@pytest.mark.parametrize("code", ["91110000600037341L", "91990000MA0000001B"])
def test_credit_codes(code):
    assert identity.check_credit_code(code.lower()) == code


@pytest.mark.parametrize("code", ["91110000600037341M", "9111000060003734", "91110000600037341I"])
def test_wrong_credit_codes(code):
    with pytest.raises(IdentityError):
        identity.check_credit_code(code)
