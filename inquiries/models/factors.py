from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from registry.encryption import decrypt, keyed_hash


class PrintedCode(models.Model):
    """One of the codes on a sheet of paper: a second factor that needs no telephone. Hashed, and good once.

    A new sheet withdraws the codes of the older one.
    """

    user = models.ForeignKey("inquiries.User", models.PROTECT, related_name="printed_codes")
    code_hash = models.BinaryField(max_length=32)
    printed_at = models.DateTimeField()
    handed_out_by = models.ForeignKey("inquiries.User", models.PROTECT, null=True, related_name="+")
    visit = models.ForeignKey("inquiries.Visit", models.PROTECT, null=True, related_name="+")
    used_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("printed code")
        verbose_name_plural = _("printed codes")

    def __str__(self):
        return f"{self.user_id} {self.printed_at:%Y-%m-%d}"

    @staticmethod
    def hash_of(user_id, code):
        return keyed_hash(f"printed:{user_id}", code)


class TextCode(models.Model):
    """A six-digit code (动态码) sent to a telephone: hashed, ten minutes, once, and void after a few wrong guesses."""

    class Purpose(models.TextChoices):
        SIGN_IN = "sign_in", _("Sign in")
        BIND = "bind", _("Bind a phone")

    user = models.ForeignKey("inquiries.User", models.PROTECT, related_name="text_codes")
    purpose = models.CharField(max_length=10, choices=Purpose)
    phone_encrypted = models.BinaryField()
    code_hash = models.BinaryField(max_length=32)
    sent_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    wrong_guesses = models.SmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("text-message code")
        verbose_name_plural = _("text-message codes")
        indexes = [models.Index(fields=["user", "sent_at"], name="text_code_of_user")]

    def __str__(self):
        return f"{self.user_id} {self.sent_at:%Y-%m-%d %H:%M}"

    @property
    def phone(self):
        return decrypt(self.phone_encrypted)

    @staticmethod
    def hash_of(user_id, purpose, code):
        return keyed_hash(f"text:{purpose}:{user_id}", code)


class BoundPhoneQuerySet(models.QuerySet):
    def standing(self):
        return self.filter(withdrawn_at=None)

    def in_use(self, now=None):
        """Numbers to which codes may be sent at `now`; the newest of a user's replaces the older ones."""
        return self.standing().filter(good_from__lte=now or timezone.now()).order_by("-good_from", "-pk")

    def waiting(self, now=None):
        """Changes that a person asked for and whose waiting time is not over."""
        return self.standing().filter(good_from__gt=now or timezone.now()).order_by("-pk")


class BoundPhone(models.Model):
    """The mobile number to which a user's codes are sent: encrypted, and good from a moment on."""

    class Source(models.TextChoices):
        WINDOW = "window", _("Service window")
        REGISTER = "register", _("Register of the agency")
        OWN = "own", _("Changed online")

    user = models.ForeignKey("inquiries.User", models.PROTECT, related_name="bound_phones")
    number_encrypted = models.BinaryField()
    source = models.CharField(max_length=10, choices=Source)
    bound_at = models.DateTimeField()
    good_from = models.DateTimeField()
    bound_by = models.ForeignKey("inquiries.User", models.PROTECT, null=True, related_name="+")
    visit = models.ForeignKey("inquiries.Visit", models.PROTECT, null=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)

    objects = BoundPhoneQuerySet.as_manager()

    class Meta:
        verbose_name = _("bound phone")
        verbose_name_plural = _("bound phones")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(good_from__gte=models.F("bound_at")), name="bound_phone_not_good_before_it_is_bound"
            )
        ]

    def __str__(self):
        return masked_phone(self.number)

    @property
    def number(self):
        return decrypt(self.number_encrypted)

    @property
    def masked(self):
        return masked_phone(self.number)


def masked_phone(number):
    """138****1234: the first three and the last four digits."""
    return f"{number[:3]}****{number[-4:]}"
