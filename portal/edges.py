"""What holds for every answer that leaves the portal, and for every line that it writes to a log."""

import logging
import re

from django.http import HttpResponseNotAllowed

METHODS = ("GET", "HEAD", "POST")
CLOSED_FEATURES = ("camera", "geolocation", "microphone", "payment", "usb")
HEADERS = {
    # A shared computer's cache and a proxy's must hold nothing of anybody; static files are answered before us.
    "Cache-Control": "no-store",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": ", ".join(f"{feature}=()" for feature in CLOSED_FEATURES),
}
# Fifteen and eighteen digits are identity numbers, old and new, wherever they stand.
IDENTITY_NUMBER = re.compile(r"(?<!\d)(\d{6})(?:\d{8}(\d{3}[\dXx])|\d{5}(\d{4}))(?![\dXx])")


class EdgesMiddleware:
    """Refuses methods that no page has (a plain view would answer TRACE too), and sets the headers of all answers."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request) if request.method in METHODS else HttpResponseNotAllowed(METHODS)
        for name, value in HEADERS.items():
            response.setdefault(name, value)
        if request.method == "HEAD" and not response.streaming:
            response.content = b""
        return response


def mask_identity_numbers(text):
    """Every identity number as its first six and last four: 110101********1233."""
    return IDENTITY_NUMBER.sub(lambda found: f"{found[1]}********{found[2] or found[3]}", text)


class NoIdentityNumbers(logging.Formatter):
    """The last wall: an identity number that slipped into a message or a traceback is masked before it is written."""

    def format(self, record):
        return mask_identity_numbers(super().format(record))
