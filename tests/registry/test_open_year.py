from io import StringIO

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection
from django.utils import timezone

from registry.partitions import LAST_YEAR, missing_partitions
from registry.roles import acting_as

YEAR = LAST_YEAR + 2


def open_year(*arguments):
    out = StringIO()
    call_command("open_year", *arguments, stdout=out)
    return out.getvalue()


def test_the_years_up_to_the_one_asked_for_get_their_partitions(db):
    assert {year for _table, year in missing_partitions([LAST_YEAR, YEAR])} == {YEAR}
    assert f"Partitions up to {YEAR} are in place" in open_year(str(YEAR))
    assert missing_partitions(range(timezone.localdate().year, YEAR + 1)) == []
    assert "0 were added" in open_year(str(YEAR))


def test_a_new_partition_refuses_changes_like_the_old_ones(db):
    open_year(str(YEAR))
    with pytest.raises(DatabaseError, match="only ever added"), acting_as("owner"), connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE accounts_entry_y{YEAR}")


def test_a_new_partition_is_closed_to_the_web_role(db):
    open_year(str(YEAR))
    with pytest.raises(DatabaseError, match="permission denied"), connection.cursor() as cursor:
        cursor.execute(f"SELECT FROM accounts_entry_y{YEAR}")


def test_without_a_year_five_are_opened_ahead(db):
    assert f"Partitions up to {timezone.localdate().year + 5} are in place" in open_year()
