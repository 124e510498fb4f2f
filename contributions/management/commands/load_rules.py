from pathlib import Path

from contributions import rules
from registry.commands import PortalCommand, Refused


class Command(PortalCommand):
    help = "Load the national rules of contributions (rules.toml) into the rule tables; local rules stay as they are."
    role = "job"

    def add_arguments(self, parser):
        parser.add_argument("file", nargs="?", type=Path, default=rules.RULES_FILE, help="another file of rules")
        parser.add_argument("--check", action="store_true", help="check the file against the tables, load nothing")

    def handle(self, *, file, check, **options):
        try:
            rows = rules.read(file)
            outcome = rules.try_out(rows) if check else rules.load(rows)
        except rules.RulesError as error:
            raise Refused(f"{error}\nThe rules are refused, nothing was loaded.") from error
        self.done(
            f"{file.name} {'would be' if check else 'is'} loaded: {outcome.added} rules added, {outcome.replaced} "
            f"replaced by a new version, {outcome.told} with another source or note, {outcome.withdrawn} withdrawn, "
            f"{outcome.unchanged} unchanged; {outcome.local} local rules left as they are."
        )
