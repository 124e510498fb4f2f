from datetime import timedelta

from django.contrib.sessions.models import Session as BrowserSession
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from inquiries import devices, throttle
from inquiries.models import KnownDevice, PrintedCode, Session, TextCode
from registry.commands import PortalCommand


class Command(PortalCommand):
    help = (
        "Forget what signing in leaves behind: sessions of browsers that are over, counts of wrong guesses that count "
        "no longer, devices not used for half a year, codes that can't be used any more, and the sign-in "
        "history before a number of days. For each night."
        "\n"
        "Example: manage.py purge_sign_ins --keep-days 400"
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--keep-days", type=int, default=400, help="days of sign-in history to keep; 180 at least (default 400)"
        )

    @transaction.atomic
    def handle(self, *, keep_days, **options):
        now = timezone.now()
        history = now - timedelta(days=max(keep_days, 180))
        browsers, _each = BrowserSession.objects.filter(expire_date__lt=now).delete()
        sign_ins, _each = Session.objects.filter(began_at__lt=history).delete()
        unused = KnownDevice.objects.filter(last_at__lt=now - devices.KEPT)
        Session.objects.filter(known_device__in=unused).update(known_device=None)
        known, _each = unused.delete()
        counts = throttle.purge(now)
        sent, _each = TextCode.objects.filter(expires_at__lt=history).delete()
        over = Q(used_at__lt=history) | Q(withdrawn_at__lt=history)
        printed, _each = PrintedCode.objects.filter(over).delete()
        self.done(
            f"Forgotten: {browsers} sessions of browsers, {sign_ins} sign-ins, {known} devices, {counts} counts, "
            f"{sent + printed} codes."
        )
