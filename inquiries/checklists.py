"""The document checklist as data: `checklists.toml` into RequiredPaper."""

import tomllib
from pathlib import Path

from django.db import transaction
from django.utils.translation import gettext_noop

from .models import RequiredPaper

SOURCE = Path(__file__).with_name("checklists.toml")

DOCUMENTS = [
    gettext_noop("Identity card of the insured person"),
    gettext_noop("Social security card"),
    gettext_noop("Power of attorney"),
    gettext_noop("Social security card of the insured person"),
    gettext_noop("Identity card of the proxy"),
    gettext_noop("Household book or proof of guardianship"),
    gettext_noop("Identity card of the guardian"),
    gettext_noop("Stamped letter of the employer"),
    gettext_noop("Identity card of the employer's agent"),
]


@transaction.atomic
def load(source=SOURCE):
    """Write the rows of the file and return their number. Rows that left the file stay for visits that used them."""
    rows = tomllib.loads(source.read_text(encoding="utf-8"))["paper"]
    for position, row in enumerate(rows, 1):
        RequiredPaper.objects.update_or_create(
            key=row["key"],
            defaults={
                "actor": row["actor"],
                "position": position,
                "document": row["document"],
                "form": row["form"],
                "handling": row["handling"],
                "legal_basis": row["legal_basis"],
                "is_optional": row.get("optional", False),
            },
        )
    return len(rows)
