from django.core.management import call_command

from registry.commands import PortalCommand

# In this order; each changes nothing when repeated.
STEPS = (
    ("migrate", {}),
    ("grant_roles", {}),
    ("load_rules", {}),
    ("load_checklists", {}),
    ("collectstatic", {"interactive": False}),
)


class Command(PortalCommand):
    help = "Everything between a new release and its first page: schema, rights, rules, checklists, static files."
    role = "owner"

    def handle(self, verbosity, **options):
        for name, arguments in STEPS:
            call_command(name, verbosity=verbosity, stdout=self.stdout, stderr=self.stderr, **arguments)
        self.done("The database and the static files are those of this release.")
