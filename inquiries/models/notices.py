from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class NoticeQuerySet(models.QuerySet):
    def of(self, user):
        """What this user finds in her inbox, newest first."""
        own = {"person": user.person_id} if user.person_id else {"user": user}
        return self.filter(**own).order_by("-at", "-pk")


class Notice(models.Model):
    """A line in somebody's inbox: what happened to her account or record. Rows are only added, and then read once.

    An insured person's notices belong to the person, who may not have a user yet; all others' to the user.
    """

    class Kind(models.TextChoices):
        NEW_DEVICE = "new_device", _("Sign-in from a new device")
        PASSWORD_CHANGED = "password", _("Password changed")
        FACTOR_ADDED = "factor_on", _("Second factor added")
        FACTOR_REMOVED = "factor_off", _("Second factor removed")
        CONTACT_ASKED = "contact_ask", _("Change of contact details asked for")
        CONTACT_CHANGED = "contact", _("Contact details changed")
        FROZEN = "frozen", _("Account frozen")
        UNFROZEN = "unfrozen", _("Account open again")
        LOOKED_UP = "looked_up", _("Record looked up at the window")
        PRINTED_BY_PROXY = "proxy_print", _("Printed by a proxy")
        MANDATE_GRANTED = "mandate_on", _("Mandate granted")
        MANDATE_ENDED = "mandate_off", _("Mandate ended")
        ANSWERED = "answered", _("Answer to your question")
        STATEMENT_ISSUED = "statement", _("Yearly statement issued")

    user = models.ForeignKey("inquiries.User", models.PROTECT, null=True, related_name="notices")
    person = models.ForeignKey("registry.InsuredPerson", models.PROTECT, null=True, related_name="+")
    kind = models.CharField(max_length=12, choices=Kind)
    facts = models.JSONField(default=dict, help_text=_("What the sentence names; never a personal number."))
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        indexes = [
            models.Index(fields=["person", "-at"], name="notice_of_person"),
            models.Index(fields=["user", "-at"], name="notice_of_user"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(user=None, person__isnull=False) | Q(user__isnull=False, person=None),
                name="notice_to_one",
            )
        ]

    def __str__(self):
        return f"{self.at:%Y-%m-%d %H:%M} {self.kind}"
