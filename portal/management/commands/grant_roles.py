from django.db import transaction

from portal import grants, walls
from registry.commands import PortalCommand, Refused


class Command(PortalCommand):
    help = (
        "Give the web, job and read roles their rights on every table, and build the second wall before the web role. "
        "Run after migrate; run twice, nothing changes."
    )
    role = "owner"

    def handle(self, **options):
        try:
            with transaction.atomic():
                grants.apply()
                walls.apply()
        except walls.RolesOutOfDate as roles:
            raise Refused(f"{roles}: run docs/roles.sql of this release first; nothing was changed.") from None
        self.done(f"Rights on {len(grants.models())} tables are in place, {len(walls.tables())} stand behind the wall.")
