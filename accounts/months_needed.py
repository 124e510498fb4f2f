"""How far a person is from the contribution months that a monthly pension needs: what the law says of her own year."""

from dataclasses import dataclass
from datetime import date

from contributions.models import MinimumMonths
from contributions.models.retirement import RetirementCategory
from registry.models import InsuredPerson
from registry.months import month_of

from .pension_law import schedule_for
from .refusals import CannotTell
from .retirement import Minimum, minimum_months, retirement_dates

MEN, WOMEN = (RetirementCategory.MALE_60,), (RetirementCategory.FEMALE_50, RetirementCategory.FEMALE_55)


@dataclass(frozen=True)
class Needed:
    """The months needed by one retirement category in the statutory month, and how many of them count so far."""

    category: RetirementCategory
    statutory: date
    months: int
    counted: int

    @property
    def left(self):
        return max(0, self.months - self.counted)

    @property
    def percent(self):
        """The part that is there, in whole percent, at most 100."""
        return min(100, self.counted * 100 // self.months)


def months_needed(person, area_code, counted, today):
    """The Needed of each category that may hold for a person: one for a man, two for a woman, whose work decides.

    counted: her contribution months so far. A category of which the law here says nothing is left out. Four queries at
    most. Decision of 2024-09-13, measures art. 2 (domain.md §5.2).
    """
    rows = MinimumMonths.objects.reaching_area(area_code).values_list("period", "months")
    minimums = [Minimum(period.lower, period.upper, months) for period, months in rows]
    found = []
    for category in MEN if person.sex == InsuredPerson.Sex.MALE else WOMEN:
        try:
            schedule = schedule_for(area_code, category, month_of(today))
            dates = retirement_dates(person.birth_date, schedule)
            months = minimum_months(dates, dates.statutory, minimums)
        except CannotTell:
            continue
        found.append(Needed(category, dates.statutory, months, counted))
    return found
