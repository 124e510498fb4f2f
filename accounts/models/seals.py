from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts import canonical, merkle
from registry.insurance import Scheme

from .ledger import Entry

MICROSECONDS = 1_000_000


class Seal(models.Model):
    """The seal of one day: the root over the leaves of all that was posted up to its end and not sealed before.

    `hash` covers every other field and the hash of the day before, so that one published hash proves all earlier days.
    """

    day = models.DateField(primary_key=True)
    version = models.SmallIntegerField()
    algorithm = models.CharField(max_length=10)
    entries = models.BigIntegerField()
    batches = models.BigIntegerField()
    first_posted_at = models.DateTimeField(null=True)
    last_posted_at = models.DateTimeField(null=True)
    sealed_at = models.DateTimeField()
    root = models.BinaryField(max_length=32)
    previous = models.BinaryField(max_length=32, help_text=_("Hash of the seal before; zeros before the first."))
    hash = models.BinaryField(max_length=32)

    class Meta:
        ordering = ["day"]
        verbose_name = _("seal")
        verbose_name_plural = _("seals")

    def __str__(self):
        return f"{self.day} {bytes(self.hash).hex()}"

    @property
    def leaves(self):
        return self.entries + self.batches

    def computed_hash(self):
        """What `hash` has to be, from the other fields."""
        return merkle.seal_hash(
            self.algorithm, canonical.canonical_bytes("seal", canonical.joined("seal", self.fields()))
        )

    def fields(self):
        """The sealed fields by name, as texts, whole numbers or None."""
        moments = ("first_posted_at", "last_posted_at", "sealed_at")
        return {
            "day": self.day.isoformat(),
            "algorithm": self.algorithm,
            "entries": self.entries,
            "batches": self.batches,
            **{name: microseconds(getattr(self, name)) for name in moments},
            "root": bytes(self.root).hex(),
            "previous": bytes(self.previous).hex(),
        }


def microseconds(moment):
    """A moment as whole microseconds since 1970 UTC; None stays None. Exact, which a float timestamp is not."""
    if moment is None:
        return None
    return int(moment.replace(microsecond=0).timestamp()) * MICROSECONDS + moment.microsecond


class SealedLeaf(models.Model):
    """The leaf of one entry. `person_seq` counts a person's sealed entries from 1, without a hole.

    Its table is not partitioned: the numbering asks for a person's last number in one look, and its key holds for good.
    """

    pk = models.CompositePrimaryKey("person_id", "person_seq")
    person_id = models.BigIntegerField()
    person_seq = models.IntegerField()
    day = models.DateField()
    position = models.BigIntegerField()
    booked_month = models.DateField()
    scheme = models.CharField(max_length=20, choices=Scheme)
    area_code = models.CharField(max_length=6)
    kind = models.CharField(max_length=20, choices=Entry.Kind)
    batch_id = models.BigIntegerField()
    line = models.IntegerField()
    salt = models.BinaryField(max_length=16)
    leaf = models.BinaryField(max_length=32)

    class Meta:
        verbose_name = _("sealed entry")
        verbose_name_plural = _("sealed entries")
        # The leaves of a day lie together: an index of a few pages finds them.
        indexes = [BrinIndex(fields=["day"], autosummarize=True, name="sealed_leaf_day")]

    def __str__(self):
        return f"{self.day} {self.position}"


class SealedBatch(models.Model):
    """The leaf of one batch with its fund entries. A batch is sealed once, and all of its entries with it."""

    batch_id = models.BigIntegerField(primary_key=True)
    day = models.DateField()
    position = models.BigIntegerField()
    salt = models.BinaryField(max_length=16)
    leaf = models.BinaryField(max_length=32)

    class Meta:
        verbose_name = _("sealed batch")
        verbose_name_plural = _("sealed batches")
        indexes = [BrinIndex(fields=["day"], autosummarize=True, name="sealed_batch_day")]

    def __str__(self):
        return f"{self.day} {self.position}"


class SealedChunk(models.Model):
    """1,024 leaves of a day (the last chunk: the rest) one after the other, and the root over them.

    From it the path of a leaf is read. It is a second copy too: a row that was changed and hashed anew differs from it.
    """

    pk = models.CompositePrimaryKey("day", "number")
    day = models.DateField()
    number = models.IntegerField()
    root = models.BinaryField(max_length=32)
    leaves = models.BinaryField()

    class Meta:
        verbose_name = _("chunk of leaves")
        verbose_name_plural = _("chunks of leaves")

    def __str__(self):
        return f"{self.day} {self.number}"
