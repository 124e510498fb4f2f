import pytest
from django.core.management import CommandError, call_command
from django.db import Error, connection, transaction

from registry.roles import acting_as

pytestmark = pytest.mark.django_db


def partitions_of(year):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relispartition AND relkind = 'r' AND relname LIKE %s", [f"%y{year}"]
        )
        return {name for (name,) in cursor.fetchall()}


def test_a_year_is_opened_in_every_mass_table_and_once(capsys):
    call_command("open_year", 2041)
    assert partitions_of(2041) == {
        "accounts_entry_y2041",
        "accounts_interestcredit_y2041",
        "accounts_statement_y2041",
        "contributions_assessment_y2041",
        "contributions_contribution_y2041",
        "inquiries_accesslog_y2041",
    }
    call_command("open_year", 2041)
    assert "all were there" in capsys.readouterr().out


def test_the_new_partition_is_append_only():
    call_command("open_year", 2041)
    with pytest.raises(Error), transaction.atomic(), acting_as("owner"), connection.cursor() as cursor:
        cursor.execute("TRUNCATE accounts_entry_y2041")


@pytest.mark.parametrize("year", [1989, 20260])
def test_an_odd_year_is_refused(year):
    with pytest.raises(CommandError, match="between"):
        call_command("open_year", year)
