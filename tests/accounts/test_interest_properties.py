"""For any history of accounts the database credits what the pure arithmetic says, and a second run adds nothing."""

from decimal import Decimal as D

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts import checks
from accounts.interest import Terms, crediting_months, year
from accounts.models import Entry, InterestCredit
from registry.roles import acting_as
from tests import staged
from tests.years import credit, method, month, open_with, pay_in, pay_out, rate, refusal

YEARS = (2022, 2023, 2024)
RATES = st.decimals(D(0), D("0.09"), places=4)
MONEY = st.decimals(D("0.01"), D(5000), places=2)
quick = settings(
    max_examples=max(8, settings.default.max_examples // 8),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)
booked = st.tuples(st.sampled_from(YEARS), st.integers(1, 12))
histories = st.fixed_dictionaries(
    {
        "opening": st.decimals(D("1000000.00"), D("9000000.00"), places=2),
        "credits": st.dictionaries(booked, MONEY, max_size=14),
        "payouts": st.dictionaries(booked, MONEY, max_size=8),
        "refunds": st.dictionaries(booked, MONEY, max_size=3),
    }
)
worlds = st.fixed_dictionaries(
    {
        "scheme": st.sampled_from(["pension", "medical"]),
        "rates": st.lists(RATES, min_size=2, max_size=2),
        "later_rates": st.lists(RATES, min_size=2, max_size=2),
        "change": st.integers(1, 12),
        "times": st.sampled_from([1, 1, 2, 4]),
        "method": st.sampled_from(["MONTH_PRODUCT", "YEARLY"]),
        "payout_method": st.sampled_from(["MONTH_PRODUCT", "YEARLY"]),
        "rounding_mode": st.sampled_from(["HALF_UP_FEN", "CEIL_JIAO", "YUAN_BASE_FLOOR"]),
        "people": st.lists(histories, min_size=1, max_size=3),
    }
)


class Undone(Exception):
    """Ends an example; its rows are rolled back."""


class World:
    """The rates of an example: from January 2022 on, and others from a month of 2023 on."""

    def __init__(self, drawn):
        self.drawn, self.scheme = drawn, drawn["scheme"]
        self.is_split = self.scheme == "medical"
        names = ("method", "payout_method", "rounding_mode")
        self.method = {name: drawn[name] for name in names} | {"yearly_factor": D("1.083")}
        staged.make_places()
        method(month(2022, 1), scheme=self.scheme, **self.method)
        change = month(2023, drawn["change"])
        for since, until, rates in ((month(2022, 1), change, drawn["rates"]), (change, None, drawn["later_rates"])):
            for bucket, value in zip(self.buckets, rates, strict=False):
                rate(
                    value,
                    since,
                    until,
                    scheme=self.scheme,
                    area=staged.AREA,
                    bucket=bucket,
                    credits_per_year=drawn["times"],
                )

    @property
    def buckets(self):
        return ("current_year", "prior_years") if self.is_split else ("whole",)

    def rates_of(self, asked, place):
        changed = (2023, self.drawn["change"])
        return tuple(
            self.drawn["later_rates" if (asked, number) >= changed else "rates"][place] for number in range(1, 13)
        )

    def periods(self, asked):
        """The same terms, for the pure arithmetic."""
        current, prior = self.rates_of(asked, 0), self.rates_of(asked, 1)
        first, found = 1, []
        for last in crediting_months([self.drawn["times"]] * 12):
            months = slice(first - 1, last)
            rates = (current[months], prior[months] if self.is_split else None)
            found.append(Terms(first, last, *rates, **self.method))
            first = last + 1
        return found


def live(world, employer, history):
    """A person with that history."""
    person = staged.make_person()
    open_with(person, history["opening"], 2022, scheme=world.scheme)
    rate_to_account = D("0.08" if world.scheme == "pension" else "0.02")
    kind = "pension" if world.scheme == "pension" else "medical_settlement"
    for (asked, number), amount in history["credits"].items():
        pay_in(person, employer, {number: amount}, asked, world.scheme, line=asked * 100 + number)
    for (asked, number), amount in history["payouts"].items():
        pay_out(person, {number: amount}, asked, world.scheme, kind=kind, line=asked * 100 + number)
    for (asked, number), amount in history["refunds"].items():
        refunded = staged.employer_line(
            person,
            employer,
            scheme=world.scheme,
            base=(-amount / rate_to_account).quantize(D("0.01")),
            month=month(asked, number),
            slip_no=f"R{person}",
            line=asked * 100 + number,
            kind="refund",
            er_share=D(0),
            ind_share=-amount,
        )
        staged.load("employer_contributions", [refunded])
    return person


def flows(person, scheme, asked):
    """What the ledger shows was credited and paid out in each month of a year: read from the entries one by one."""
    came, went = {}, {}
    for entry in Entry.objects.filter(person_id=person, scheme=scheme, booked_month__year=asked):
        number = entry.booked_month.month
        if entry.kind in ("contrib_ind", "contrib_emp"):
            came[number] = came.get(number, D(0)) + entry.amount
        elif entry.kind in ("pension_payout", "medical_spend"):
            went[number] = went.get(number, D(0)) - entry.amount
    return came, went


def standing(person, asked):
    found = {}
    for c in InterestCredit.objects.filter(person_id=person, period__year=asked).order_by("batch_id"):
        found[c.period.month] = (c.on_opening, c.on_credits, c.removed)
    return found


@quick
@given(worlds)
def test_the_database_credits_what_the_pure_arithmetic_says(db, drawn):
    with pytest.raises(Undone), transaction.atomic():
        world = World(drawn)
        employer = staged.make_employer()
        people = {live(world, employer, history): history["opening"] for history in drawn["people"]}
        for asked in YEARS:
            credit(asked)
        for person, opening in people.items():
            balance = opening
            for asked in YEARS:
                came, went = flows(person, world.scheme, asked)
                periods = world.periods(asked)
                due = year(balance, came, went, periods)
                expected = {t.last: tuple(part) for t, part in zip(periods, due, strict=True) if any(part)}
                assert standing(person, asked) == expected
                balance += sum(came.values()) - sum(went.values()) + sum(part.total for part in due)
            assert staged.balance(person, world.scheme) == balance
        before = Entry.objects.count()
        for asked in YEARS:
            assert "nothing to post" in credit(asked)
        assert Entry.objects.count() == before
        with acting_as("read"), connection.cursor() as cursor:
            assert checks.prove(cursor) == []
        raise Undone


@quick
@given(worlds)
def test_whatever_the_order_of_files_and_runs_the_same_interest_stands(db, drawn):
    """Credited after each person's files, or once after all: the same credits stand and the same balances."""
    states = []
    for after_each in (True, False):
        with pytest.raises(Undone), transaction.atomic():
            world = World(drawn)
            employer = staged.make_employer()
            people = []
            for history in drawn["people"]:
                people.append(live(world, employer, history))
                if after_each:
                    for asked in YEARS:
                        credit(asked)
            for asked in YEARS:
                credit(asked)
            state = [(staged.balance(p, world.scheme), [standing(p, y) for y in YEARS]) for p in people]
            states.append(state)
            raise Undone
    assert states[0] == states[1]


def test_no_year_is_left_out(db):
    staged.make_places()
    open_with(staged.make_person(), "1.00", 2022)
    assert "Run credit_interest --year 2022 first." in refusal(credit, 2023)
