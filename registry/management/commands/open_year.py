from django.db import connection, transaction
from django.utils import timezone

from registry.commands import PortalCommand
from registry.partitions import missing_partitions, partition_sql


class Command(PortalCommand):
    help = "Add the partitions of every year up to one; by default five years ahead. Run twice, nothing changes."
    role = "owner"

    def add_arguments(self, parser):
        parser.add_argument("year", nargs="?", type=int, default=timezone.localdate().year + 5)

    def handle(self, year, **options):
        with transaction.atomic(), connection.cursor() as cursor:
            missing = missing_partitions(range(timezone.localdate().year, year + 1))
            for table, of_year in missing:
                cursor.execute(partition_sql(table, of_year))
        self.done(f"Partitions up to {year} are in place; {len(missing)} were added.")
