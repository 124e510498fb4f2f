from django.db import transaction

from portal import grants
from registry.commands import PortalCommand


class Command(PortalCommand):
    help = (
        "Give the web, job and read roles their rights on every table. Run after migrate; run twice, nothing changes."
    )
    role = "owner"

    def handle(self, **options):
        with transaction.atomic():
            grants.apply()
        self.done(f"Rights on {len(grants.models())} tables are in place.")
