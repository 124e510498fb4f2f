"""make_feed: the files of an invented population, and the money in them."""

import csv
import hashlib
from collections import defaultdict
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.core.management import CommandError
from python_calamine import CalamineWorkbook

from contributions import rates, rules
from contributions.models import BaseBound, ContributionRule
from portal.feed import ALL_KINDS
from portal.population.files import KINDS, Folder
from portal.population.law import CATEGORIES, SCHEMES, yuan
from portal.population.places import PARENTS
from portal.population.society import FEWEST_PEOPLE
from registry.commands import Refused
from registry.identity import check_credit_code, check_number
from registry.months import add_months, parse_month

from .made_feed import make, rows_of

CHECKED_AS_CITIZEN = {"居民身份证", "港澳台居民居住证"}


def digests(folder):
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.iterdir()}


# The files


def test_the_same_arguments_give_the_same_bytes(made_folder, tmp_path):
    assert digests(make(tmp_path / "again")) == digests(made_folder)


def test_another_seed_gives_another_population(made_folder, tmp_path):
    assert digests(make(tmp_path / "other", seed=8))["04-persons.csv"] != digests(made_folder)["04-persons.csv"]


def test_every_kind_is_there_with_the_headers_that_load_feed_knows(made, made_folder):
    for kind in ALL_KINDS:
        assert made[kind.name], kind.name
        assert set(made[kind.name][0]) == set(kind.titles)
    known = {tuple(kind.headers) for kind in KINDS.values()}
    for path in made_folder.iterdir():
        assert tuple(path.read_text(encoding="utf-8-sig").split("\n", 1)[0].strip().split(",")) in known, path


def test_a_file_of_money_comes_from_one_agency_and_one_area(made_folder):
    for path in made_folder.glob("1[56789]-*.csv"):
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))[:-1]
        assert len({(row["机构编码"], row["区划代码"]) for row in rows}) == 1, path


def test_control_rows_count_the_lines_and_sum_the_money(made_folder):
    with_control = [kind for kind in ALL_KINDS if kind.has_control_total]
    assert {kind.name for kind in with_control} == {name for name, kind in KINDS.items() if kind.money}
    for kind in with_control:
        money = [column.title for column in kind.columns if column.is_money]
        paths = [path for path in made_folder.iterdir() if kind.name in path.stem.replace("-", " ").split(" ")]
        for path in paths:
            with path.open(encoding="utf-8-sig", newline="") as file:
                *lines, control = list(csv.DictReader(file))
            expected = dict.fromkeys(control, "") | {KINDS[kind.name].headers[0]: "合计", "行号": str(len(lines))}
            expected |= {title: str(sum(Decimal(line[title] or 0) for line in lines)) for title in money}
            assert control == expected, path


def test_every_number_begins_with_99_and_checks(made):
    people = made["persons"] + made["agents"]
    numbers = [(row["证件类型"], row["证件号码"]) for row in people]
    numbers += [(row["曾用证件类型"], row["曾用证件号码"]) for row in made["persons"] if row["曾用证件号码"]]
    assert len(set(numbers)) == len(numbers)
    for id_type, number in numbers:
        assert number.startswith("99")
        assert check_number("citizen" if id_type in CHECKED_AS_CITIZEN else "other", number) == number
    assert {row["证件类型"] for row in people} >= {"居民身份证", "港澳台居民居住证", "护照", "外国人永久居留身份证"}
    for row in made["employers"]:
        assert row["统一社会信用代码"][2:8] == "990000"
        assert check_credit_code(row["统一社会信用代码"]) == row["统一社会信用代码"]


def test_birth_date_and_sex_of_a_citizen_stand_in_the_number(made):
    for row in made["persons"]:
        if row["证件类型"] == "居民身份证":
            assert row["证件号码"][6:14] == row["出生日期"].replace("-", "")
            assert (int(row["证件号码"][16]) % 2 == 1) == (row["性别"] == "男")


def test_gb18030_holds_the_same_rows(made, tmp_path):
    out = make(tmp_path / "gb", encoding="gb18030")
    assert rows_of(out, "persons", "gb18030") == made["persons"]


def test_a_workbook_holds_the_same_cells_as_text(made_folder, tmp_path):
    out = make(tmp_path / "xlsx", format="xlsx")
    assert {path.stem for path in out.iterdir()} == {path.stem for path in made_folder.iterdir()}
    for name in ("04-persons", "15-2026-assessments-11000003"):
        with (made_folder / f"{name}.csv").open(encoding="utf-8-sig", newline="") as file:
            assert CalamineWorkbook.from_path(out / f"{name}.xlsx").get_sheet_by_index(0).to_python() == list(
                csv.reader(file)
            )


