"""The settings as a process meets them: each test starts one with an environment of its own."""

import base64
import os
import re
import subprocess
import sys
from ast import literal_eval

import pytest
from django.conf import settings

KEY = base64.b64encode(bytes(range(32))).decode()
PRODUCTION = {
    "SECRET_KEY": "k" + KEY + "a-long-enough-secret-for-the-check",
    "ENCRYPTION_KEYS": f"k1:{KEY}",
    "LOOKUP_KEY": KEY,
    "ALLOWED_HOSTS": "portal.example",
    "DATABASE_URL": "postgresql://portal_web:w@db.example/portal?sslmode=verify-full",
    "JOB_DATABASE_URL": "postgresql://portal_job:j@db.example/portal?sslmode=verify-full",
    "OWNER_DATABASE_URL": "postgresql://portal_owner:o@db.example/portal?sslmode=verify-full",
    "READ_DATABASE_URL": "postgresql://portal_read:r@db.example/portal?sslmode=verify-full",
    "PORTAL_ENV_FILE": os.devnull,
}


def start(*arguments, **changes):
    """Run Python in the checkout with the production environment, changed; a change to None unsets."""
    wanted = PRODUCTION | {"PATH": os.environ["PATH"], "DJANGO_SETTINGS_MODULE": "portal.settings"} | changes
    environment = {name: value for name, value in wanted.items() if value is not None}
    return subprocess.run(
        [sys.executable, "-W", "error::DeprecationWarning", *arguments],
        cwd=settings.BASE_DIR,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def value_of(expression, **changes):
    answer = start(
        "-c", f"import django; django.setup(); from django.conf import settings; print({expression})", **changes
    )
    assert answer.returncode == 0, answer.stderr
    return answer.stdout.strip(), answer.stderr


def test_the_production_profile_passes_djangos_deployment_check():
    answer = start("manage.py", "check", "--deploy", "--fail-level", "WARNING")
    assert answer.returncode == 0, answer.stderr
    assert "no issues (0 silenced)" in answer.stdout
    assert not answer.stderr


def test_production_is_the_profile_of_whoever_names_none():
    expression = "settings.LOCAL, settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME, settings.SECURE_SSL_REDIRECT"
    assert value_of(expression)[0] == "False __Host-sid __Host-csrf True"


def test_every_cookie_is_bound_to_this_host_in_production():
    said, _ = value_of("[getattr(settings, n) for n in dir(settings) if n.endswith('COOKIE_NAME')]")
    ours = [name for name in literal_eval(said) if name != "django_language"]
    assert len(ours) == 4
    assert all(name.startswith("__Host-") for name in ours)


def test_any_host_is_no_host_in_production():
    answer = start("manage.py", "check", ALLOWED_HOSTS="*")
    assert answer.returncode != 0
    assert "ALLOWED_HOSTS=*" in answer.stderr


def test_the_admin_is_off_in_production_until_addresses_are_named():
    assert value_of("settings.ADMIN_ADDRESSES")[0] == "[]"
    said, _ = value_of(
        "settings.ADMIN_PATH, settings.ADMIN_ADDRESSES", ADMIN_PATH="/back-office/", ADMIN_ADDRESSES="192.0.2.0/24"
    )
    assert said == "back-office/ [IPv4Network('192.0.2.0/24')]"


def test_an_address_that_is_none_is_refused():
    answer = start("manage.py", "check", ADMIN_ADDRESSES="office")
    assert answer.returncode != 0
    assert "ADMIN_ADDRESSES: 'office'" in answer.stderr


def test_the_local_profile_works_over_plain_http():
    names = ("SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "SECURE_SSL_REDIRECT", "SECURE_HSTS_SECONDS", "DEBUG")
    expression = " or ".join(f"settings.{name}" for name in names)
    assert value_of(expression, PORTAL_PROFILE="local")[0] in ("False", "0")


@pytest.mark.parametrize("name", ["SECRET_KEY", "ENCRYPTION_KEYS", "LOOKUP_KEY", "ALLOWED_HOSTS", "DATABASE_URL"])
def test_what_must_be_set_is_named(name):
    answer = start("manage.py", "check", **{name: None})
    assert answer.returncode != 0
    assert f"Set the {name} environment variable" in answer.stderr


def test_an_unknown_profile_is_refused():
    answer = start("manage.py", "check", PORTAL_PROFILE="locl")
    assert answer.returncode != 0
    assert "PORTAL_PROFILE=locl: choose one of production, local." in answer.stderr


@pytest.mark.parametrize("name", ["TRUSTED_PROXIES", "HALL_ADDRESSES"])
def test_an_address_that_is_none_stops_the_start(name):
    answer = start("manage.py", "check", **{name: "10.0.0.1,10.0.0.300"})
    assert answer.returncode != 0
    assert f"{name}: '10.0.0.300'" in answer.stderr


def test_in_production_no_address_is_trusted_that_is_not_listed():
    assert value_of("settings.TRUSTED_PROXIES, settings.HALL_ADDRESSES")[0] == "[] []"


def test_a_misspelt_variable_is_named_at_start():
    _, said = value_of("1", PORTAL_LOGLEVEL="DEBUG")
    assert "PORTAL_LOGLEVEL is no variable of the portal" in said


def test_a_role_without_its_own_address_says_so_at_start():
    user, said = value_of("settings.DATABASES['default']['USER']", PORTAL_ROLE="owner", OWNER_DATABASE_URL=None)
    assert user == "portal_web"
    assert "OWNER_DATABASE_URL is not set: working with DATABASE_URL." in said


def test_each_role_has_its_own_login_and_the_web_role_its_limits():
    expression = "[(r, d['USER'], d['OPTIONS'].get('options')) for r, d in settings.ROLE_DATABASES.items()]"
    said, _ = value_of(expression)
    limits = "-c statement_timeout=5s -c lock_timeout=2s -c plan_cache_mode=force_generic_plan"
    roles = {"web": limits, "job": None, "owner": None, "read": None}
    assert said == str([(role, f"portal_{role}", options) for role, options in roles.items()])


def test_options_in_an_address_are_kept_beside_the_limits():
    address = PRODUCTION["DATABASE_URL"] + "&options=-c%20work_mem%3D8MB"
    said, _ = value_of("settings.DATABASES['default']['OPTIONS']['options']", DATABASE_URL=address)
    assert said == "-c work_mem=8MB -c statement_timeout=5s -c lock_timeout=2s -c plan_cache_mode=force_generic_plan"


def test_loggers_made_at_import_are_not_silenced():
    said, _ = value_of("__import__('logging').getLogger('portal.errors').disabled")
    assert said == "False"


def test_the_example_explains_every_variable_and_no_other():
    example = (settings.BASE_DIR / ".env.example").read_text()
    listed = re.findall(r"^#?([A-Z_]+)=", example, re.MULTILINE)
    said, _ = value_of("sorted(__import__('portal.settings').settings.env.scheme)")
    assert sorted(listed) == sorted([*literal_eval(said), "PORTAL_ENV_FILE"])
    for paragraph in example.split("\n\n"):
        lines = paragraph.splitlines()
        if any(re.match(r"#?[A-Z_]+=", line) for line in lines):
            assert lines[0].startswith("# "), paragraph
