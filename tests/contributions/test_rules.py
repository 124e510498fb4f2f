"""rules.toml: every rule of the domain reference, transcribed a second time; and what is wrong in a file is named."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils.translation import override

from contributions import rules
from contributions.models import (
    AccountQuota,
    BaseBound,
    CalculationBase,
    ContributionRule,
    CreditingRate,
    InterestMethod,
    LateFeeRate,
    ResidentTier,
)
from registry.months import parse_month
from registry.roles import acting_as

# number, area, scheme, category, risk class, from, until, ER, IND, ER to account, IND to account; "" = not published.
DOMAIN_ROWS = [
    ("1", "", "pension", "employee", None, "1998-01", "2000-01", ".20", ".05", ".06", ".05"),
    ("2", "", "pension", "employee", None, "2000-01", "2002-01", ".20", ".06", ".05", ".06"),
    ("3", "", "pension", "employee", None, "2002-01", "2004-01", ".20", ".07", ".04", ".07"),
    ("4", "", "pension", "employee", None, "2004-01", "2006-01", ".20", ".08", ".03", ".08"),
    ("5", "", "pension", "employee", None, "2006-01", "2019-05", ".20", ".08", "0", ".08"),
    ("6", "", "pension", "employee", None, "2019-05", "", ".16", ".08", "0", ".08"),
    ("7", "", "pension_public", "employee", None, "2014-10", "2019-05", ".20", ".08", "0", ".08"),
    ("8", "", "pension_public", "employee", None, "2019-05", "", ".16", ".08", "0", ".08"),
    ("9", "", "pension", "flexible", None, "2006-01", "", "0", ".20", "0", ".08"),
    ("9", "310000", "pension", "flexible", None, "2019-05", "", "0", ".24", "0", ".08"),
    ("10", "", "pension_resident", "resident", None, "2014-02", "", "", "", "1", "1"),
    ("11", "", "medical", "employee", None, "1998-12", "2023-01", ".06", ".02", ".018", ".02"),
    ("11", "310000", "medical", "employee", None, "2023-01", "2023-07", "", ".02", ".018", ".02"),
    ("12", "", "medical", "employee", None, "2023-01", "", ".06", ".02", "0", ".02"),
    ("13", "310000", "medical", "employee", None, "2023-07", "", "", ".02", "0", ".02"),
    ("14", "310000", "medical", "retiree", None, "2023-07", "", "0", "0", "0", "0"),
    ("15", "", "medical", "retiree", None, "2023-01", "", "0", "0", "0", "0"),
    ("15b", "", "medical", "flexible", None, "1998-12", "", "0", "", "0", ".02"),
    ("15b", "", "medical", "flexible_pool_only", None, "1998-12", "", "0", "", "0", "0"),
    ("16", "", "medical_resident", "resident", None, "2021-01", "", "", "", "0", "0"),
    ("17", "", "unemployment", "employee", None, "1999-01", "2015-03", ".02", ".01", "0", "0"),
    ("18", "", "unemployment", "employee", None, "2015-03", "2016-05", ".015", ".005", "0", "0"),
    ("19", "", "unemployment", "employee", None, "2016-05", "2017-01", ".01", ".005", "0", "0"),
    ("20", "", "unemployment", "employee", None, "2017-01", "2026-01", ".005", ".005", "0", "0"),
    ("21", "", "unemployment", "employee", None, "2026-01", "", "", "", "0", "0"),
    ("22", "", "work_injury", "employee", None, "2015-10", "", "", "0", "0", "0"),
    ("22", "", "work_injury", "employee", 1, "2015-10", "", ".002", "0", "0", "0"),
    ("22", "", "work_injury", "employee", 2, "2015-10", "", ".004", "0", "0", "0"),
    ("22", "", "work_injury", "employee", 3, "2015-10", "", ".007", "0", "0", "0"),
    ("22", "", "work_injury", "employee", 4, "2015-10", "", ".009", "0", "0", "0"),
    ("22", "", "work_injury", "employee", 5, "2015-10", "", ".011", "0", "0", "0"),
    ("22", "", "work_injury", "employee", 6, "2015-10", "", ".013", "0", "0", "0"),
    ("22", "", "work_injury", "employee", 7, "2015-10", "", ".016", "0", "0", "0"),
    ("22", "", "work_injury", "employee", 8, "2015-10", "", ".019", "0", "0", "0"),
    ("23", "", "maternity", "employee", None, "1995-01", "2015-10", "", "0", "0", "0"),
    ("24", "", "maternity", "employee", None, "2015-10", "2020-01", "", "0", "0", "0"),
    ("25", "", "maternity", "employee", None, "2020-01", "", "0", "0", "0", "0"),
    ("pilot", "210000", "pension", "employee", None, "1996-01", "1998-01", "", ".04", ".08", ".04"),
    ("pilot", "210000", "pension", "employee", None, "1998-01", "2000-01", ".20", ".05", ".06", ".05"),
    ("pilot", "210000", "pension", "employee", None, "2000-01", "2001-07", ".20", ".06", ".05", ".06"),
    ("pilot", "210000", "pension", "employee", None, "2001-07", "2006-01", ".20", ".08", "0", ".08"),
    ("", "", "work_injury", "employee", None, "2004-01", "2015-10", "", "0", "0", "0"),
]


def number(text):
    return Decimal(text) if text else None


@pytest.fixture
def job_role():
    """The role that loads rules, and the rules of the release loaded as they are."""
    with acting_as("job"):
        rules.load(rules.read())
        yield


@pytest.fixture(scope="module")
def file_rows():
    return rules.read()


def test_the_file_holds_the_transcribed_rules_and_no_others(file_rows):
    stands = {
        (
            row.area_code,
            row.scheme,
            row.category,
            row.risk_class,
            row.period.lower,
            row.period.upper,
            row.er_rate,
            row.ind_rate,
            row.er_to_account,
            row.ind_to_account,
        )
        for row in file_rows[ContributionRule]
    }
    expected = {
        (*row[1:5], parse_month(row[5]), parse_month(row[6]) if row[6] else None, *map(number, row[7:]))
        for row in DOMAIN_ROWS
    }
    assert stands == expected


def test_every_rule_of_the_domain_table_is_there():
    raws = rules.tomllib.loads(rules.RULES_FILE.read_text(encoding="utf-8"))["contribution_rule"]
    numbers = {raw.get("domain_row") for raw in raws}
    assert {str(n) for n in range(1, 26)} | {"15b"} <= numbers


@pytest.mark.django_db
@pytest.mark.parametrize("row", DOMAIN_ROWS, ids=lambda row: f"row {row[0]} {row[1]} {row[2]} {row[3]} {row[5]}")
def test_each_rule_is_found_from_its_first_month_to_its_last(row, job_role):
    _, area, scheme, category, risk_class, since, until, er, ind, er_to, ind_to = row
    since = parse_month(since)
    last = parse_month(until) - timedelta(days=1) if until else date(2026, 11, 30)
    expected = (number(er), number(ind), number(er_to), number(ind_to))
    for month in (since, last.replace(day=1)):
        found = ContributionRule.objects.in_force(area, scheme, category, month, risk_class)
        assert (found.er_rate, found.ind_rate, found.er_to_account, found.ind_to_account) == expected
    outside = [(since - timedelta(days=1)).replace(day=1)] + ([parse_month(until)] if until else [])
    for month in outside:
        other = ContributionRule.objects.in_force(area, scheme, category, month, risk_class)
        assert other is None or other.key != found.key


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("scheme", "category", "expected"),
    [
        ("pension", "employee", True),
        ("pension_public", "employee", True),
        ("pension", "flexible", True),
        ("pension_resident", "resident", True),
        ("medical", "employee", True),
        ("medical", "retiree", True),
        ("medical", "flexible", True),
        ("medical", "flexible_pool_only", False),
        ("medical_resident", "resident", False),
        ("unemployment", "employee", False),
        ("work_injury", "employee", False),
        ("maternity", "employee", False),
    ],
)
def test_only_old_age_and_employees_medical_have_an_account_today(scheme, category, expected, job_role):
    assert ContributionRule.objects.in_force("", scheme, category, date(2026, 10, 1)).has_account is expected


@pytest.mark.django_db
def test_the_ceilings_and_factors_of_rows_22_to_24(job_role):
    def rule(scheme, month, risk_class=None):
        return ContributionRule.objects.in_force("", scheme, "employee", month, risk_class)

    assert rule("maternity", date(2010, 1, 1)).er_rate_ceiling == Decimal("0.01")
    assert rule("maternity", date(2016, 1, 1)).er_rate_ceiling == Decimal("0.005")
    assert rule("work_injury", date(2016, 1, 1), 1).er_factors == [Decimal(1), Decimal("1.2"), Decimal("1.5")]
    assert rule("work_injury", date(2016, 1, 1), 8).er_factors[0] == Decimal("0.5")


@pytest.mark.django_db
def test_a_known_locality_goes_before_the_nation_and_an_unknown_one_does_not(job_role):
    shanghai, beijing = "310000", "110000"

    def employers_part(area, month):
        return ContributionRule.objects.in_force(area, "medical", "employee", month).er_to_account

    assert employers_part(shanghai, date(2023, 6, 1)) == Decimal("0.018")
    assert employers_part(beijing, date(2023, 6, 1)) == 0
    assert employers_part(shanghai, date(2023, 7, 1)) == 0
    bound = BaseBound.objects.in_force(beijing, "pension", date(2026, 7, 1))
    assert (bound.lower, bound.upper) == (7270, 36348)
    assert BaseBound.objects.in_force(beijing, "pension", date(2026, 6, 1)) is None
    assert BaseBound.objects.in_force(shanghai, "pension", date(2026, 7, 1)) is None


def test_the_other_tables_hold_the_figures_of_the_domain_reference(file_rows):
    pension = {r.period.lower.year: r.rate for r in file_rows[CreditingRate] if r.key.startswith("pension.")}
    rates = "8.31 7.12 8.29 7.61 6.04 6.69 6.12 3.97 2.62 1.50"
    assert pension == {2016 + i: Decimal(rate) / 100 for i, rate in enumerate(rates.split())}
    medical = {r.bucket: r.rate for r in file_rows[CreditingRate] if r.scheme == "medical" and not r.area_code}
    assert medical == {"current_year": Decimal("0.0035"), "prior_years": Decimal("0.011")}
    late = [(r.period.lower, r.period.upper, r.daily_rate) for r in file_rows[LateFeeRate]]
    assert late == [
        (date(1999, 1, 22), date(2011, 7, 1), Decimal("0.002")),
        (date(2011, 7, 1), None, Decimal("0.0005")),
    ]
    assert [(r.ages.lower, r.ages.upper, r.amount) for r in file_rows[AccountQuota]] == [
        (0, 75, 1680),
        (75, None, 1890),
    ]
    assert {r.period.lower.year: r.amount for r in file_rows[CalculationBase]} == {2024: 11883, 2025: 12049}
    national, local = (
        [r for r in file_rows[InterestMethod] if bool(r.area_code) is is_local] for is_local in (False, True)
    )
    assert {r.scheme for r in national} == {"pension", "pension_public", "pension_resident", "medical"}
    assert {(r.method, r.payout_method, r.rounding_mode, r.yearly_factor) for r in national} == {
        ("MONTH_PRODUCT", "MONTH_PRODUCT", "HALF_UP_FEN", Decimal("1.083"))
    }
    assert {r.area_code: (r.payout_method, r.rounding_mode) for r in local} == {
        "310000": ("MONTH_PRODUCT", "CEIL_JIAO"),
        "510000": ("YEARLY", "YUAN_BASE_FLOOR"),
    }
    national = {r.amount: r.minimum_subsidy for r in file_rows[ResidentTier] if not r.area_code}
    assert (min(national), max(national)) == (100, 2000)
    assert {amount: subsidy for amount, subsidy in national.items() if subsidy == 30}.keys() == {100, 200, 300, 400}
    assert max(r.amount for r in file_rows[ResidentTier] if r.area_code == "370000") == 5000


def test_what_is_not_confirmed_says_why(file_rows):
    for row in (row for table in file_rows.values() for row in table):
        assert row.confirmed or row.note, row.key


GOOD = """
[sources]
A = "Law A"

