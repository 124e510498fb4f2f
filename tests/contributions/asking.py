"""The calendar and a year of payments as their pages ask for them."""

from contributions.payment_pages import whole_life, year_alone


def calendar_of(person, insurance, today):
    """The Calendar of one insurance of a person."""
    life, _records = whole_life(person, insurance, today)
    return life


def year_of_records(person, insurance, year, today):
    """The YearOfRecords of one insurance of a person."""
    records, _steps = year_alone(person, insurance, year or today.year, today)
    return records
