from django.db import IntegrityError, connection, transaction

from registry.commands import PortalCommand, Refused
from registry.partitions import partition_name, partition_sql

PARTITIONED = """
SELECT c.relname FROM pg_class c JOIN pg_partitioned_table p ON p.partrelid = c.oid
WHERE c.relnamespace = 'public'::regnamespace ORDER BY c.relname
"""


class Command(PortalCommand):
    help = (
        "Make the partitions of a year in every table that is partitioned by year. Run twice, nothing changes.\n"
        "Example: manage.py open_year 2033"
    )
    role = "owner"

    def add_arguments(self, parser):
        parser.add_argument("year", type=int)

    def handle(self, *, year, **options):
        if not 1990 <= year <= 2200:
            raise Refused(f"{year}: a year between 1990 and 2200 is expected.")
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(PARTITIONED)
            made = [table for (table,) in cursor.fetchall() if self._make(cursor, table, year)]
        self.done(f"{year}: {len(made)} partitions made{': ' + ', '.join(made) if made else ', all were there'}.")

    @staticmethod
    def _make(cursor, table, year):
        cursor.execute("SELECT to_regclass(%s) IS NOT NULL", [partition_name(table, year)])
        if cursor.fetchone()[0]:
            return False
        try:
            cursor.execute(partition_sql(table, year))
        except IntegrityError as error:
            raise Refused(
                f"{table} already holds rows of {year} in its default partition; move them out before you open it."
            ) from error
        return True
