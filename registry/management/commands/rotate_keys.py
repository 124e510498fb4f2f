from registry.commands import PortalCommand, Refused
from registry.encryption import key_names
from registry.rotation import count_by_key, encrypted_columns, rotate

NAMED = 5


class Command(PortalCommand):
    help = (
        "Encrypt anew, with the first key of ENCRYPTION_KEYS, every personal number that was encrypted with another. "
        "Can be stopped and started again at any time, and runs beside the pages; afterwards the older key may go.\n"
        "Example: manage.py rotate_keys --check"
    )

    def add_arguments(self, parser):
        parser.add_argument("--check", action="store_true", help="count the values of older keys, change nothing")

    def handle(self, *, check, verbosity, **options):
        current = key_names()[0]
        counted = {column: count_by_key(column) for column in encrypted_columns()}
        if verbosity:
            for column, keys in counted.items():
                told = ", ".join(f"{name} {count:,}" for name, count in keys.items()) or "no values"
                self.stdout.write(f"{column}: {told}")
        older = sum(count for keys in counted.values() for name, count in keys.items() if name != current)
        if check:
            self.done(f"{older:,} values are encrypted with a key older than {current}.")
            return
        unreadable = []
        with self.progress(older, "value", "rotate_keys") as bar:
            for column in counted:
                unreadable += [f"{column} id {pk}" for pk in rotate(column, bar.update)]
        if unreadable:
            raise Refused(
                f"{older - len(unreadable):,} values are now encrypted with {current}; {len(unreadable):,} could not "
                f"be read, their key is missing or their bytes were changed: {', '.join(unreadable[:NAMED])}"
            )
        self.done(f"{older:,} values are now encrypted with {current}; none names another key.")
