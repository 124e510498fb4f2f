"""The two addresses for probes: /healthz (the process answers) and /readyz (it can serve). They show no record.

/readyz answers 200 "ok", or 503 with one word: "database" (not reachable), "migrations" (the schema is older than the
code), "walls" (a table lacks its second wall: run `manage.py grant_roles`), "partitions" (next year has none: run
`manage.py open_year`) or "disk".
"""

import shutil
import tempfile
from functools import cache

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.http import HttpResponse
from django.urls import path
from django.utils import timezone
from django.views.decorators.http import require_safe

from portal import walls
from registry.partitions import missing_partitions


@cache
def _migrations_of_the_code():
    """The migrations that this process was started with."""
    return set(MigrationLoader(None).disk_migrations)


def _migrations_are_applied():
    return _migrations_of_the_code() <= set(MigrationRecorder(connection).applied_migrations())


def _disk_has_room():
    places = (settings.BASE_DIR, tempfile.gettempdir())
    return all(shutil.disk_usage(place).free >= settings.MINIMUM_FREE_MB * 2**20 for place in places)


def reason_not_ready():
    """The first word of the module's list that applies, or None."""
    try:
        if not _migrations_are_applied():
            return "migrations"
        if walls.standing() != walls.planned():
            return "walls"
        if missing_partitions([timezone.localdate().year + 1]):
            return "partitions"
    except DatabaseError:
        return "database"
    return None if _disk_has_room() else "disk"


@require_safe
@login_not_required
def healthz(request):
    return HttpResponse("ok", content_type="text/plain; charset=utf-8")


@require_safe
@login_not_required
def readyz(request):
    reason = reason_not_ready()
    status = 503 if reason else 200
    return HttpResponse(reason or "ok", content_type="text/plain; charset=utf-8", status=status)


urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
]
