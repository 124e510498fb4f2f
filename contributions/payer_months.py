"""What one payer declared and paid for one month of one scheme: a row for each, of all times and areas."""

from datetime import date
from decimal import Decimal
from typing import NamedTuple

from registry.asking import Question, ask

from .month_state import BACKPAY, NORMAL, TRANSFERRED_IN

COUNTS = {NORMAL, BACKPAY}


class PayerMonth(NamedTuple):
    """One payer's month: `kinds` of the contributions received (none: declared alone), sums in yuan.

    `employer_id` None: paid without an employer. `due_on`: the earliest last day for paying what was assessed, None
    where nothing was. `source_area`: where a transferred month was paid.
    """

    scheme: str
    period: date
    area_code: str
    employer_id: int | None
    kinds: list
    paid: Decimal
    late_fee: Decimal
    due_on: date | None
    received_on: date | None
    source_area: str

    @property
    def is_unpaid(self):
        """Whether it was declared and nothing was received for it: neither the contribution nor a back-payment."""
        return self.due_on is not None and COUNTS.isdisjoint(self.kinds)

    @property
    def counts(self):
        """Whether it makes the month count: paid and not refunded whole, or paid elsewhere and transferred in."""
        return TRANSFERRED_IN in self.kinds or (self.paid > 0 and not COUNTS.isdisjoint(self.kinds))


# One statement over both tables, so that the plan over all years' partitions is made once per connection.
PAYER_MONTHS = Question(
    """
SELECT scheme, period, area_code, employer_id, array_remove(array_agg(DISTINCT kind), ''), sum(paid), sum(late_fee),
       min(due_on), max(received_on), max(source_area)
FROM (
    SELECT scheme, period, area_code, employer_id, kind, er_share + ind_share AS paid, late_fee,
           NULL::date AS due_on, received_on, source_area
    FROM contributions_contribution WHERE person_id = ANY (%(persons)s) AND scheme = ANY (%(schemes)s)
    UNION ALL
    SELECT scheme, period, area_code, employer_id, '', 0, 0, due_on, NULL, ''
    FROM contributions_assessment WHERE person_id = ANY (%(persons)s) AND scheme = ANY (%(schemes)s)
) line
GROUP BY scheme, period, area_code, employer_id
ORDER BY period, scheme, area_code, employer_id
""",
    PayerMonth,
)
# The first month of each area with a record of its own.
DETAILS_FROM = Question(
    """
SELECT area_code, min(period)
FROM (
    SELECT area_code, period FROM contributions_contribution
    WHERE person_id = ANY (%(persons)s) AND scheme = ANY (%(schemes)s) AND kind <> 'transferred_in'
    UNION ALL
    SELECT area_code, period FROM contributions_assessment
    WHERE person_id = ANY (%(persons)s) AND scheme = ANY (%(schemes)s)
) line
GROUP BY area_code
"""
)


def asked_payer_months(person, schemes):
    """The question after the PayerMonths of a person in the given schemes, oldest month first, for `ask`."""
    return PAYER_MONTHS.of(**_facts(person, schemes))


def details_from(person, schemes):
    """{area code: the first month with a record of its own}: what was before was not taken over. One query."""
    [first] = ask(DETAILS_FROM.of(**_facts(person, schemes)))
    return dict(first)


def first_details(rows):
    """The same from all PayerMonths of a person, oldest first."""
    found = {}
    for row in rows:
        if row.kinds != [TRANSFERRED_IN]:
            found.setdefault(row.area_code, row.period)
    return found


def _facts(person, schemes):
    return {"persons": person.record_ids, "schemes": [str(scheme) for scheme in schemes]}


def of_records(received, assessed):
    """The same rows from records that were read already: Contributions and Assessments."""
    groups = {}
    for record in (*received, *assessed):
        key = record.scheme, record.period, record.area_code, record.employer_id
        groups.setdefault(key, ([], []))[hasattr(record, "due_on")].append(record)
    return [_of(key, *records) for key, records in groups.items()]


def _of(key, received, assessed):
    return PayerMonth(
        *key,
        sorted({record.kind for record in received}),
        sum((record.er_share + record.ind_share for record in received), Decimal("0.00")),
        sum((record.late_fee for record in received), Decimal("0.00")),
        min((record.due_on for record in assessed), default=None),
        max((record.received_on for record in received), default=None),
        max((record.source_area for record in received), default=""),
    )
