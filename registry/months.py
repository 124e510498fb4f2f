"""Months as values: a month is the date of its first day. Pure."""

from datetime import date


def month(year, number):
    return date(year, number, 1)


def month_of(day):
    return day.replace(day=1)


def add_months(start, count):
    """The month `count` months after (before, where negative) the month `start`."""
    years, index = divmod(start.month - 1 + count, 12)
    return date(start.year + years, index + 1, 1)


def months_between(start, until):
    """Number of months in the half-open period [start, until)."""
    return (until.year - start.year) * 12 + until.month - start.month


def each_month(start, until):
    """The months of the half-open period [start, until), in order."""
    return [add_months(start, i) for i in range(months_between(start, until))]


def parse_month(text):
    """`2026-10` or `202610` as a month; ValueError otherwise."""
    digits = text.replace("-", "", 1)
    if len(digits) != 6 or not (digits.isascii() and digits.isdigit()):
        raise ValueError(text)
    return date(int(digits[:4]), int(digits[4:]), 1)
