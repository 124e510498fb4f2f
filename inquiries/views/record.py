from django.http import HttpResponse
from django.views.decorators.http import require_safe

from inquiries.door import on_record


@require_safe
@on_record("inquiries.me")
def me(request, person):
    """The portal's smallest page: session, user, door with its log row, nothing else. The measure of other pages."""
    return HttpResponse("ok", content_type="text/plain; charset=utf-8")
