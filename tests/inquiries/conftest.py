import pytest

from tests.entrusting import make_desk, make_second_clerk


@pytest.fixture
def second_clerk(db):
    return make_second_clerk()


@pytest.fixture
def phone_desk(db):
    return make_desk()
