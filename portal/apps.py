import logging

from django.apps import AppConfig
from django.conf import settings


class PortalConfig(AppConfig):
    name = "portal"

    def ready(self):
        logger = logging.getLogger(__name__)
        for name in settings.UNKNOWN_VARIABLES:
            logger.warning("%s is no variable of the portal (see .env.example): misspelt?", name)
        if settings.ROLE in settings.ROLES_WITHOUT_ADDRESS:
            logger.warning("%s is not set: working with DATABASE_URL.", settings.ROLE_URLS[settings.ROLE])
