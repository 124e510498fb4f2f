from django.db import models
from django.db.models.functions import Coalesce
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from registry import identity
from registry.encryption import decrypt, keyed_hash


class IdType(models.TextChoices):
    CITIZEN = "citizen", _("Resident identity card")
    HMT_PERMIT = "hmt_permit", _("Residence permit of Hong Kong, Macao and Taiwan residents")
    FOREIGNER_PERMIT = "foreigner_permit", _("Foreigner's permanent residence card")
    PASSPORT = "passport", _("Passport")


class InsuredPersonQuerySet(models.QuerySet):
    def with_number(self, id_type, number):
        """The canonical person who bears this (checked, compact) identity number; none or one."""
        found = Identifier.objects.filter(id_type=id_type, number_hash=Identifier.hash_of(id_type, number))
        return self.filter(pk__in=found.values(canonical=Coalesce("person__merged_into", "person")))


class InsuredPerson(models.Model):
    """A human being known to social insurance (参保人), once in the whole country.

    The identity number is an attribute kept in Identifier. A duplicate that was merged keeps its row and its
    records and points at the person it turned out to be, in one step.
    """

    class Sex(models.TextChoices):
        FEMALE = "F", _("Female")
        MALE = "M", _("Male")

    name = models.CharField(max_length=60)
    birth_date = models.DateField()
    sex = models.CharField(max_length=1, choices=Sex)
    ethnic_group = models.CharField(max_length=20, blank=True)
    household_kind = models.CharField(max_length=20, blank=True)
    household_area = models.CharField(max_length=60, blank=True)
    phone_encrypted = models.BinaryField(null=True)
    address_encrypted = models.BinaryField(null=True)
    died_on = models.DateField(null=True, blank=True)
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="merged")
    feed_file = models.ForeignKey("registry.FeedFile", models.PROTECT, null=True, related_name="+", db_index=False)
    feed_row = models.IntegerField(null=True)

    objects = InsuredPersonQuerySet.as_manager()

    class Meta:
        verbose_name = _("insured person")
        verbose_name_plural = _("insured persons")
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(merged_into=models.F("id")),
                name="insured_person_not_merged_into_itself",
                violation_error_message=_("A person cannot be merged into the same person."),
            )
        ]

    def __str__(self):
        return identity.masked_name(self.name)

    @property
    def phone(self):
        return decrypt(self.phone_encrypted) if self.phone_encrypted else ""

    @property
    def address(self):
        return decrypt(self.address_encrypted) if self.address_encrypted else ""

    @cached_property
    def record_ids(self):
        """Ids under which records of this person are kept: her own and those of duplicates merged into her."""
        return [self.pk, *self.merged.values_list("pk", flat=True)]


class Identifier(models.Model):
    """One identity number of a person: found by its keyed hash, read only with the encryption key."""

    person = models.ForeignKey(InsuredPerson, models.PROTECT, related_name="identifiers")
    id_type = models.CharField(max_length=20, choices=IdType)
    number_hash = models.BinaryField(max_length=32)
    number_encrypted = models.BinaryField()
    is_main = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["id_type", "number_hash"],
                name="identifier_once",
                violation_error_message=_("This identity number already belongs to a person."),
            ),
            models.UniqueConstraint(
                fields=["person"], condition=models.Q(is_main=True), name="identifier_one_main_per_person"
            ),
        ]

    def __str__(self):
        return identity.masked(self.number)

    @property
    def number(self):
        return decrypt(self.number_encrypted)

    @staticmethod
    def hash_of(id_type, number):
        return keyed_hash(f"id:{id_type}", number)


class Card(models.Model):
    """A social-security card (社保卡): its social-security side and its bank side, never a bank balance."""

    class Status(models.TextChoices):
        NOT_ACTIVATED = "not_activated", _("Not activated")
        ACTIVE = "active", _("Active")
        LOST = "lost", _("Reported lost")
        REPLACED = "replaced", _("Replaced")
        EXPIRED = "expired", _("Expired")

    class BankStatus(models.TextChoices):
        NONE = "none", _("No bank account")
        NOT_ACTIVATED = "not_activated", _("Not activated")
        ACTIVE = "active", _("Active")
        CLOSED = "closed", _("Closed")

    person = models.ForeignKey(InsuredPerson, models.PROTECT, related_name="cards")
    area = models.ForeignKey("registry.Area", models.PROTECT, related_name="+", verbose_name=_("issuing area"))
    number_hash = models.BinaryField(max_length=32)
    number_encrypted = models.BinaryField()
    issued_on = models.DateField()
    status = models.CharField(max_length=20, choices=Status)
    activated_on = models.DateField(null=True, blank=True)
    bank = models.CharField(max_length=60, blank=True)
    bank_last_four = models.CharField(max_length=4, blank=True)
    bank_status = models.CharField(max_length=20, choices=BankStatus)
    bank_activated_on = models.DateField(null=True, blank=True)
    feed_file = models.ForeignKey("registry.FeedFile", models.PROTECT, null=True, related_name="+", db_index=False)
    feed_row = models.IntegerField(null=True)

    class Meta:
        verbose_name = _("card")
        verbose_name_plural = _("cards")
        constraints = [
            models.UniqueConstraint(
                fields=["area", "number_hash"],
                name="card_number_once_per_area",
                violation_error_message=_("This area has already issued a card with this number."),
            )
        ]

    def __str__(self):
        return f"…{self.number[-4:]}"

    @property
    def number(self):
        return decrypt(self.number_encrypted)

    @staticmethod
    def hash_of(area_code, number):
        return keyed_hash(f"card:{area_code}", number)
