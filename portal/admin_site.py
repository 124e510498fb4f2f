"""Django's admin behind walls of its own: a path by setting, known addresses, a second factor; it only shows."""

from ipaddress import ip_network

from django.conf import settings
from django.contrib.admin import AdminSite
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect
from django.utils.decorators import method_decorator

from inquiries.models import User
from inquiries.second_factors import has_proved_twice
from inquiries.source import source_of
from inquiries.views.sign_in import sign_out


def is_known_address(request):
    """Whether the request comes from an address of ADMIN_ADDRESSES; without any, from nowhere."""
    source = source_of(request)
    return bool(source) and any(ip_network(source).overlaps(network) for network in settings.ADMIN_ADDRESSES)


class AdminWallMiddleware:
    """From an unknown address there is no admin at all: 404, whoever asks. Stands before anything asks who that is."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.path_info.startswith(f"/{settings.ADMIN_PATH}") and not is_known_address(request):
            raise Http404
        return self.get_response(request)


class PortalAdminSite(AdminSite):
    """Passwords, signing in and out are the portal's own; a right to look needs a second factor."""

    def has_permission(self, request):
        return super().has_permission(request) and has_proved_twice(request)

    @method_decorator(login_not_required)
    def login(self, request, extra_context=None):
        """Nobody signs in here: to our own door, or a plain no for who stands inside without the right."""
        if request.user.is_authenticated:
            raise PermissionDenied
        return redirect("sign_in", kind=User.Kind.STAFF)

    def logout(self, request, extra_context=None):
        return sign_out(request)

    def password_change(self, request, extra_context=None):
        """No password is set here: Django's page knows neither our rules nor our policy of styles."""
        return redirect("change_password")

    def password_change_done(self, request, extra_context=None):
        return redirect("home")
