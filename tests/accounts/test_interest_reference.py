"""Very many random accounts at once, credited in chunks: each to the fen as the pure arithmetic says."""

from collections import defaultdict
from datetime import date
from decimal import Decimal as D

import pytest
from django.db import connection

from accounts.interest import Terms, earned
from accounts.models import Account, Entry
from tests import staged
from tests.staged import AREA
from tests.years import credit, month, rate

# Repeatable: the same seed makes the same accounts.
MAKE = f"""
SET session_replication_role = replica;
SELECT setseed(0.42);
INSERT INTO accounts_batch (id, kind, scheme, area_code, booked_month, slip_no, source_ref, posted_at)
SELECT 100000 + n, 'contribution', 'pension', '{AREA}', make_date(2023 + n / 12, n % 12 + 1, 1), '', 'made/' || n, now()
FROM generate_series(0, 35) n;
SELECT setval(pg_get_serial_sequence('accounts_batch', 'id'), 200000);
INSERT INTO accounts_entry (person_id, booked_month, scheme, area_code, kind, batch_id, line, period, amount)
SELECT p, b.booked_month, 'pension', '{AREA}', CASE WHEN k.is_payout THEN 'pension_payout' ELSE 'contrib_ind' END, b.id,
    CASE WHEN k.is_payout THEN 2 ELSE 1 END, b.booked_month,
    CASE WHEN k.is_payout THEN round(random()::numeric * -90, 2) ELSE round(random()::numeric * 2000, 2) END
FROM generate_series(1000001, 1000000 + %s) p CROSS JOIN accounts_batch b
CROSS JOIN (VALUES (TRUE), (FALSE)) k (is_payout)
WHERE b.id BETWEEN 100000 AND 199999 AND random() < 0.4;
DELETE FROM accounts_entry WHERE person_id > 1000000 AND kind = 'pension_payout' AND (person_id, booked_month) IN (
    SELECT person_id, booked_month FROM (
        SELECT person_id, booked_month, sum(amount) OVER (PARTITION BY person_id ORDER BY booked_month) AS balance
        FROM accounts_entry WHERE person_id > 1000000) b WHERE balance < 0);
INSERT INTO accounts_account (person_id, scheme, area_code, status, opened_month, last_booked_month, year, current_year,
    prior_years)
SELECT person_id, scheme, area_code, 'open', min(booked_month), max(booked_month), 2025,
    coalesce(sum(amount) FILTER (WHERE booked_month >= '2025-01-01'), 0),
    coalesce(sum(amount) FILTER (WHERE booked_month < '2025-01-01'), 0)
FROM accounts_entry WHERE person_id > 1000000 GROUP BY person_id, scheme, area_code HAVING sum(amount) >= 0;
DELETE FROM accounts_entry e WHERE person_id > 1000000
    AND NOT EXISTS (SELECT FROM accounts_account a WHERE a.person_id = e.person_id);
SET session_replication_role = origin;
"""
RATES = {2023: [D("0.0397")] * 12, 2024: [D("0.0262")] * 5 + [D("0.0417")] * 7}


@pytest.mark.parametrize("count", [400, pytest.param(10_000, marks=pytest.mark.acceptance)])
def test_random_accounts(fresh_database, count):
    staged.make_places()
    rate("0.0262", month(2024, 1), month(2024, 6), area=AREA)
    rate("0.0417", month(2024, 6), month(2025, 1), area=AREA)
    with connection.cursor() as cursor:
        cursor.execute("SET ROLE NONE")
        cursor.execute(MAKE.replace("%s", str(count)))
        cursor.execute("SET ROLE portal_tests")
    flows = flows_of(Entry.objects.filter(area_code=AREA))
    balances = dict(Account.objects.filter(area_code=AREA).values_list("person_id", "balance"))
    assert len(balances) > count * 0.8
    for year in RATES:
        credit(year, "--chunk", "150")
    for person, balance in balances.items():
        opening, interest = D(0), D(0)
        for year, rates in RATES.items():
            came, went = flows[person][year]
            due = earned(opening, came, went, Terms(1, 12, tuple(rates)))
            interest += due.total
            opening += sum(came.values()) - sum(went.values()) + due.total
        balances[person] = balance + interest
    assert dict(Account.objects.filter(area_code=AREA).values_list("person_id", "balance")) == balances


def flows_of(entries):
    """{person: {year: ({month: yuan come}, {month: yuan gone})}}"""
    flows = defaultdict(lambda: defaultdict(lambda: ({}, {})))
    for person, booked, kind, amount in entries.values_list("person_id", "booked_month", "kind", "amount"):
        assert isinstance(booked, date)
        came, went = flows[person][booked.year]
        if kind == "pension_payout":
            went[booked.month] = went.get(booked.month, D(0)) - amount
        else:
            came[booked.month] = came.get(booked.month, D(0)) + amount
    return flows
