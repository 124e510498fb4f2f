from inquiries import checklists
from registry.commands import PortalCommand


class Command(PortalCommand):
    help = "Load the document checklist of this release. Run after migrate; run twice, nothing changes."

    def handle(self, **options):
        self.done(f"{checklists.load()} rows of the document checklist are in place.")
