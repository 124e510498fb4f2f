"""The pages for what went wrong on our side; those for 403 and 404 need only their templates."""

import logging
import secrets
import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpResponse
from django.template.loader import render_to_string

from portal.frame import quiet_frame

logger = logging.getLogger(__name__)

RETRY_AFTER_SECONDS = 300


def bad_request(request, exception):
    """400: its frame asks nothing of the request, which could not be trusted."""
    return HttpResponse(render_to_string("400.html", quiet_frame(request)), status=400)


def server_error(request):
    """500 with a number to read out that stands in the log too; 503 where the database is away. Asks no database."""
    error = sys.exc_info()[1]
    if isinstance(error, (OperationalError, InterfaceError)):
        return unavailable(request)
    number = secrets.token_hex(4).upper()
    # The traceback is Django's to log; this line leads from the number to it.
    logger.error("Server error %s: %s at %s", number, type(error).__name__, request.path)
    context = quiet_frame(request) | {"number": number, "submitted": request.method == "POST"}
    return HttpResponse(render_to_string("500.html", context), status=500)


def unavailable(request):
    """503, to be tried again later."""
    page = render_to_string("503.html", quiet_frame(request))
    return HttpResponse(page, status=503, headers={"Retry-After": RETRY_AFTER_SECONDS})
