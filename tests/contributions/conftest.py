import pytest

from tests import staged
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
