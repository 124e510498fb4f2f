"""What a system administrator may see of the settings: how the portal is set up, and never a secret of it."""

from django.conf import settings
from django.utils.translation import gettext as _

from registry.encryption import key_names


def shown():
    """(name of the variable, what it means, value as text) of the settings that matter."""
    return [
        ("PORTAL_PROFILE", _("Profile"), "local" if settings.LOCAL else "production"),
        ("DEBUG", _("Developer's error pages"), _on(settings.DEBUG)),
        ("ALLOWED_HOSTS", _("Host names"), ", ".join(settings.ALLOWED_HOSTS)),
        ("CSRF_TRUSTED_ORIGINS", _("Further origins of forms"), ", ".join(settings.CSRF_TRUSTED_ORIGINS)),
        ("PORTAL_BEHIND_TLS_PROXY", _("Behind a proxy that speaks https"), _on(settings.SECURE_PROXY_SSL_HEADER)),
        ("TRUSTED_PROXIES", _("Proxies that are believed"), _listed(settings.TRUSTED_PROXIES)),
        ("HALL_ADDRESSES", _("Halls and offices that share an address"), _listed(settings.HALL_ADDRESSES)),
        ("ADMIN_PATH", _("Path of the administration"), f"/{settings.ADMIN_PATH}"),
        ("ADMIN_ADDRESSES", _("Addresses that reach it"), _listed(settings.ADMIN_ADDRESSES)),
        ("ENCRYPTION_KEYS", _("Names of the encryption keys, the current one first"), ", ".join(key_names())),
        ("SECURITY_CONTACT", _("Contact for reports of holes"), settings.SECURITY_CONTACT),
        ("AGENCY_NAME", _("Agency"), str(settings.AGENCY_NAME)),
        ("OFFICIAL_DOMAIN", _("Official address"), settings.OFFICIAL_DOMAIN),
        ("HELP_LINE", _("Help line"), settings.HELP_LINE),
        (
            "DATABASE_URL",
            _("Database roles without an address of their own"),
            ", ".join(settings.ROLES_WITHOUT_ADDRESS),
        ),
    ]


def _on(value):
    return _("yes") if value else _("no")


def _listed(networks):
    return ", ".join(str(network) for network in networks)
