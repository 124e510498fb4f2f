"""Runs of check_books, kept: what operators and auditors read of the state of the books."""

import tomllib
from datetime import timedelta
from functools import cache
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from registry.roles import acting_as

from .models import Proof


@cache
def version():
    """The version of the portal, as its pyproject.toml says."""
    text = (Path(settings.BASE_DIR) / "pyproject.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)["project"]["version"]


def keep(findings, counts, checks, seconds):
    """Keep one run: Finding list, {what: rows}, number of checks, seconds it took.

    The proof itself runs as the read role in a transaction that cannot write. The row is added afterwards by the job
    role, which may add rows and never change one.
    """
    with acting_as("job"):
        return Proof.objects.create(
            proved_at=timezone.now() - timedelta(seconds=seconds),
            version=version(),
            seconds=round(seconds, 3),
            checks=checks,
            counts=counts,
            findings=[[finding.check, finding.sentence] for finding in findings],
        )
