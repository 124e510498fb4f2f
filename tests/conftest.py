"""The database of the tests, and the browser.

A page runs as the web role: grants, triggers and the second wall are felt. The test's own statements have the rights
of the web role too, but look over the wall (TESTS_ROLE), or no test could tell what a page did; `acting_as("web")` puts
them behind it. How to write one:

- `db` (or `pytest.mark.django_db`): one transaction, rolled back. `with as_job(): …` does what an import or a posting
  would do, inside the same transaction.
- `fresh_database`: a database of the test's own, cloned from the template and dropped afterwards. For whatever commits:
  threads, locks, kills, `atomic(durable=True)` across connections. `transactional_db` is another name for it.
- `live_server` and `page` (a browser's page on it): they bring a fresh database along.

Nothing is ever flushed: the records are append-only, and their triggers stay on in tests.

The server is a throw-away cluster, or the one that TEST_DATABASE_URL names as its superuser (roles: docs/roles.sql).
The template is built once a run, whichever worker comes first; it holds the rules, the checklists and the cast.
"""

import contextlib
import importlib
import importlib.util
import io
import itertools
import os
import shutil
import uuid
from functools import partial

import environ
import hypothesis
import psycopg
import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connections
from django.utils.translation import override
from psycopg import sql
from pytest_django.live_server_helper import LiveServer

from portal import embedded_postgres
from registry.roles import DATABASE_ROLES, acting_as

# No deadlines: a busy machine is no failure. The everyday run repeats exactly; acceptance looks for new examples.
hypothesis.settings.register_profile("everyday", deadline=None, derandomize=True, max_examples=50)
hypothesis.settings.register_profile("acceptance", deadline=None, max_examples=500, stateful_step_count=50)
hypothesis.settings.load_profile("everyday")

TESTS_ROLE = "portal_tests"
# One at a time: other runs may stand on the same server.
MAKE_TESTS_ROLE = f"""
SELECT pg_advisory_lock(hashtext('{TESTS_ROLE}'));
DO $$ BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{TESTS_ROLE}') THEN
        CREATE ROLE {TESTS_ROLE} BYPASSRLS IN ROLE portal_web;
    END IF;
END $$;
SELECT pg_advisory_unlock(hashtext('{TESTS_ROLE}'));
"""
SETUP = ("grant_roles", "load_rules", "load_checklists")
CHROMIUM_OPTIONS = ("--no-sandbox", "--disable-dev-shm-usage")
numbers = itertools.count(1)


def pytest_configure(config):
    """Start the cluster of this run in the controlling process; the workers inherit its address."""
    if hasattr(config, "workerinput"):
        return
    os.environ["TEST_TEMPLATE"] = template = f"test_{uuid.uuid4().hex[:8]}_template"
    stack = contextlib.ExitStack()
    config.add_cleanup(stack.close)
    if os.environ.get("TEST_DATABASE_URL"):
        stack.callback(drop, template)
    else:
        os.environ["TEST_DATABASE_URL"] = stack.enter_context(embedded_postgres.throw_away())


def pytest_collection_modifyitems(items):
    for item in items:
        marker = item.get_closest_marker("django_db")
        if marker and (marker.args or marker.kwargs):
            raise pytest.UsageError(f"{item.nodeid}: the records are never flushed; use the fixture fresh_database.")


def on_server(statement, *names):
    """Run a statement about whole databases, whose names are filled in quoted."""
    with psycopg.connect(os.environ["TEST_DATABASE_URL"], autocommit=True) as server:
        return server.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))


def clone(template, name):
    # A clone does not inherit its owner, and the owner alone may make tables.
    on_server("CREATE DATABASE {} TEMPLATE {} OWNER {}", name, template, DATABASE_ROLES["owner"])


def drop(database):
    on_server("DROP DATABASE IF EXISTS {} WITH (FORCE)", database)


