"""The demo's mandate: given as the job role runs the command, held by the person whose sign-in says so."""

import io

import pytest
from django.core.management import call_command
from django.utils import timezone

from inquiries import activation, mandates
from inquiries.models import Mandate
from portal import demo
from portal.population import special
from registry.models import InsuredPerson
from registry.roles import acting_as

from .made_feed import make


@pytest.fixture
def loaded(fresh_database, tmp_path):
    folder = make(tmp_path / "made", people=28, employers=7, years=1, until=f"{timezone.localdate():%Y}-01")
    call_command("load_feed", str(folder), stdout=io.StringIO(), stderr=io.StringIO())


def user_of(key):
    number = next(s.number for s in special.SPECIAL if s.key == key)
    return activation.user_for_person(InsuredPerson.objects.with_number("citizen", number).get(), number)


def test_somebody_shown_holds_a_mandate_of_somebody_shown(loaded):
    with acting_as("job"):
        user_of(demo.GRANTOR)
        proxy = user_of(demo.PROXY)
        demo.entrust()
        demo.entrust()
    (held,) = mandates.held_by(proxy)
    assert held == Mandate.objects.get()
    assert {demo.GRANTOR, demo.PROXY} <= set(demo.SHOWN)
    assert any("Holds a mandate" in shows for _door, _login, _name, shows in demo.visitors())
