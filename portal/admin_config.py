from django.contrib.admin.apps import AdminConfig


class PortalAdminConfig(AdminConfig):
    """Django's admin with the portal's own site, and all its registrations."""

    default_site = "portal.admin_site.PortalAdminSite"
