"""The door: the only place that decides whether somebody may see a record, and the writer of the access log.

Every page that shows a record goes through one of the two decorators. In this order: the open inquiry of the session
is read and must still hold (role in force, visit open, not expired); the log row is written and committed; then the
page is made in a transaction that cannot write and carries the inquiry's id, `portal.inquiry`.
No address names a person: a stranger's session can only ever show the stranger's own record.
"""

from .authority import SESSION_KEY, open_inquiry
from .deeds import deed_of_inquiry, deed_on_books, of_open_inquiry, operators_deed_on_record
from .log import write_log
from .pages import on_books, on_list, on_record
from .staff import deed_of_operator, for_clerk, for_operator

__all__ = [
    "SESSION_KEY",
    "deed_of_inquiry",
    "deed_of_operator",
    "deed_on_books",
    "for_clerk",
    "for_operator",
    "of_open_inquiry",
    "on_books",
    "on_list",
    "on_record",
    "open_inquiry",
    "operators_deed_on_record",
    "write_log",
]
