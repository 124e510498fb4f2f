"""`manage.py load_rules`: the same file twice, a changed file, a refused file, local rules beside it."""

from datetime import date
from decimal import Decimal
from io import StringIO
from threading import Thread

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from contributions import rules
from contributions.models import ContributionRule, CreditingRate
from inquiries.models import User
from registry.commands import Refused
from registry.roles import acting_as

KEY = "pension.employee.2019-05"


@pytest.fixture
def text():
    """The text of the release's rules."""
    return rules.RULES_FILE.read_text(encoding="utf-8")


@pytest.fixture
def loaded(db):
    """The rules of the release, loaded."""
    load_rules()


@pytest.fixture
def file(tmp_path):
    return tmp_path / "rules.toml"


def load_rules(*arguments):
    """What the command says."""
    out = StringIO()
    call_command("load_rules", *map(str, arguments), stdout=out)
    return out.getvalue()


def replace_in_row(text, key, old, new):
    """`text` with `old` replaced by `new` inside the row `key` alone."""
    start = text.index(f'key = "{key}"')
    end = text.find("\n\n", start)
    assert old in text[start:end]
    return text[:start] + text[start:end].replace(old, new) + text[end:]


def versions(key):
    """(version, state) of a rule, oldest first."""
    return list(ContributionRule.objects.filter(key=key).order_by("version").values_list("version", "state"))


def today(area=""):
    return ContributionRule.objects.in_force(area, "pension", "employee", date(2026, 10, 1))


def test_the_second_load_changes_nothing(loaded):
    before = list(ContributionRule.objects.order_by("pk").values_list("pk", "version", "state"))
    assert "0 rules added, 0 replaced by a new version, 0 with another source or note, 0 withdrawn" in load_rules()
    assert list(ContributionRule.objects.order_by("pk").values_list("pk", "version", "state")) == before


def test_a_changed_figure_is_a_new_version_and_the_old_one_still_says_what_it_said(loaded, file, text):
    old = today()
    file.write_text(replace_in_row(text, KEY, '"0.16"', '"0.15"'), encoding="utf-8")
    assert "0 rules added, 1 replaced by a new version" in load_rules(file)
    assert (today().key, today().version, today().er_rate) == (KEY, old.version + 1, Decimal("0.15"))
    old.refresh_from_db()
    assert (old.state, old.er_rate) == ("withdrawn", Decimal("0.16"))
    assert old.withdrawn_at is not None


def test_a_rule_may_give_way_to_its_successor_in_one_load(loaded, file, text):
    successor = replace_in_row(text, KEY, 'from = "2019-05"', 'from = "2019-05"\nuntil = "2027-01"')
    successor += (
        '\n[[contribution_rule]]\nkey = "pension.employee.2027-01"\nscheme = "pension"\ncategory = "employee"\n'
        'from = "2027-01"\ner_rate = "0.15"\nind_rate = "0.08"\nind_to_account = "0.08"\nsource = ["D13"]\n'
    )
    file.write_text(successor, encoding="utf-8")
    assert "1 rules added, 1 replaced by a new version" in load_rules(file)
    assert today().period == DateRange(date(2019, 5, 1), date(2027, 1, 1))
    assert ContributionRule.objects.in_force("", "pension", "employee", date(2027, 1, 1)).er_rate == Decimal("0.15")


def test_another_source_or_note_does_not_make_a_version(loaded, file, text):
    old = today()
    file.write_text(replace_in_row(text, KEY, 'source = ["D13"]', 'source = ["D13", "JY"]\nnote = "Read."'), "utf-8")
    assert "0 replaced by a new version, 1 with another source or note" in load_rules(file)
    assert (today().pk, today().version, today().note) == (old.pk, old.version, "Read.")
    assert "揭市人社〔2019〕65号" in today().source


def test_a_rule_that_leaves_the_file_is_withdrawn_and_one_that_comes_back_is_a_new_version(loaded, file, text):
    before = versions(KEY)
    start = text.index("[[contribution_rule]]", text.index(f'key = "{KEY}"') - 60)
    file.write_text(text[:start] + text[text.index("\n\n", start) + 2 :], encoding="utf-8")
    assert "1 withdrawn" in load_rules(file)
    assert today() is None
    assert "1 rules added" in load_rules()
    last = before[-1][0]
    assert versions(KEY) == [*before[:-1], (last, "withdrawn"), (last + 1, "in_force")]


