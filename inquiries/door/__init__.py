"""The door: the only place that decides whether somebody may see a record, and the writer of the access log.

Every page that shows a record goes through one of the two decorators. In this order: the open inquiry of the session
is read and must still hold (role in force, visit open, not expired) and its capacity must open the page (scopes.py);
the log row is written and committed; then the page is made in a transaction that cannot write and carries the
inquiry's token, `portal.inquiry`.
No address names a person: a stranger's session can only ever show the stranger's own record.
"""

from .authority import OF_OPERATORS, SESSION_KEY, open_inquiry
from .deeds import deed_on, deed_on_books, of_open_inquiry, operators_deed_on_record
from .exports import exporting_deed
from .log import write_log
from .pages import on_books, on_list, on_record
from .reveal import revealing_deed
from .scopes import may_open, pages_of
from .staff import (
    deed_of_administrator,
    deed_of_operator,
    for_administrator,
    for_clerk,
    for_operator,
    for_phone_desk,
)
from .ways import writing

__all__ = [
    "OF_OPERATORS",
    "SESSION_KEY",
    "deed_of_administrator",
    "deed_of_operator",
    "deed_on",
    "deed_on_books",
    "exporting_deed",
    "for_administrator",
    "for_clerk",
    "for_operator",
    "for_phone_desk",
    "may_open",
    "of_open_inquiry",
    "on_books",
    "on_list",
    "on_record",
    "open_inquiry",
    "operators_deed_on_record",
    "pages_of",
    "revealing_deed",
    "write_log",
    "writing",
]
