"""Which language a page speaks: Chinese, unless the visitor has pressed the switch in the header."""

from django.conf import settings
from django.utils import translation

COOKIE = settings.LANGUAGE_COOKIE_NAME


class CookieLanguageMiddleware:
    """Activates the language of the visitor's cookie.

    What the browser prefers (Accept-Language) is left aside: machines at counters and in reading rooms are often set up
    in a language that nobody in front of them reads.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        chosen = request.COOKIES.get(COOKIE)
        language = chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
        # Not undone afterwards: a streamed answer is written when this call is over, and the next request sets its own.
        translation.activate(language)
        request.LANGUAGE_CODE = language
        response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response
