"""A page of a test runs as the web role, from its first statement to the last byte of its answer."""

import threading
from contextlib import contextmanager

from django.db import connection
from django.db.backends.signals import connection_created

from registry.roles import DATABASE_ROLES

# In a test's own transaction the setting of the page before would still stand; in production it ended with that page.
BEFORE = "SELECT current_setting('role'), set_config('portal.inquiry', '', true), set_config('role', %s, false)"
AFTER = "SELECT set_config('role', %s, false)"
page = threading.local()


class AsWebRole:
    """Outermost middleware of the tests. Its statements go past Django, whose queries tests count."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        with as_web_role():
            answer = self.get_response(request)
        if answer.streaming:
            answer.streaming_content = _each_as_web_role(answer.streaming_content)
        return answer


@contextmanager
def as_web_role():
    """The block's statements on the default connection are the web role's, also where it connects anew."""
    connected = connection.connection is not None and not connection.connection.closed
    before = _say(BEFORE, DATABASE_ROLES["web"]) if connected else None
    page.is_open = True
    try:
        yield
    finally:
        page.is_open = False
        if connection.connection is not None and not connection.connection.closed and not connection.needs_rollback:
            _say(AFTER, before) if connected else connection.connection.execute("RESET ROLE")


def _say(statement, role):
    return connection.connection.execute(statement, [role]).fetchone()[0]


def _connected(connection, **_about):
    if getattr(page, "is_open", False):
        connection.connection.execute(AFTER, [DATABASE_ROLES["web"]])


connection_created.connect(_connected)


def _each_as_web_role(pieces):
    pieces = iter(pieces)
    while True:
        with as_web_role():
            piece = next(pieces, None)
        if piece is None:
            return
        yield piece
