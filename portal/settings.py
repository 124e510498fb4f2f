"""Settings of the portal, read from the environment; `.env.example` explains every variable."""

import os
from ipaddress import ip_network
from pathlib import Path

import environ
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

BASE_DIR = Path(__file__).resolve().parent.parent

# Every variable there is, with its kind and default; those without a default must be set.
env = environ.Env(
    PORTAL_PROFILE=(str, "production"),
    PORTAL_ROLE=(str, "web"),
    PORTAL_BEHIND_TLS_PROXY=(bool, False),
    PORTAL_LOG_LEVEL=(str, "INFO"),
    PORTAL_MINIMUM_FREE_MB=(int, 200),
    SECRET_KEY=str,
    ENCRYPTION_KEYS=list,
    LOOKUP_KEY=str,
    ALLOWED_HOSTS=list,
    CSRF_TRUSTED_ORIGINS=(list, []),
    TRUSTED_PROXIES=(list, []),
    HALL_ADDRESSES=(list, []),
    DATABASE_URL=str,
    JOB_DATABASE_URL=(str, ""),
    OWNER_DATABASE_URL=(str, ""),
    READ_DATABASE_URL=(str, ""),
    AGENCY_NAME=(str, ""),
    OFFICIAL_DOMAIN=(str, ""),
    HELP_LINE=(str, "12333"),
    SECURITY_CONTACT=(str, ""),
    ADMIN_PATH=(str, "admin"),
    ADMIN_ADDRESSES=(list, []),
    LOOKUPS_PER_DAY=(int, 60),
    PASSWORD_PROFILE=(str, "nist"),
    CODE_SENDER=(str, ""),
    CODE_FILE=(str, str(BASE_DIR / "var" / "demo" / "text-messages.txt")),
    STATIC_ROOT=(str, str(BASE_DIR / "var" / "static")),
    DEBUG=(bool, False),
)
# Variables already in the environment win over the file's.
environ.Env.read_env(os.environ.get("PORTAL_ENV_FILE", BASE_DIR / ".env"))
# A misspelt variable is silent otherwise; portal/apps.py warns of these at start.
UNKNOWN_VARIABLES = sorted(
    name for name in os.environ if name.startswith("PORTAL_") and name not in {*env.scheme, "PORTAL_ENV_FILE"}
)


def one_of(name, choices):
    """The value of a variable that has few; any other stops the start with a sentence."""
    if env(name) not in choices:
        raise ImproperlyConfigured(f"{name}={env(name)}: choose one of {', '.join(choices)}.")
    return env(name)


def networks(name, default=()):
    """The addresses and networks that a variable lists; `unix` stands for a proxy that speaks through a socket file."""
    try:
        return [entry if entry == "unix" else ip_network(entry) for entry in env(name) or default]
    except ValueError as error:
        raise ImproperlyConfigured(f"{name}: {error}") from error


# Local: plain http on the machine itself. Everything else is production, so that a forgotten variable is safe.
LOCAL = one_of("PORTAL_PROFILE", ("production", "local")) == "local"

DEBUG = env("DEBUG")
SECRET_KEY = env("SECRET_KEY")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost"]) if LOCAL else env("ALLOWED_HOSTS")
if not LOCAL and "*" in ALLOWED_HOSTS:
    raise ImproperlyConfigured("ALLOWED_HOSTS=*: name the hosts; a forged one would stand in links and redirects.")
CSRF_TRUSTED_ORIGINS = env("CSRF_TRUSTED_ORIGINS")

# Whose X-Forwarded-For is believed, and where many people share one address: inquiries/source.py.
TRUSTED_PROXIES = networks("TRUSTED_PROXIES")
HALL_ADDRESSES = networks("HALL_ADDRESSES", default=("127.0.0.0/8", "::1") if LOCAL else ())

