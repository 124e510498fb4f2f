from accounts import statements
from registry.commands import PortalCommand, Refused
from registry.insurance import Scheme
from registry.lock import only_writer


class Command(PortalCommand):
    help = (
        "Issue the yearly statements of the personal accounts and close the year: nothing is booked into it any more "
        "(docs/interest.md). Interest of the year comes first. Run twice, nothing changes."
    )

    def add_arguments(self, parser):
        parser.add_argument("--year", type=int, required=True)
        parser.add_argument("--area", metavar="CODE", help="only accounts of this pooling area (GB/T 2260)")
        parser.add_argument("--scheme", choices=Scheme.values, help="only accounts of this scheme")
        parser.add_argument("--chunk", type=int, default=statements.CHUNK, metavar="N", help="accounts at once")
        parser.add_argument("--wait", type=int, default=0, metavar="SECONDS", help="for another writer (default: 0)")

    def handle(self, *, year, area, scheme, chunk, wait, **options):
        if not 1990 <= year <= 2200:
            raise Refused(f"{year}: a year between 1990 and 2200 is expected.")
        with only_writer(wait), self.progress(0, "chunk") as bar:
            try:
                result = statements.issue(
                    year, scheme=scheme, area_code=area, chunk=chunk, start=bar.reset, advance=bar.update
                )
            except statements.CannotClose as reason:
                raise Refused(f"No statement was issued. {reason}") from reason
        closed = f"closed for {len(result.closed)} schemes and areas" if result.closed else "was closed before"
        self.done(
            f"{year}: {result.issued} statements issued for {result.groups} schemes and areas; the year {closed}. "
            f"People told of it in their inbox: {result.told}."
        )
