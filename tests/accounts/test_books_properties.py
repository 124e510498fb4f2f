"""Whatever files arrive, in whatever order: the books are in order, and nothing posts twice."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts import checks, crediting
from accounts.models import Account
from registry.feed.kinds import Stored
from registry.months import add_months
from registry.roles import acting_as
from tests import staged

PEOPLE, EMPLOYERS = range(3), range(2)
# Two turns of a year, in a time for which the rule of unemployment publishes its rates.
FIRST_MONTH = date(2023, 11, 1)
YEARS_OF_FILES = (2023, 2024, 2025)
CLOSING_MONTH = add_months(FIRST_MONTH, 24)
MONEY = st.decimals(min_value=0, max_value=50_000, places=2)
BASES = st.decimals(min_value=100, max_value=40_000, places=2)
SCHEMES = st.sampled_from(["pension", "medical", "unemployment", "work_injury"])

common = {
    "who": st.sampled_from(PEOPLE),
    "month": st.integers(0, 20).map(lambda count: add_months(FIRST_MONTH, count)),
    "late": st.integers(0, 3),
    "base": BASES,
}
line_of_kind = {
    "employer_contributions": st.fixed_dictionaries(
        common
        | {
            "scheme": SCHEMES,
            "employer": st.sampled_from(EMPLOYERS),
            "kind": st.sampled_from(["normal", "backpay", "supplement", "refund"]),
            "slip": st.sampled_from(["S1", "S2"]),
            "late_fee": MONEY,
        }
    ),
    "personal_contributions": st.fixed_dictionaries(
        common
        | {
            "scheme": st.sampled_from(["pension", "pension_resident", "medical_resident"]),
            "kind": st.sampled_from(["normal", "backpay", "refund", "transferred_in"]),
        }
    ),
    "subsidies": st.fixed_dictionaries(
        common | {"scheme": st.sampled_from(["pension_resident", "medical_resident", "pension"])}
    ),
    "openings": st.fixed_dictionaries(
        common
        | {"scheme": st.sampled_from(["pension", "medical"]), "kind": st.sampled_from(["opening", "transfer_in"])}
    ),
    "account_movements": st.fixed_dictionaries(
        common
        | {
            "scheme": st.sampled_from(["pension", "medical"]),
            "kind": st.sampled_from(["pool_allocation", "refund", "offset_overpayment", "transfer_out", "manual"]),
            "pooled": MONEY,
        }
    ),
    "spending": st.fixed_dictionaries(
        common | {"from_pool": MONEY, "self_paid": MONEY, "relation": st.sampled_from(["self", "spouse", "child"])}
    ),
    "closures": st.fixed_dictionaries(
        common
        | {
            "scheme": st.sampled_from(["pension", "medical"]),
            "reason": st.sampled_from(["death", "settled_abroad", "other"]),
        }
    ),
    "transfers": st.fixed_dictionaries(common | {"state": st.sampled_from(["applied", "money_sent", "rejected"])}),
    "benefits": st.fixed_dictionaries(
        common | {"scheme": st.sampled_from(["pension", "medical", "unemployment"]), "account": st.booleans()}
    ),
}
a_file = st.sampled_from(sorted(line_of_kind)).flatmap(
    lambda kind: st.tuples(st.just(kind), st.lists(line_of_kind[kind], min_size=1, max_size=5))
)
files = st.lists(a_file, min_size=1, max_size=5)
quick = settings(
    max_examples=max(10, settings.default.max_examples // 5),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)


class World:
    """The people and employers of one example; turns drawn lines into rows of a file."""

    def __init__(self):
        staged.make_places()
        self.people = [staged.make_person(f"P{i}") for i in PEOPLE]
        self.employers = [staged.make_employer(f"E{i}") for i in EMPLOYERS]
        # Everybody has enough for any refund or payout, so that every file is taken in every order.
        rows = [
            staged.opening_line(person, "9000000.00", scheme=scheme, month=FIRST_MONTH, slip_no="BASE", line=line)
            for line, (person, scheme) in enumerate(
                [(p, s) for p in self.people for s in ("pension", "medical", "pension_resident")], 1
            )
        ]
        staged.load("openings", rows)

    def rows(self, kind, number, lines):
        """Rows with keys of their own: slips and lines are numbered through."""
        return [getattr(self, f"_{kind}")(number * 100 + i, **line) for i, line in enumerate(lines, 1)]

    def _amounts(self, line, kind):
        """Refunds negative; months transferred in without money."""
        sign = {"refund": -1, "transferred_in": 0}.get(kind, 1)
        return {name: sign * line[name] for name in ("er_share", "ind_share", "late_fee") if name in line}

    def _employer_contributions(self, number, who, month, late, base, scheme, employer, kind, slip, late_fee):
        er, ind = (base / 7).quantize(Decimal("0.01")), (base / 11).quantize(Decimal("0.01"))
        if kind == "normal":
            er, ind, *_routed = staged.due(base, month, scheme, risk_class=2 if scheme == "work_injury" else None)
        line = staged.employer_line(
            self.people[who],
            self.employers[employer],
            slip_no=slip,
            line=number,
            scheme=scheme,
            base=base,
            month=month,
            booked_month=add_months(month, late),
            kind=kind,
            er_share=er,
            ind_share=ind,
            late_fee=late_fee,
        )
        return line | self._amounts(line, kind)

    def _personal_contributions(self, number, who, month, late, base, scheme, kind):
        line = staged.personal_line(
            self.people[who],
            line=number,
            scheme=scheme,
            category="flexible" if scheme == "pension" else "resident",
            base=base,
            month=month,
            booked_month=add_months(month, late),
            kind=kind,
            ind_share=staged.due(base, month, scheme, "flexible").ind if scheme == "pension" else base,
            source_area="Elsewhere" if kind == "transferred_in" else "",
        )
        return line | self._amounts(line, kind)

    def _subsidies(self, number, who, month, late, base, scheme):
        booked = add_months(month, late)
        return staged.subsidy_line(self.people[who], base, scheme, month, line=number, booked_month=booked)

    def _openings(self, number, who, month, late, base, scheme, kind):
        pooled = base / 2 if kind == "transfer_in" else Decimal(0)
        cents = Decimal("0.01")
        return staged.opening_line(
            self.people[who], base, scheme, month, line=number, kind=kind, pooled_amount=pooled.quantize(cents)
        )

    def _account_movements(self, number, who, month, late, base, scheme, kind, pooled):
        scheme = "medical" if kind == "pool_allocation" else scheme
        explained = {"reason": "By hand", "document_no": "D1"} if kind == "manual" else {}
        return staged.movement_line(
            self.people[who],
            base if kind in ("pool_allocation", "manual") else -base,
            kind,
            scheme,
            month,
            line=number,
            booked_month=add_months(month, late),
            pooled_amount=pooled if kind == "transfer_out" else Decimal(0),
            **explained,
        )

    def _spending(self, number, who, month, late, base, from_pool, self_paid, relation):
        pool = from_pool if relation == "self" else Decimal(0)
        booked = add_months(month, late)
        return staged.spending_line(
            self.people[who], base, pool, self_paid, month, line=number, relation=relation, booked_month=booked
        )

    def _closures(self, number, who, month, late, base, scheme, reason):
        """In the month after all others, so that no order of the files finds the account closed too early."""
        return staged.closure_line(
            self.people[who], base, reason, scheme, CLOSING_MONTH, line=number, period=month, note="As it happened"
        )

    def _transfers(self, number, who, month, late, base, state):
        day, reason = month.replace(day=7), "Refused there" if state == "rejected" else ""
        number = f"ZY{number}"
        return staged.transfer_line(self.people[who], state, day=day, application_no=number, reason=reason)

    def _benefits(self, number, who, month, late, base, scheme, account):
        from_account = base if account and scheme != "unemployment" else Decimal(0)
        return staged.benefit_line(self.people[who], base, from_account, scheme, month, line=number)


def state_of(people):
    """Everything an account says, without the ids that depend on the order of arrival."""
    fields = (
        "person_id",
        "scheme",
        "area_code",
        "status",
        "closed_month",
        "year",
        "current_year",
        "prior_years",
        "opened_month",
    )
    found = Account.objects.filter(person_id__in=people)
    return sorted(found.values_list(*fields, "last_booked_month"), key=lambda row: row[:3])


def assert_in_order():
    with acting_as("read"), connection.cursor() as cursor:
        assert checks.prove(cursor) == []


class Undone(Exception):
    """Ends an example; its rows are rolled back."""


@pytest.fixture
def nothing_stays(db):
    """`with nothing_stays(): …` rolls back what the block did."""

    class Block:
        def __enter__(self):
            self.block = transaction.atomic()
            self.block.__enter__()

        def __exit__(self, kind, error, trace):
            undone = Undone() if error is None else error
            self.block.__exit__(type(undone), undone, None)

    return Block


@quick
@given(files)
def test_after_any_files_the_books_are_in_order_and_nothing_posts_twice(nothing_stays, drawn):
    with nothing_stays():
        world = World()
        loaded = [(kind, world.rows(kind, number, lines)) for number, (kind, lines) in enumerate(drawn)]
        for kind, rows in loaded:
            assert staged.load(kind, rows) == Stored(len(rows), 0)
        assert_in_order()
        before = state_of(world.people)
        for kind, rows in reversed(loaded):
            assert staged.load(kind, rows[::-1]) == Stored(0, len(rows))
        assert state_of(world.people) == before
        assert_in_order()


@quick
@given(files, st.randoms(use_true_random=False))
def test_the_order_of_files_makes_no_difference(nothing_stays, drawn, random):
    """Once the years are credited: what came after the closing of its account bears interest with the next run."""
    states = []
    numbered = list(enumerate(drawn))
    for order in (numbered, random.sample(numbered, len(numbered))):
        with nothing_stays():
            world = World()
            for number, (kind, lines) in order:
                staged.load(kind, world.rows(kind, number, lines))
            if any(kind == "closures" for kind, _lines in drawn):
                with acting_as("job"):
                    for year in YEARS_OF_FILES:
                        crediting.credit_year(year, area_code=staged.AREA)
            offset = world.people[0]
            states.append([(person - offset, *rest) for person, *rest in state_of(world.people)])
    assert states[0] == states[1]


@quick
@given(st.lists(line_of_kind["employer_contributions"], min_size=2, max_size=8), st.integers(1, 7))
def test_a_file_in_two_parts_comes_to_the_same_as_the_whole(nothing_stays, lines, cut):
    states = []
    for parts in ([lines], [lines[:cut], lines[cut:]]):
        with nothing_stays():
            world = World()
            rows = world.rows("employer_contributions", 0, lines)
            done = 0
            for part in parts:
                staged.load("employer_contributions", rows[done : done + len(part)])
                done += len(part)
            offset = world.people[0]
            states.append([(person - offset, *rest) for person, *rest in state_of(world.people)])
            assert_in_order()
    assert states[0] == states[1]