def test_local_rules_are_left_alone_and_go_on_before(loaded, file, text):
    with acting_as("job"):
        proposer, approver = (
            User.objects.create(kind=User.Kind.STAFF, login_key=f"rules:{name}", name=name) for name in ("p", "a")
        )
        local = ContributionRule.objects.create(
            key="local.990000.pension.2026-01",
            area_code="990000",
            scheme="pension",
            category="employee",
            period=DateRange(date(2026, 1, 1), None),
            er_rate=Decimal("0.14"),
            ind_rate=Decimal("0.08"),
            ind_to_account=Decimal("0.08"),
            source="Notice of the area",
            state="in_force",
            proposed_by=proposer,
            approved_by=approver,
        )
    # The next release knows the area too, with another figure for the same months.
    known = '\n[[contribution_rule]]\nkey = "990000.pension.employee.2025-01"\narea = "990000"\nscheme = "pension"\n'
    known += 'category = "employee"\nfrom = "2025-01"\ner_rate = "0.15"\nind_rate = "0.08"\nind_to_account = "0.08"\n'
    file.write_text(text + known + 'source = ["D13"]\n', encoding="utf-8")
    assert "1 rules added" in load_rules(file)
    assert today("990000") == local
    assert ContributionRule.objects.in_force("990000", "pension", "employee", date(2025, 6, 1)).er_rate == Decimal(
        "0.15"
    )
    assert "1 withdrawn" in load_rules()
    local.refresh_from_db()
    assert (local.state, local.version) == ("in_force", 1)


def test_a_file_whose_rules_overlap_is_refused_whole(loaded, file, text):
    broken = replace_in_row(text, "pension.employee.2006-01", 'until = "2019-05"', 'until = "2019-06"')
    broken = replace_in_row(broken, "pension.2016", 'rate = "0.0831"', 'rate = "0.05"')
    broken = replace_in_row(broken, "medical.employee.1998-12", 'er_to_account = "0.018"', 'er_to_account = "0.061"')
    file.write_text(broken, encoding="utf-8")
    before = versions(KEY)
    with pytest.raises(Refused) as caught:
        load_rules(file)
    assert caught.value.returncode == 1
    overlap, too_much, last = str(caught.value).splitlines()
    assert overlap.startswith(
        "contribution_rule, pension.employee.2006-01: Another rule is in force for part of this period. Key ("
    )
    assert too_much == "contribution_rule, medical.employee.1998-12: No more goes to the account than is paid."
    assert last == "The rules are refused, nothing was loaded."
    assert versions(KEY) == before
    assert CreditingRate.objects.get(key="pension.2016", state="in_force").rate == Decimal("0.0831")


def test_a_check_loads_nothing(loaded, file, text):
    file.write_text(replace_in_row(text, KEY, '"0.16"', '"0.15"'), encoding="utf-8")
    assert "rules.toml would be loaded: 0 rules added, 1 replaced" in load_rules(file, "--check")
    assert today().er_rate == Decimal("0.16")
    file.write_text(replace_in_row(text, KEY, '"0.16"', "0.16"), encoding="utf-8")
    with pytest.raises(Refused, match=f"contribution_rule, {KEY}, er_rate: must be text"):
        load_rules(file, "--check")


def test_a_load_waits_for_another_and_then_finds_its_work_done(fresh_database, file, text):
    file.write_text(replace_in_row(text, KEY, '"0.16"', '"0.15"'), encoding="utf-8")
    outcomes = []

    def second():
        with acting_as("job"):
            outcomes.append(rules.load(rules.read(file)))
        connection.close()

    thread = Thread(target=second)
    with acting_as("job"), transaction.atomic():
        first = rules.load(rules.read(file))
        thread.start()
        with connection.cursor() as cursor:
            waiting = 0
            while not waiting:
                cursor.execute("SELECT count(*) FROM pg_locks WHERE pg_backend_pid() = ANY (pg_blocking_pids(pid))")
                waiting = cursor.fetchone()[0]
                thread.join(0.01)
                assert waiting or thread.is_alive(), "the second load did not wait"
    thread.join()
    assert (first.replaced, outcomes[0].replaced, outcomes[0].unchanged) == (1, 0, first.unchanged + 1)
