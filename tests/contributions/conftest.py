import pytest

from tests import staged, visitors
from tests.made_staff import make_staff


@pytest.fixture
def places(db):
    staged.make_places()


@pytest.fixture
def person(places):
    return staged.make_person()


@pytest.fixture
def employer(places):
    return staged.make_employer()


@pytest.fixture
def two_operators(db):
    """The users of two operators: one proposes, the other approves. They sign in with tests.cast.PASSWORD."""
    return [make_staff(f"T100{number}", "operator").user for number in (1, 2)]


@pytest.fixture
def operators(two_operators):
    """The clients of the two operators, signed in."""
    return [visitors.staff(f"T100{number}") for number in (1, 2)]


@pytest.fixture
def auditor(db):
    make_staff("T3001", "auditor")
    return visitors.staff("T3001")
