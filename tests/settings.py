"""The portal's own settings for a test run, with nothing of the developer's environment or .env in them."""

import base64
import os
import tempfile

for name in [name for name in os.environ if name.startswith("PORTAL_")]:
    del os.environ[name]
# tests/conftest.py names the server once it runs; until then no database can be reached by mistake.
NOWHERE = "postgresql://postgres@/none?host=/nonexistent"
KEY = base64.b64encode(bytes(range(32))).decode()
os.environ |= {
    "PORTAL_ENV_FILE": os.devnull,
    "PORTAL_PROFILE": "local",
    "SECRET_KEY": KEY,
    "ENCRYPTION_KEYS": f"k1:{KEY}",
    "LOOKUP_KEY": KEY,
    "ALLOWED_HOSTS": "127.0.0.1,localhost",
    "DEBUG": "false",
    "CODE_SENDER": "inquiries.senders.to_file",
    "CODE_FILE": os.path.join(tempfile.gettempdir(), f"portal-text-messages-{os.getpid()}.txt"),
    **dict.fromkeys(("DATABASE_URL", "JOB_DATABASE_URL", "OWNER_DATABASE_URL", "READ_DATABASE_URL"), NOWHERE),
}
for name in ("AGENCY_NAME", "OFFICIAL_DOMAIN", "HELP_LINE", "CSRF_TRUSTED_ORIGINS", "STATIC_ROOT", "PASSWORD_PROFILE"):
    os.environ.pop(name, None)

from portal.settings import *  # noqa: E402, F403 - the environment had to stand first

# Pages as the web role, the test itself as another (tests/conftest.py).
MIDDLEWARE = ["tests.as_web.AsWebRole", *MIDDLEWARE]  # noqa: F405
# The same algorithm at a smaller cost: hundreds of sign-ins stay affordable.
PASSWORD_HASHERS = ["tests.quick_hasher.QuickArgon2id"]
# Static files straight from their folders: nothing is collected for a test run.
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}  # noqa: F405
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = True
