"""A year of payments as the page of one year asks for it."""

from contributions.payment_calendar import judge_of
from contributions.payment_records import records_of_year


def year_of_records(person, insurance, year, today):
    """The YearOfRecords of one insurance of a person."""
    return records_of_year(judge_of(person, insurance, today), person, year or today.year)