# Django's admin: at which path, and from which addresses; from none where the list is empty (portal/admin_site.py).
ADMIN_PATH = (env("ADMIN_PATH").strip("/") or "admin") + "/"
ADMIN_ADDRESSES = networks("ADMIN_ADDRESSES", default=("127.0.0.0/8", "::1") if LOCAL else ())

# Keys of the personal data at rest: registry/encryption.py. The first encryption key is the current one.
ENCRYPTION_KEYS = env("ENCRYPTION_KEYS")
LOOKUP_KEY = env("LOOKUP_KEY")

INSTALLED_APPS = [
    "portal",
    "documents",
    "accounts",
    "contributions",
    "inquiries",
    "registry",
    "portal.admin_config.PortalAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    # For its mfa alone, which asks for account's tables: docs/decisions/016-second-factor.md
    "allauth.account",
    "allauth.mfa",
]

MIDDLEWARE = [
    # Outermost, so that static files and refusals carry the same headers as pages.
    "portal.edges.EdgesMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "portal.edges.MethodsMiddleware",
    "inquiries.session_gate.SessionCookieMiddleware",
    "portal.language.CookieLanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "inquiries.session_gate.SessionGateMiddleware",
    "portal.admin_site.AdminWallMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "portal.urls"
WSGI_APPLICATION = "portal.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "loaders": [
                (
                    "portal.folded_templates.Loader",
                    [
                        "django.template.loaders.filesystem.Loader",
                        "django.template.loaders.app_directories.Loader",
                    ],
                )
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "portal.frame.frame",
            ],
        },
    },
]

# One process has one database role: the web role unless the command says otherwise (registry/roles.py).
ROLE_URLS = {
    "web": "DATABASE_URL",
    "job": "JOB_DATABASE_URL",
    "owner": "OWNER_DATABASE_URL",
    "read": "READ_DATABASE_URL",
}
# A page that waits longer than this is of no use to the person before it; commands may take their time.
ROLE_TIMEOUTS = {"web": {"statement_timeout": "5s", "lock_timeout": "2s"}}
# The server keeps the plans of a connection's statements: planning a page's anew cost as much as carrying them out.
KEPT_PLANS = {"server_side_binding": True, "prepare_threshold": 5}
# Pages ask by key, so one plan fits all values; left to itself, the server plans anew over all years' partitions.
ROLE_PLANS = {"web": {"plan_cache_mode": "force_generic_plan"}}
NO_TIMEOUTS = {"statement_timeout": "0", "lock_timeout": "0"}


def role_database(role):
    """The Django database settings of one of the four roles; an unset address falls back to DATABASE_URL."""
    config = env.db_url_config(env(ROLE_URLS[role]) or env("DATABASE_URL"))
    config.update(CONN_MAX_AGE=60, CONN_HEALTH_CHECKS=True, ATOMIC_REQUESTS=False)
    options = config.setdefault("OPTIONS", {})
    options.setdefault("connect_timeout", 5)
    options |= KEPT_PLANS
    for name, value in (ROLE_TIMEOUTS.get(role, {}) | ROLE_PLANS.get(role, {})).items():
        options["options"] = f"{options.get('options', '')} -c {name}={value}".lstrip()
    return config


ROLE_DATABASES = {role: role_database(role) for role in ROLE_URLS}
ROLE = one_of("PORTAL_ROLE", tuple(ROLE_URLS))
DATABASES = {"default": ROLE_DATABASES[ROLE]}
# portal/apps.py warns when this process's own role is one of these.
ROLES_WITHOUT_ADDRESS = [role for role, name in ROLE_URLS.items() if not env(name)]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "inquiries.User"
AUTHENTICATION_BACKENDS = ["inquiries.sign_in.NumberBackend"]
LOGIN_URL = "home"
LOGIN_REDIRECT_URL = "home"
# Passwords: inquiries/passwords.py and inquiries/hashers.py. mlps3 adds complexity and 90 days for staff.
PASSWORD_HASHERS = ["inquiries.hashers.Argon2id"]
AUTH_PASSWORD_VALIDATORS = [{"NAME": "inquiries.passwords.PortalPasswordValidator"}]
PASSWORD_PROFILE = one_of("PASSWORD_PROFILE", ("nist", "mlps3"))

