"""What holds for every answer that leaves the portal: its headers, its number, and the methods that pages have."""

import secrets

from django.conf import settings
from django.http import HttpResponseNotAllowed

from portal.log_lines import request_number

METHODS = ("GET", "HEAD", "POST")
# Everything that a page of ours could ask a browser for and never does.
CLOSED_FEATURES = (
    *("accelerometer", "ambient-light-sensor", "attribution-reporting", "autoplay", "bluetooth", "browsing-topics"),
    *("camera", "compute-pressure", "display-capture", "encrypted-media", "fullscreen", "gamepad", "geolocation"),
    *("gyroscope", "hid", "identity-credentials-get", "idle-detection", "local-fonts", "magnetometer", "microphone"),
    *("midi", "otp-credentials", "payment", "picture-in-picture", "screen-wake-lock", "serial", "storage-access"),
    *("usb", "web-share", "window-management", "xr-spatial-tracking"),
)
# A passkey asks for these two, on our own pages alone.
OWN_FEATURES = ("publickey-credentials-create", "publickey-credentials-get")
HEADERS = {
    # A shared computer's cache and a proxy's must hold nothing of anybody; static files say their own.
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "Permissions-Policy": ", ".join(
        [*(f"{name}=()" for name in CLOSED_FEATURES), *(f"{name}=(self)" for name in OWN_FEATURES)]
    ),
    "Reporting-Endpoints": f'{settings.CSP_GROUP}="{settings.CSP_REPORT_PATH}"',
}
REQUEST_NUMBER = "X-Request-ID"


class EdgesMiddleware:
    """Outermost: gives each request a number of ours (a visitor's is not believed) and each answer its headers."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request.number = secrets.token_hex(6).upper()
        token = request_number.set(request.number)
        try:
            response = self.get_response(request)
        finally:
            request_number.reset(token)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        response.headers[REQUEST_NUMBER] = request.number
        if request.method == "HEAD" and not response.streaming:
            response.content = b""
        return response


class MethodsMiddleware:
    """Refuses methods that no page has: a plain view would answer TRACE too."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request) if request.method in METHODS else HttpResponseNotAllowed(METHODS)
