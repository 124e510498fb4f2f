from pathlib import Path

from django.conf import settings
from django.core.management import call_command

from inquiries.models.factors import masked_phone
from portal import demo
from registry.commands import PortalCommand, Refused


class Command(PortalCommand):
    help = (
        "Fill the embedded demo database with an invented population, through make_feed and load_feed, and print who "
        "can sign in. Refused in any other database. Run twice, nothing changes."
    )

    def handle(self, **options):
        if not demo.is_embedded_demo():
            raise Refused("This is not the embedded demo database, so it gets no demo records and no demo accounts.")
        place = Path(settings.BASE_DIR) / "var" / "demo"
        if not demo.is_loaded():
            self._load(place / "feed")
        found = demo.sign_ins(place / "sign-ins.json")
        self._state_years()
        self._print(found)
        demo.entrust()

    def _load(self, folder):
        self.stderr.write("Making and loading the records of an invented population (once) ...")
        if not folder.is_dir():
            self._make(folder)
        call_command("load_feed", str(folder), verbosity=0)

    def _state_years(self):
        """Interest and statements of the years that are over, so that there is something to look at."""
        for year in demo.years_to_state():
            call_command("credit_interest", year=year, stdout=self.stderr)
            call_command("issue_statements", year=year, stdout=self.stderr)

    def _make(self, folder):
        call_command(
            "make_feed",
            people=demo.PEOPLE,
            employers=demo.EMPLOYERS,
            years=demo.YEARS,
            seed=demo.SEED,
            out=folder,
            stdout=self.stderr,
        )

    def _print(self, found):
        self.stdout.write("Demo sign-ins (invented people, this database only):")
        for s in found:
            code = f"  code to {masked_phone(s.phone)}" if s.phone else ""
            self.stdout.write(f"  /sign-in/{s.door}/  {s.login}  {s.password}{code}  {s.name}: {s.shows}")
        self.stdout.write(
            "Where a code is asked for, press the button that sends it; it appears in this terminal and in "
            f"{settings.CODE_FILE}"
        )
