"""The pages for what went wrong on our side; those for 403 and 404 need only their templates."""

import logging
import sys

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.views.debug import SafeExceptionReporterFilter

from portal.frame import quiet_frame

logger = logging.getLogger(__name__)

RETRY_AFTER_SECONDS = 300


class NothingTyped(SafeExceptionReporterFilter):
    """Of a request that crashed, a report holds no form, no cookie and no variable; a developer's own page does."""

    def is_active(self, request):
        return not settings.DEBUG

    def get_post_parameters(self, request):
        return {} if self.is_active(request) else super().get_post_parameters(request)

    def get_traceback_frame_variables(self, request, tb_frame):
        return [] if self.is_active(request) else super().get_traceback_frame_variables(request, tb_frame)


def bad_request(request, exception):
    """400: its frame asks nothing of the request, which could not be trusted."""
    return HttpResponse(render_to_string("400.html", quiet_frame(request)), status=400)


def server_error(request):
    """500; 503 where the database is away. Asks no database."""
    error = sys.exc_info()[1]
    if isinstance(error, (OperationalError, InterfaceError)):
        return unavailable(request)
    # The traceback is Django's to log, under the same number of the request.
    logger.error("Server error: %s at %s", type(error).__name__, request.path)
    context = quiet_frame(request) | {"submitted": request.method == "POST"}
    return HttpResponse(render_to_string("500.html", context), status=500)


def unavailable(request):
    """503, to be tried again later."""
    page = render_to_string("503.html", quiet_frame(request))
    return HttpResponse(page, status=503, headers={"Retry-After": RETRY_AFTER_SECONDS})
