import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
application = get_wsgi_application()

from inquiries.checks import refuse_to_start  # noqa: E402 - Django stands now

refuse_to_start()
