"""What a pension may come to, as a range: if nothing more is paid from now on, and if payments go on to retirement."""

from dataclasses import dataclass, replace

from registry.models import InsuredPerson
from registry.months import month_of

from .forecast import Outcome
from .pension_law import pension_law, schedule_for
from .prospects import Prospects, tell
from .refusals import CannotTell
from .retirement import RetirementDates, retirement_dates

WHOLE = ""


@dataclass(frozen=True)
class Range:
    """Two answers to the same question: `stopped` counts what is on record, `going_on` what is supposed to follow."""

    stopped: Prospects
    going_on: Prospects

    @property
    def totals(self):
        """The monthly totals that could be told, in yuan, lowest first; none, one, or two that differ."""
        estimates = (self.stopped.estimate, self.going_on.estimate)
        return sorted({e.total for e in estimates if e is not None and e.total is not None})

    @property
    def stops_too_early(self):
        """Whether with what is on record alone no monthly pension would be paid."""
        estimate = self.stopped.estimate
        return estimate is not None and estimate.outcome == Outcome.NOT_PAYABLE

    @property
    def told(self):
        """The answer whose working is shown: with the payments that go on, where they can be counted."""
        return self.going_on if self.going_on.estimate else self.stopped

    @property
    def missing(self):
        """The Reasons of both answers, each once: also why payments that go on could not be counted."""
        found = [*self.told.missing, *self.going_on.missing]
        return [reason for at, reason in enumerate(found) if reason not in found[:at]]


def range_of(grounds, category, retires_in, suppose):
    """The Range on PensionGrounds for Suppositions, whose `base` is what is paid on."""
    stopped = tell(grounds, category, retires_in, replace(suppose, base=None))
    going_on = tell(grounds, category, retires_in, suppose) if suppose.base is not None else stopped
    return Range(stopped, going_on)


def national_dates(person, category, today) -> RetirementDates | None:
    """When somebody who is enrolled nowhere could retire by the national rules; None where that cannot be told."""
    category = category or ("male_60" if person.sex == InsuredPerson.Sex.MALE else None)
    if category is None:
        return None
    try:
        schedule = schedule_for(WHOLE, category, month_of(today))
    except CannotTell:
        return None
    return retirement_dates(person.birth_date, schedule, pension_law(WHOLE).windows)