# Codes by text message: who sends them (inquiries/senders.py). Empty: nobody, and the pages do not offer them.
CODE_SENDER = env("CODE_SENDER") or ("inquiries.senders.to_console_and_file" if LOCAL else "")
CODE_FILE = env("CODE_FILE")

# Authenticator apps and passkeys are allauth's; accounts, pages and the way in are ours.
MFA_ADAPTER = "inquiries.mfa_adapter.Adapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn"]
# One step of 30 seconds to either side, for telephones whose clocks differ.
MFA_TOTP_TOLERANCE = 1
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = False
ACCOUNT_USER_MODEL_USERNAME_FIELD, ACCOUNT_USER_MODEL_EMAIL_FIELD = "login_key", None
ACCOUNT_EMAIL_VERIFICATION = "none"

# What the frame of every page says: who answers for the portal, at which address in words, and whom to call.
AGENCY_NAME = env("AGENCY_NAME") or _("Social insurance agency")
OFFICIAL_DOMAIN = env("OFFICIAL_DOMAIN")
HELP_LINE = env("HELP_LINE")
# Where a stranger who found a hole may write: /.well-known/security.txt (RFC 9116), which is not there without it.
SECURITY_CONTACT = env("SECURITY_CONTACT")

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Chinese")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True

STATIC_URL = "static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = env("STATIC_ROOT")
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# As long as the longest session, a clerk's shift; inquiries/session_limits.py says which session lasts how long.
SESSION_COOKIE_AGE = 10 * 60 * 60
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_SAMESITE = "Lax"  # of staff: Strict (inquiries/session_gate.py)
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
# The prefix binds a cookie to this very host over https; browsers refuse it on plain http.
COOKIE_PREFIX = "" if LOCAL else "__Host-"
SESSION_COOKIE_NAME = f"{COOKIE_PREFIX}sid"
CSRF_COOKIE_NAME = f"{COOKIE_PREFIX}csrf"
LANGUAGE_COOKIE_NAME = f"{COOKIE_PREFIX}language"
TEXT_COOKIE_NAME = f"{COOKIE_PREFIX}text"
# In the session: a cookie of its own would keep the words of a page in the browser.
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = not LOCAL
SECURE_SSL_REDIRECT = not LOCAL
# A probe on the machine itself speaks plain http and sees no record.
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = 0 if LOCAL else 31_536_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = not LOCAL
# Only where a proxy of the operator's sets this header itself: a visitor could claim https otherwise.
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env("PORTAL_BEHIND_TLS_PROXY") else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
# Forms send a few words; nothing is uploaded on a page. What is larger is refused before it is read.
DATA_UPLOAD_MAX_MEMORY_SIZE = 256 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1000
DATA_UPLOAD_MAX_NUMBER_FILES = 0
# What a crash report may hold of a request: nothing that was typed (portal/errors.py).
DEFAULT_EXCEPTION_REPORTER_FILTER = "portal.errors.NothingTyped"
CSP_REPORT_PATH, CSP_GROUP = "/csp-report", "csp"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "manifest-src": ["'self'"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
        "report-uri": CSP_REPORT_PATH,
        "report-to": CSP_GROUP,
    }
}

# disable_existing_loggers would silence, under gunicorn alone, every logger made at import.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": "portal.log_lines.lines"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env("PORTAL_LOG_LEVEL")},
    # Its own handlers would print a second time, without the mask, or send what they know by mail.
    "loggers": {name: {"handlers": [], "propagate": True} for name in ("django", "django.server")},
}

# How many persons a window clerk may look up in a day before somebody else must agree (inquiries/quotas.py).
LOOKUPS_PER_DAY = env("LOOKUPS_PER_DAY")

MINIMUM_FREE_MB = env("PORTAL_MINIMUM_FREE_MB")
