"""What make_feed writes comes in through load_feed, whole; and each special person then shows what it is there for."""

import io
from dataclasses import replace
from datetime import date

import pytest
from django.core.management import call_command
from django.db.models import Sum

from accounts.models import Account, Batch, Entry, FundEntry
from accounts.overview import overview
from accounts.zero import cause_of
from contributions.models import Assessment, Contribution
from portal.population import special
from portal.population.places import AGENCIES
from portal.population.society import FEWEST_PEOPLE
from registry.insurance import Insurance
from registry.models import Card, FeedFile, InsuredPerson, SourceState
from registry.months import add_months, month_of

from .made_feed import make

TODAY = date.today()
PRESENT = month_of(TODAY)


ARGUMENTS = {"people": FEWEST_PEOPLE, "employers": 7, "years": 1, "until": f"{add_months(PRESENT, -1):%Y-%m}"}


@pytest.fixture
def loaded(fresh_database, as_job, tmp_path):
    """The folder whose files are in; its last month is the one before the present, so that due means due."""
    folder = make(tmp_path / "made", **ARGUMENTS)
    with as_job():
        # The cast has agencies of its own; its sources must not speak for these areas here.
        SourceState.objects.exclude(agency__in=[a.code for a in AGENCIES.values()]).update(complete_to=PRESENT)
    load(folder)
    return folder


def load(folder):
    call_command("load_feed", str(folder), stdout=io.StringIO(), stderr=io.StringIO())


def person(key):
    return InsuredPerson.objects.with_number("citizen", special.named(key).number).get()


def causes(key):
    return {line.insurance.value: line.cause for line in overview(person(key), TODAY)}


def pension_line(key):
    return next(line for line in overview(person(key), TODAY) if line.insurance == Insurance.PENSION)


def accounts(key, scheme):
    return Account.objects.filter(person_id=person(key).pk, scheme=scheme)


def test_everything_made_is_posted_once_and_the_books_agree(loaded):
    names = {path.name for path in loaded.iterdir()}
    files = FeedFile.objects.order_by("-pk")[: len(names)]
    assert {file.name for file in files} == names
    assert {file.state for file in files} == {FeedFile.State.LOADED}
    assert all(file.added == file.lines > 0 for file in files if file.total is not None)
    before = Entry.objects.count(), Contribution.objects.count(), Batch.objects.count()
    load(make(loaded.parent / "workbooks", format="xlsx", **ARGUMENTS))
    load(make(loaded.parent / "gb18030", encoding="gb18030", **ARGUMENTS))
    assert (Entry.objects.count(), Contribution.objects.count(), Batch.objects.count()) == before
    balances = Account.objects.aggregate(sum=Sum("balance"))["sum"]
    assert balances == Entry.objects.aggregate(sum=Sum("amount"))["sum"]
    assert balances + FundEntry.objects.aggregate(sum=Sum("amount"))["sum"] == 0
    call_command("check_books", stdout=io.StringIO(), stderr=io.StringIO())


def test_each_special_person_shows_what_she_is_there_for(loaded):
    assert causes("pool_only")["medical"] == "Z2"
    assert causes("resident")["medical"] == "Z2"
    assert set(causes("unregistered").values()) == {"Z3"}
    assert causes("just_registered")["pension"] == causes("just_registered")["medical"] == "Z4"
    assert causes("never_paid")["pension"] == causes("never_paid")["medical"] == "Z5"
    assert causes("old_source")["medical"] == "Z9"
    assert causes("long_career")["unemployment"] == "Z1"
    for key in ("long_career", "arrears", "back_paid", "transferred_in", "retiree", "rare_name", "mover", "resident"):
        assert causes(key)["pension"] == "", key
    assert accounts("spent", "medical").get().balance == 0
    assert causes("spent")["medical"] == "Z7"
    assert (causes("moved_away")["pension"], causes("moved_away")["medical"]) == ("Z6", "Z11")
    assert (causes("under_way")["pension"], causes("under_way")["medical"]) == ("Z6", "Z4")
    for key in ("settled_abroad", "inherited"):
        assert causes(key)["pension"] == causes(key)["medical"] == "Z8", key
    assert causes("sealed")["pension"] == causes("sealed")["medical"] == "Z11"
    assert causes("moved_within")["pension"] == ""
    assert {(a.area_code, a.balance > 0) for a in accounts("moved_within", "pension")} == {
        ("310000", False),
        ("110000", True),
    }
    seen = Card.objects.filter(person=person("long_career").pk, bank_status=Card.BankStatus.ACTIVE)
    facts = replace(pension_line("long_career").facts(), bank_side=seen.exists(), seen_at_bank=True)
    assert cause_of(facts, TODAY) == "Z10"
    assert accounts("teacher", "pension_public").get().balance > 0
    assert set(accounts("mover", "pension").values_list("area_code", flat=True)) == {"110000", "330100"}
    received = Contribution.objects.filter(person_id=person("long_career").pk, scheme="pension")
    assert {row.period for row in received} == {add_months(PRESENT, -back) for back in range(1, 13)}
    assessed = Assessment.objects.filter(person_id=person("long_career").pk, period=PRESENT)
    assert {row.due_on for row in assessed} == {add_months(PRESENT, 1).replace(day=15)}
    _id_type, number = special.named("merged").more["former"]
    assert InsuredPerson.objects.with_number("citizen", number).get() == person("merged")
