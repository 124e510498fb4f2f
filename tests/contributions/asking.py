"""A year of payments as the page of one year asks for it."""

from contributions import payment_records


def year_of_records(person, insurance, year, today):
    """The YearOfRecords of one insurance of a person."""
    return payment_records.year_of_records(person, insurance, year or today.year, today)
