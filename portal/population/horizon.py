"""The months that the records cover, as numbers: 0 is the first, `last` the last complete one."""

import calendar
from datetime import date
from functools import cache

from registry.months import add_months, months_between


class Horizon:
    """`years` whole years that end with the month `until` (a date of day 1). Months before the first are negative."""

    def __init__(self, until, years):
        self.months = years * 12
        self.last = self.months - 1
        self.first_month = add_months(until, -self.last)
        self.month = cache(self._month)
        self.code = cache(lambda number: f"{self.month(number):%Y%m}")
        self.day = cache(self._day)

    def _month(self, number):
        return add_months(self.first_month, number)

    def number(self, month):
        """The number of a month, given as a date of any day in it."""
        return months_between(self.first_month, month)

    def year(self, number):
        return self.month(number).year

    def _day(self, number, day):
        """A day of that month; the month's last day where it has fewer."""
        month = self.month(number)
        return month.replace(day=min(day, calendar.monthrange(month.year, month.month)[1]))

    def numbers_of(self, year):
        """The months of a calendar year that lie within the horizon."""
        start = self.number(date(year, 1, 1))
        return range(max(0, start), min(self.last, start + 11) + 1)

    @property
    def years(self):
        return range(self.year(0), self.year(self.last) + 1)
