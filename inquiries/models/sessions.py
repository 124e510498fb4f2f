"""Who is signed in where, which devices are known, and how often somebody has guessed."""

from django.db import models
from django.db.models import Func, IntegerField, OuterRef, Q, Subquery
from django.utils.translation import gettext_lazy as _

from ..device_names import device_words
from .inquiry import Inquiry
from .notices import Notice


class Device(models.Model):
    """What a browser says of itself, in the two names that people know their devices by; empty where unknown."""

    browser = models.CharField(max_length=30, blank=True)
    system = models.CharField(max_length=30, blank=True)

    class Meta:
        abstract = True

    @property
    def device(self):
        return device_words(self.browser, self.system)


class KnownDevice(Device):
    """A browser in which this user has signed in on a device of her own; it holds the token, we its keyed hash."""

    user = models.ForeignKey("inquiries.User", models.PROTECT, related_name="known_devices")
    token_hash = models.BinaryField(max_length=32, unique=True)
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("known device")
        verbose_name_plural = _("known devices")

    def __str__(self):
        return f"{self.user_id} {self.first_at:%Y-%m-%d}"


class SessionQuerySet(models.QuerySet):
    def open(self):
        """Sessions that nobody has ended; the clock may have, which only the next look at one writes down."""
        return self.filter(ended_at=None)

    def with_unread(self):
        """Sessions with their users, each with the number of unread notices as `unread`. Still one query."""
        own = Q(person=OuterRef("user__person")) | Q(user=OuterRef("user"))
        # Not Count(): grouped, it would give no row at all where there is no notice.
        count = Func("pk", function="COUNT", output_field=IntegerField())
        unread = Notice.objects.filter(own, read_at=None).annotate(n=count).values("n")
        return self.select_related("user").annotate(unread=Subquery(unread))


class Session(Device):
    """One sign-in: where and when it began, when it was last used, when and why it ended. Kept as history."""

    class Ended(models.TextChoices):
        SIGNED_OUT = "signed_out", _("signed out")
        IDLE = "idle", _("not used for too long")
        WHOLE = "whole", _("longest time reached")
        REPLACED = "replaced", _("signed in elsewhere")
        FROM_ELSEWHERE = "elsewhere", _("ended from another device")
        PASSWORD = "password", _("password changed")
        FROZEN = "frozen", _("account frozen")
        DISABLED = "disabled", _("account disabled")

    user = models.ForeignKey("inquiries.User", models.PROTECT, related_name="sessions")
    known_device = models.ForeignKey(KnownDevice, models.SET_NULL, null=True, related_name="+")
    channel = models.CharField(max_length=10, choices=Inquiry.Channel)
    is_public = models.BooleanField(help_text=_("On a public computer."))
    began_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()
    proved_at = models.DateTimeField(help_text=_("When she last proved who she is."))
    locked_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    ended_why = models.CharField(max_length=10, choices=Ended, blank=True)

    objects = SessionQuerySet.as_manager()

    class Meta:
        verbose_name = _("session")
        verbose_name_plural = _("sessions")
        indexes = [models.Index(fields=["user", "-began_at"], name="session_of_user")]
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_at=None, ended_why="") | (Q(ended_at__isnull=False) & ~Q(ended_why="")),
                name="session_ended_says_why",
            )
        ]

    def __str__(self):
        return f"{self.user_id} {self.began_at:%Y-%m-%d %H:%M}"


class Throttle(models.Model):
    """How often in a row somebody guessed wrong: at one account from one source, or at one account from anywhere.

    Accounts and sources stand here as keyed hashes alone, and an account need not exist.
    """

    key = models.BinaryField(max_length=32, primary_key=True)
    source = models.BinaryField(max_length=32, null=True, help_text=_("Nothing where all sources are counted."))
    failures = models.IntegerField(default=0)
    last_at = models.DateTimeField()

    class Meta:
        verbose_name = _("throttle")
        verbose_name_plural = _("throttles")
        indexes = [models.Index(fields=["source", "-last_at"], name="throttle_of_source")]

    def __str__(self):
        return f"{bytes(self.key).hex()[:8]} {self.failures}"
