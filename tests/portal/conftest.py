import pytest

from portal.population.files import KINDS

from .made_feed import make, rows_of


@pytest.fixture(scope="session")
def made_folder(tmp_path_factory):
    """The folder that make_feed filled for a small population."""
    return make(tmp_path_factory.mktemp("made") / "out")


@pytest.fixture(scope="session")
def made(made_folder):
    """Kind -> its rows as dictionaries."""
    return {kind: rows_of(made_folder, kind) for kind in KINDS}
