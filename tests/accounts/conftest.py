import pytest

from tests import staged


@pytest.fixture
def places(db):
    staged.make_places()


@pytest.fixture
def person(places):
    return staged.make_person()


@pytest.fixture
def employer(places):
    return staged.make_employer()
