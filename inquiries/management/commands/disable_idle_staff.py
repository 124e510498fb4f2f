from inquiries import staffing
from registry.commands import PortalCommand, Refused


class Command(PortalCommand):
    help = (
        f"Disable the accounts of staff in force that nobody used for {staffing.IDLE_DAYS} days. Run each night; run "
        "twice, nothing changes. Opening one again takes a request and its approval.\n"
        "Example: manage.py disable_idle_staff --days 60"
    )

    def add_arguments(self, parser):
        parser.add_argument("--days", type=int, default=staffing.IDLE_DAYS, metavar="N", help="at least 1")
        parser.add_argument("--dry-run", action="store_true", help="name the accounts, change nothing")

    def handle(self, *, days, dry_run, verbosity, **options):
        if days < 1:
            raise Refused("--days must be 1 or more; nothing was disabled.")
        found = list(staffing.idle_members(days=days)) if dry_run else staffing.disable_idle(days)
        for member in found:
            if verbosity:
                self.stdout.write(f"{member.staff_no}\t{member.role}\tlast used {member.used:%Y-%m-%d}")
        deed = "would be disabled" if dry_run else "disabled"
        self.done(f"{len(found)} accounts of staff {deed}: not used for {days} days.")