[[contribution_rule]]
key = "pension.employee.2019-05"
scheme = "pension"
category = "employee"
from = "2019-05"
er_rate = "0.16"
ind_rate = "0.08"
ind_to_account = "0.08"
source = ["A"]
"""


@pytest.mark.parametrize(
    ("change", "finding"),
    [
        (('er_rate = "0.16"', "er_rate = 0.16"), 'er_rate: must be text, such as "0.08".'),
        (('er_rate = "0.16"', 'er_rate = "sixteen"'), "er_rate: "),
        (('er_rate = "0.16"', 'er_rate = "1.6"'), "er_rate: A rate is a fraction between 0 and 1."),
        (('er_rate = "0.16"', 'er_rate = "0.1600001"'), "er_rate: "),
        (('er_rate = "0.16"', 'employers_rate = "0.16"'), "employers_rate: this table has no such field."),
        (('er_rate = "0.16"', 'state = "draft"'), "state: this table has no such field."),
        (('er_rate = "0.16"', "er_factors = [0.5, 1]"), "er_factors: must be a list of texts"),
        (('er_rate = "0.16"', 'pool_quota = "yes"'), "pool_quota: must be true or false."),
        (('er_rate = "0.16"', "risk_class = 9"), "risk_class: "),
        (('scheme = "pension"', ""), "scheme: is missing."),
        (('scheme = "pension"', 'scheme = "dental"'), "scheme: "),
        (('category = "employee"', 'category = "worker"'), "category: "),
        (('from = "2019-05"', ""), "from: is missing."),
        (('from = "2019-05"', 'from = "2019-13"'), 'from: must be a month such as "2026-10".'),
        (('from = "2019-05"', 'from = "2019-05-01"'), 'from: must be a month such as "2026-10".'),
        (('from = "2019-05"', 'from = "201905"'), 'from: must be a month such as "2026-10".'),
        (('from = "2019-05"', "from = 2019"), 'from: must be a month such as "2026-10".'),
        (('from = "2019-05"', 'from = "2019-05"\nuntil = "2019-05"'), "until: must come after `from`"),
        (('from = "2019-05"', 'from = "2019-05"\narea = "31"'), "area: must be a code of six digits"),
        (('source = ["A"]', 'source = ["B"]'), "source: B does not stand in [sources]."),
        (('source = ["A"]', 'source = [["A"]]'), "source: must be a list of keys of [sources]."),
        (('source = ["A"]', 'source = "A"'), "source: must be a list of keys of [sources]."),
        (('source = ["A"]', ""), "source: must be a list of keys of [sources]."),
        (('key = "pension.employee.2019-05"', 'key = "local.mine"'), "key: keys that begin with"),
    ],
)
def test_a_mistake_in_the_file_is_named_by_table_key_and_field(tmp_path, change, finding):
    file = tmp_path / "rules.toml"
    file.write_text(GOOD.replace(*change), encoding="utf-8")
    with override("en"), pytest.raises(rules.RulesError) as caught:
        rules.read(file)
    key = "local.mine" if "local.mine" in change[1] else "pension.employee.2019-05"
    assert any(text.startswith(f"contribution_rule, {key}, {finding}") for text in caught.value.findings)


@pytest.mark.parametrize(
    ("text", "finding"),
    [
        ("[[contribution_rule]\n", "is not TOML"),
        ("[[contribution_rules]]\nkey = 'a'\n", "contribution_rules: there is no such table."),
        ("sources = 'A'\n", "sources: write the sources under [sources]"),
        ("[contribution_rule]\nkey = 'a'\n", "contribution_rule: write each row under [[contribution_rule]]."),
        (GOOD + GOOD[GOOD.index("[[") :], "contribution_rule, pension.employee.2019-05, key: stands more than once."),
        (GOOD.replace('key = "pension.employee.2019-05"\n', ""), "a row without a key, key: is missing."),
    ],
)
def test_a_file_that_cannot_be_used_says_so(tmp_path, text, finding):
    file = tmp_path / "rules.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(rules.RulesError) as caught:
        rules.read(file)
    assert any(finding in text for text in caught.value.findings)


def test_all_mistakes_of_a_file_are_named_at_once(tmp_path):
    file = tmp_path / "rules.toml"
    file.write_text(GOOD.replace('"0.16"', "0.16").replace('"pension"', '"dental"').replace('["A"]', '["B"]'))
    with pytest.raises(rules.RulesError) as caught:
        rules.read(file)
    assert len(caught.value.findings) == 3


def test_a_file_that_is_not_there_says_so(tmp_path):
    with pytest.raises(rules.RulesError, match="cannot be read"):
        rules.read(tmp_path / "nothing.toml")


def test_the_page_about_the_rules_names_each_row_that_is_not_confirmed(file_rows):
    page = (rules.RULES_FILE.parent.parent / "docs" / "rules.md").read_text(encoding="utf-8")
    tiers = ("pension_resident.", "370000.pension_resident.", "injury_grant.", "survivor_grant.")
    unconfirmed = {row.key for table in file_rows.values() for row in table if not row.confirmed}
    unnamed = {key for key in unconfirmed if f"`{key}`" not in page and not key.startswith(tiers)}
    assert unnamed == set()
