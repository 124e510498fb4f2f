import io

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

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


@pytest.fixture
def run(tmp_path):
    """Run the command load_feed; gives (exit code, standard output, standard error)."""

    def run(*arguments, **options):
        out, err = io.StringIO(), io.StringIO()
        try:
            call_command(
                "load_feed", *map(str, arguments), rejects=tmp_path / "rejects", stdout=out, stderr=err, **options
            )
        except CommandError as error:
            return error.returncode, out.getvalue(), f"{err.getvalue()}{error}"
        return 0, out.getvalue(), err.getvalue()

    return run