def point_at(database, role=TESTS_ROLE):
    """Let the default connection, of this and every later thread, be the superuser's acting as a role."""
    config = environ.Env.db_url_config(os.environ["TEST_DATABASE_URL"])
    config["OPTIONS"] |= settings.KEPT_PLANS | {"options": f"-c role={role}"}
    connections["default"].close()
    for each in (connections["default"].settings_dict, *settings.ROLE_DATABASES.values()):
        each.update(config, NAME=database)


def build(template):
    """Migrate as the owner, then load what every test may count on, and commit it."""
    bindir, _version = embedded_postgres.find_binaries()
    url = os.environ["TEST_DATABASE_URL"]
    made = embedded_postgres.psql(bindir, url, "--set", f"database={template}", "--file", embedded_postgres.ROLES_SQL)
    assert made.returncode == 0, made.stderr
    on_server(MAKE_TESTS_ROLE)
    point_at(template, role=DATABASE_ROLES["owner"])
    call_command("migrate", verbosity=0)
    point_at(template)
    for command in SETUP:
        call_command(command, stdout=io.StringIO())
    if importlib.util.find_spec("portal.management.commands.load_feed"):
        importlib.import_module("tests.cast_feed").load()
    connections["default"].close()


@pytest.fixture(scope="session")
def template_database(django_test_environment, django_db_blocker):
    """The name of the database that all others of the run are cloned from."""
    name = os.environ["TEST_TEMPLATE"]
    with psycopg.connect(os.environ["TEST_DATABASE_URL"], autocommit=True) as server, django_db_blocker.unblock():
        server.execute("SELECT pg_advisory_lock(hashtext(%s))", [name])
        if not server.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
            try:
                build(name)
            except BaseException:
                connections["default"].close()
                drop(name)
                raise
    return name


@pytest.fixture(scope="session")
def django_db_setup(template_database, django_db_blocker):
    """The worker's own database, in which tests roll back (in place of pytest-django's)."""
    name = template_database.replace("template", os.environ.get("PYTEST_XDIST_WORKER", "alone"))
    clone(template_database, name)
    with django_db_blocker.unblock():
        point_at(name)
    yield name
    with django_db_blocker.unblock():
        connections["default"].close()
    drop(name)


@pytest.fixture
def fresh_database(request, django_db_setup, template_database, django_db_blocker):
    """A database of the test's own, whose commits nobody else sees. Gives its name."""
    if "db" in request.fixturenames or request.node.get_closest_marker("django_db"):
        pytest.fail("A test has either db (rolled back) or fresh_database (committed), not both.")
    name = f"{django_db_setup}_{next(numbers)}"
    clone(template_database, name)
    with django_db_blocker.unblock():
        point_at(name)
        yield name
        point_at(django_db_setup)
    drop(name)


@pytest.fixture
def transactional_db(fresh_database):
    """In place of pytest-django's, which would flush."""


@pytest.fixture
def live_server(fresh_database):
    """The portal served from a thread, on the test's own database."""
    server = LiveServer("localhost")
    yield server
    server.stop()


@pytest.fixture(autouse=True)
def source_language():
    """Texts made outside a page are in English, whatever language the page of the test before was in."""
    with override(None):
        yield


@pytest.fixture
def as_job():
    """`with as_job(): …` runs the block as the job role, which alone may write the records."""
    return partial(acting_as, "job")


@pytest.fixture(scope="session")
def browser():
    """Chromium. Without one the browser tests are skipped; in CI that is a failure."""
    executable = shutil.which("chromium")
    if not executable:
        (pytest.fail if os.environ.get("CI") else pytest.skip)("chromium is missing (Debian: apt install chromium)")
    # Playwright keeps an event loop in this thread, and Django takes that for an async caller.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    playwright = importlib.import_module("playwright.sync_api")
    with playwright.sync_playwright() as running:
        chromium = running.chromium.launch(executable_path=executable, args=CHROMIUM_OPTIONS)
        yield chromium
        chromium.close()


@pytest.fixture
def page(browser, live_server):
    """A new visitor's page, 1280 px wide; relative addresses lead to the live server."""
    context = browser.new_context(base_url=live_server.url, viewport={"width": 1280, "height": 800}, locale="zh-CN")
    yield context.new_page()
    context.close()
