from accounts import crediting, interest_previews
from accounts.interest_told import preview_lines, sentence
from registry.commands import PortalCommand, Refused
from registry.insurance import Scheme
from registry.lock import only_writer


class Command(PortalCommand):
    help = (
        "Credit the interest of a year to the personal accounts (docs/interest.md). Run twice, nothing is added; where "
        "a rate was published or a file came meanwhile, the difference is put right by reversal."
    )

    def add_arguments(self, parser):
        parser.add_argument("--year", type=int, required=True)
        parser.add_argument("--area", metavar="CODE", help="only accounts of this pooling area (GB/T 2260)")
        parser.add_argument("--scheme", choices=Scheme.values, help="only accounts of this scheme")
        parser.add_argument(
            "--preview",
            action="store_true",
            help="post nothing; what it finds is printed, and kept for the operators' page",
        )
        parser.add_argument("--chunk", type=int, default=crediting.CHUNK, metavar="N", help="accounts a transaction")
        parser.add_argument("--wait", type=int, default=0, metavar="SECONDS", help="for another writer (default: 0)")

    def handle(self, *, year, area, scheme, preview, chunk, wait, **options):
        if not 1990 <= year <= 2200:
            raise Refused(f"{year}: a year between 1990 and 2200 is expected.")
        with only_writer(wait), self.progress(0, "account") as bar:
            try:
                result = crediting.credit_year(
                    year,
                    scheme=scheme,
                    area_code=area,
                    is_preview=preview,
                    chunk=chunk,
                    start=bar.reset,
                    advance=bar.update,
                )
            except crediting.EarlierYearMissing as missing:
                raise Refused(
                    f"Nothing was credited: {missing}, and {year} starts from it. Run credit_interest --year "
                    f"{missing.year} first."
                ) from missing
            if preview:
                interest_previews.keep(result, scheme, area)
        if preview:
            self.stdout.write("\n".join(preview_lines(result)))
        self.done(sentence(result, preview))
