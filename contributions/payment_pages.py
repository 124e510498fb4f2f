"""What the two pages of payments show, asked for together: the whole life with its latest year, and one year alone."""

from registry.asking import ask

from .base_steps import asked_bounds, base_steps
from .payment_calendar import asked_calendar, asked_judge, calendar_of, judge_of
from .payment_records import asked_records, records_of_year


def whole_life(person, insurance, today):
    """(Calendar, YearOfRecords of its latest year). Six queries sent together, at most three more."""
    received, assessed, *answers = ask(
        *asked_records(person, insurance, today.year), *asked_calendar(person, insurance)
    )
    life = calendar_of(person, insurance, today, answers)
    latest = life.rows[0][0]
    if latest != today.year:  # Nothing is due any more: who has retired sees the last year that was paid.
        received, assessed = ask(*asked_records(person, insurance, latest))
    return life, records_of_year(life.judge, latest, received, assessed)


def year_alone(person, insurance, year, today):
    """(YearOfRecords, BaseSteps or None). Six queries sent together, at most three more."""
    received, assessed, bounds, *answers = ask(
        *asked_records(person, insurance, year),
        asked_bounds(insurance, year, person.record_ids),
        *asked_judge(person, insurance),
    )
    records = records_of_year(judge_of(person, insurance, today, answers), year, received, assessed)
    return records, base_steps(records, bounds)
