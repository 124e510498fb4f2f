from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts import canonical, merkle

from .seals import microseconds


class LogSeal(models.Model):
    """The seal of one day of the access log: the root over the leaves of its look-ups, chained to the seal before.

    `sealed_at` bounds what may still come: a look-up of an earlier time that no seal holds was added afterwards.
    """

    day = models.DateField(primary_key=True)
    version = models.SmallIntegerField()
    algorithm = models.CharField(max_length=10)
    looks = models.BigIntegerField()
    first_at = models.DateTimeField(null=True)
    last_at = models.DateTimeField(null=True)
    sealed_at = models.DateTimeField()
    root = models.BinaryField(max_length=32)
    previous = models.BinaryField(max_length=32, help_text=_("Hash of the seal before; zeros before the first."))
    hash = models.BinaryField(max_length=32)

    class Meta:
        ordering = ["day"]
        verbose_name = _("seal of the access log")
        verbose_name_plural = _("seals of the access log")

    def __str__(self):
        return f"{self.day} {bytes(self.hash).hex()}"

    @property
    def leaves(self):
        return self.looks

    def computed_hash(self):
        """What `hash` has to be, from the other fields."""
        fields = {
            "day": self.day.isoformat(),
            "algorithm": self.algorithm,
            "looks": self.looks,
            **{name: microseconds(getattr(self, name)) for name in ("first_at", "last_at", "sealed_at")},
            "root": bytes(self.root).hex(),
            "previous": bytes(self.previous).hex(),
        }
        record = canonical.canonical_bytes("log_seal", canonical.joined("log_seal", fields))
        return merkle.seal_hash(self.algorithm, record)


class LogLeaf(models.Model):
    """The leaf of one row of the access log. Its key is the row's, so that nothing is sealed twice."""

    pk = models.CompositePrimaryKey("person_id", "month", "act")
    person_id = models.BigIntegerField()
    month = models.DateField()
    act = models.UUIDField()
    day = models.DateField()
    position = models.BigIntegerField()
    salt = models.BinaryField(max_length=16)
    leaf = models.BinaryField(max_length=32)

    class Meta:
        verbose_name = _("sealed look-up")
        verbose_name_plural = _("sealed look-ups")
        indexes = [BrinIndex(fields=["day"], autosummarize=True, name="log_leaf_day")]

    def __str__(self):
        return f"{self.day} {self.position}"


class LogChunk(models.Model):
    """1,024 leaves of a day's look-ups one after the other, and the root over them; as SealedChunk is for the books."""

    pk = models.CompositePrimaryKey("day", "number")
    day = models.DateField()
    number = models.IntegerField()
    root = models.BinaryField(max_length=32)
    leaves = models.BinaryField()

    class Meta:
        verbose_name = _("chunk of sealed look-ups")
        verbose_name_plural = _("chunks of sealed look-ups")

    def __str__(self):
        return f"{self.day} {self.number}"
