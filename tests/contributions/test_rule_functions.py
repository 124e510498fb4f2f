"""The database's functions answer as their Python twins do, and both as a few lines that only read rows."""

from contextlib import contextmanager
from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contributions.models import BaseBound, ContributionRule
from contributions.rates import RoundingMode, account_share, contribution_base, round_money
from inquiries.models import User
from registry.models import Area
from registry.months import add_months
from registry.roles import acting_as

pytestmark = pytest.mark.django_db
PARENTS = {"980000": None, "980100": "980000", "980101": "980100", "970000": None}
AREAS = ["", *PARENTS, "960000"]
FIRST = date(2020, 1, 1)
MODES = st.sampled_from([mode.value for mode in RoundingMode])
MONEY = st.decimals(Decimal("-9999999999.99"), Decimal("9999999999.99"), places=2)
PRODUCTS = st.decimals(Decimal("-9999999999"), Decimal("9999999999"), places=8)
RATES = st.decimals(Decimal(0), Decimal(1), places=6)


@contextmanager
def undone():
    """What happens inside is taken back: one example leaves nothing for the next."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def ask(sql, *parameters):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {sql}", parameters)
        return cursor.fetchone()[0]


@given(PRODUCTS | st.sampled_from([Decimal("0.005"), Decimal("-0.005"), Decimal("12.3004")]), MODES)
def test_round_money(amount, mode):
    assert ask("round_money(%s::numeric, %s)", amount, mode) == round_money(amount, mode)


@given(MONEY, MODES)
def test_contribution_base(base, mode):
    assert ask("contribution_base(%s::numeric, %s)", base, mode) == contribution_base(base, mode)


@given(MONEY, MONEY, st.none() | RATES, st.sampled_from([Decimal(0), Decimal(1)]) | RATES, MODES)
def test_account_share(base, amount, rate, to_account, mode):
    sql = "account_share(%s::numeric, %s::numeric, %s::numeric, %s::numeric, %s)"
    for part in {to_account, rate or to_account}:
        expected = account_share(base, amount, rate, part, mode)
        assert ask(sql, base, amount, rate, part, mode) == expected


def test_an_unknown_rounding_mode_gives_no_amount():
    assert ask("round_money(1.005, 'UP')") is None


@pytest.fixture
def areas():
    with acting_as("job"):
        for code, parent in PARENTS.items():
            Area.objects.create(code=code, name=code, parent_id=parent)
        names = ("proposes", "approves")
        yield [User.objects.create(kind=User.Kind.STAFF, login_key=f"rules:{name}", name=name) for name in names]


def test_the_areas_over_an_area(areas):
    assert ask("area_chain('980101')") == ["980101", "980100", "980000", ""]
    assert ask("area_chain('960000')") == ["960000", ""]
    assert ask("area_chain('')") == ["", ""]


def test_a_circle_of_areas_ends(areas):
    Area.objects.filter(code="980000").update(parent_id="980101")
    assert ask("area_chain('980101')")[:3] == ["980101", "980100", "980000"]
    assert ContributionRule.objects.in_force("980101", "unemployment", "resident", FIRST) is None


@st.composite
def spans(draw):
    since = add_months(FIRST, draw(st.integers(0, 6)))
    length = draw(st.none() | st.integers(1, 4))
    return DateRange(since, length and add_months(since, length))


ROWS = st.lists(
    st.tuples(
        st.sampled_from(AREAS[:-1]),
        spans(),
        st.sampled_from([None, 1, 2]),
        st.booleans(),
        st.sampled_from(["draft", "in_force", "in_force", "in_force"]),
    ),
    max_size=14,
)


def save_those_that_fit(model, rows, people, **columns):
    for position, (area, period, risk_class, by_locality, state) in enumerate(rows):
        local = by_locality and area != ""
        row = model(
            key=f"{'local.' if local else ''}{position}",
            area_code=area,
            period=period,
            source="test",
            origin="local" if local else "national",
            state=state,
            proposed_by=people[0] if local else None,
            approved_by=people[1] if local else None,
            **columns,
        )
        if model is ContributionRule:
            row.risk_class = risk_class
        try:
            with transaction.atomic():
                row.save()
        except IntegrityError:
            continue


def first_by_hand(rows, area, month, risk_class=None):
    """The row that goes first, found by reading all rows one by one."""
    over, chain = area, [area]
    while PARENTS.get(over):
        over = PARENTS[over]
        chain.append(over)
    chain.append("")
    reaching = [
        (chain.index(row.area_code), row.origin != "local", getattr(row, "risk_class", None) is None, row.pk)
        for row in rows
        if row.state == "in_force"
        and row.area_code in chain
        and row.period.lower <= month
        and (row.period.upper is None or month < row.period.upper)
        and getattr(row, "risk_class", None) in (None, risk_class)
    ]
    return min(reaching)[-1] if reaching else None


# The areas stay from one example to the next; the rules of an example are undone.
SHARED = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
MONTHS = st.integers(-1, 12).map(lambda count: add_months(FIRST, count))


@settings(max_examples=60, deadline=None, suppress_health_check=SHARED)
@given(
    rows=ROWS, asked=st.lists(st.tuples(st.sampled_from(AREAS), MONTHS, st.sampled_from([None, 1, 2, 3])), min_size=4)
)
def test_contribution_rule_for(areas, rows, asked):
    of = {"scheme": "work_injury", "category": "flexible"}
    with undone():
        save_those_that_fit(ContributionRule, rows, areas, **of)
        stand = list(ContributionRule.objects.filter(**of))
        for area, month, risk_class in asked:
            expected = first_by_hand(stand, area, month, risk_class)
            found = ContributionRule.objects.in_force(area, of["scheme"], of["category"], month, risk_class)
            assert (found and found.pk) == expected
            sql = "contribution_rule_for(%s, %s, %s, %s::smallint, %s)"
            assert ask(sql, area, of["scheme"], of["category"], risk_class, month) == expected


@settings(max_examples=40, deadline=None, suppress_health_check=SHARED)
@given(rows=ROWS, asked=st.lists(st.tuples(st.sampled_from(AREAS), MONTHS), min_size=4))
def test_base_bound_for(areas, rows, asked):
    with undone():
        save_those_that_fit(BaseBound, rows, areas, scheme="pension_resident", lower=1, upper=2)
        stand = list(BaseBound.objects.filter(scheme="pension_resident"))
        for area, month in asked:
            expected = first_by_hand(stand, area, month)
            found = BaseBound.objects.in_force(area, "pension_resident", month)
            assert (found and found.pk) == expected
            assert ask("base_bound_for(%s, %s, %s)", area, "pension_resident", month) == expected