def test_workbooks_too_are_the_same_each_time(tmp_path):
    small = {"people": FEWEST_PEOPLE, "years": 1, "format": "xlsx"}
    assert digests(make(tmp_path / "one", **small)) == digests(make(tmp_path / "two", **small))


def test_a_long_list_goes_on_in_another_file_each_with_its_control_row(tmp_path):
    folder = Folder(tmp_path, lines_per_file=2)
    sheet = folder.sheet("subsidies", 2026, "1")
    for slip in "ABC":
        sheet.break_here()
        for line in "12":
            sheet.add(slip, line, *["x"] * 8, "省级", "1.50", "2026-01-25")
    folder.close()
    assert folder.made == {f"16-2026-subsidies-1{part}.csv": 2 for part in ("", "_2", "_3")}
    assert (tmp_path / "16-2026-subsidies-1_3.csv").read_text(encoding="utf-8-sig").split("\n")[3][:4] == "合计,2"


def test_a_cell_that_would_need_quotes_is_no_cell_of_ours(tmp_path):
    with pytest.raises(ValueError, match="does not fit the header"):
        Folder(tmp_path).sheet("areas").add("1", "a,b", "", "是")


# The money


@pytest.fixture(scope="module")
def law():
    """Rule and bounds of rules.toml for a month, found row by row."""
    rows = rules.read()

    def covers(row, area, covered):
        chain = (area, PARENTS.get(area), "")
        after = row.period.upper is None or covered < row.period.upper
        return row.area_code in chain and row.period.lower <= covered and after

    def rule(area, scheme, category, covered, risk_class):
        found = [r for r in rows[ContributionRule] if (r.scheme, r.category) == (scheme, category)]
        found = [r for r in found if covers(r, area, covered) and r.risk_class in (None, risk_class)]
        return max(found, key=lambda r: (r.area_code == area, r.risk_class is not None), default=None)

    def bounds(area, scheme, covered):
        return next((b for b in rows[BaseBound] if b.scheme == scheme and covers(b, area, covered)), None)

    return SimpleNamespace(rule=rule, bounds=bounds)


def test_shares_are_what_the_rules_say(made, law):
    risk_classes = {row["单位编号"]: int(row["工伤风险类别"]) for row in made["employers"]}
    checked = defaultdict(int)
    for row in made["employer_contributions"] + made["personal_contributions"]:
        if row["缴费类型"] == "转入":
            continue
        scheme, covered, base = SCHEMES[row["险种"]], parse_month(row["对应费款所属期"]), Decimal(row["缴费基数"])
        rule = law.rule(
            row["区划代码"], scheme, CATEGORIES[row["人员类别"]], covered, risk_classes.get(row.get("单位编号"))
        )
        assert rule is not None, row
        bounds = law.bounds(row["区划代码"], scheme, covered)
        if bounds and row["缴费类型"] == "正常":
            assert bounds.lower <= base <= bounds.upper
        if rule.er_rate is not None and rule.ind_rate is not None:
            shares = rates.split(base, rule)
            paid = Decimal(row.get("单位缴费金额", "0.00")), Decimal(row["个人缴费金额"])
            assert (shares.er, shares.ind) == paid, row
            checked[row["缴费类型"]] += 1
    assert {"正常", "补缴", "退费"} <= set(checked)
    assert checked["正常"] > 3000


def test_a_slip_and_line_name_one_contribution(made):
    for kind, number in (
        ("employer_contributions", "征集流水号"),
        ("personal_contributions", "征集流水号"),
        ("assessments", "核定单号"),
        ("benefits", "支付单号"),
        ("subsidies", "拨付单号"),
        ("account_movements", "业务流水号"),
        ("spending", "业务流水号"),
        ("closures", "业务流水号"),
    ):
        keys = [(row[number], row["行号"]) for row in made[kind]]
        assert len(set(keys)) == len(keys), kind


def test_no_account_pays_out_more_than_came_in(made, law):
    """Contributions by the rules, balances taken over, subsidies; less what was spent: month by month above zero."""
    risk = {row["单位编号"]: int(row["工伤风险类别"]) for row in made["employers"]}
    moved = defaultdict(lambda: defaultdict(Decimal))
    for row in made["openings"]:
        moved[row["证件号码"], row["险种"], row["区划代码"]][row["记账年月"]] += Decimal(row["个人账户金额"])
    for row in made["employer_contributions"] + made["personal_contributions"]:
        if row["缴费类型"] != "转入":
            scheme, category = SCHEMES[row["险种"]], CATEGORIES[row["人员类别"]]
            covered = parse_month(row["对应费款所属期"])
            rule = law.rule(row["区划代码"], scheme, category, covered, risk.get(row.get("单位编号")))
            er, ind = Decimal(row.get("单位缴费金额", "0.00")), Decimal(row["个人缴费金额"])
            routed = rates.route(Decimal(row["缴费基数"]), er, ind, rule).to_account
            moved[row["证件号码"], row["险种"], row["区划代码"]][row["记账年月"]] += routed
    spent = 0
    for row in made["account_movements"]:
        moved[row["证件号码"], row["险种"], row["区划代码"]][row["记账年月"]] += Decimal(row["变动金额"])
    for row in made["closures"]:
        moved[row["证件号码"], row["险种"], row["区划代码"]][row["记账年月"]] -= Decimal(row["支付金额"])
    for row in made["benefits"] + made["spending"]:
        amount = Decimal(row["个人账户支付"])
        spent += amount > 0
        moved[row["证件号码"], row["险种"], row["区划代码"]][row["记账年月"]] -= amount
    assert spent > 100
    for account, months in moved.items():
        balance = Decimal(0)
        for booked in sorted(months):
            balance += months[booked]
            assert balance >= 0, (account, booked)


def test_assessments_are_due_on_the_15th_of_the_next_month_or_quarter(made):
    latest = max(row["费款所属期"] for row in made["assessments"])
    assert latest == "202607", "the month after the last is assessed and not yet due"
    for row in made["assessments"]:
        due, covered = parse_month(row["缴费期限"][:7]), parse_month(row["费款所属期"])
        assert row["缴费期限"].endswith("-15")
        assert add_months(covered, 1) <= due <= add_months(covered, 3)


def test_late_money_brings_a_late_fee(made):
    late = [row for row in made["employer_contributions"] if row["缴费类型"] == "补缴"]
    assert late
    for row in late:
        due = f"{add_months(parse_month(row['对应费款所属期']), 1):%Y-%m}-15"
        if row["到账日期"] > due and Decimal(row["个人缴费金额"]) > 100:
            assert Decimal(row["滞纳金"]) > 0, row


# The command


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"people": FEWEST_PEOPLE - 1}, f"--people must lie between {FEWEST_PEOPLE} and"),
        ({"employers": 6}, "--employers must lie between 7 and"),
        ({"years": 0}, "--years must lie between 1 and 36, not 0"),
        ({"years": 37}, "--years must lie between 1 and 36, not 37"),
        ({"assessments": 37}, "--assessments must lie between 4 and 36"),
        ({"until": "June"}, "--until June: write a month like 2026-10."),
        ({"until": "2199-01"}, "the last complete month"),
        ({"until": "2021-12"}, "--until must lie between 2022-01 and"),
    ],
)
def test_wrong_arguments_are_refused(tmp_path, changes, sentence):
    with pytest.raises(CommandError, match=sentence) as refused:
        make(tmp_path / "out", **changes)
    assert refused.value.returncode == 2
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_holds_something_is_left_alone_unless_forced(tmp_path):
    (tmp_path / "04-persons.csv").write_text("old")
    (tmp_path / "99-old-file.csv").write_text("old")
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(Refused, match="is not empty"):
        make(tmp_path, people=FEWEST_PEOPLE, years=1)
    assert (tmp_path / "04-persons.csv").read_text() == "old"
    make(tmp_path, people=FEWEST_PEOPLE, years=1, force=True)
    assert len(rows_of(tmp_path, "persons")) == FEWEST_PEOPLE
    assert (tmp_path / "notes.txt").read_text() == "mine"
    assert not (tmp_path / "99-old-file.csv").exists()


def test_a_file_is_no_folder(tmp_path):
    (tmp_path / "out").write_text("mine")
    with pytest.raises(Refused, match="is not a folder"):
        make(tmp_path / "out")


def test_a_disk_that_is_too_small_is_noticed_before_anything_is_written(tmp_path):
    with pytest.raises(Refused, match="MB are needed on the disk"):
        make(tmp_path / "out", people=4_000_000, years=36)
    assert list(tmp_path.iterdir()) == []


def test_amounts_are_written_with_two_decimals_and_a_sign():
    assert [yuan(fen) for fen in (0, 5, 64000, -1, -12345)] == ["0.00", "0.05", "640.00", "-0.01", "-123.45"]
