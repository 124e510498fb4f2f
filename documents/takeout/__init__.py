"""One person's record as a file that she can take with her and check herself (docs/export.md, verify.py)."""

from .archive import OutputExists, write_record
from .tables import record_of

__all__ = ["OutputExists", "record_of", "write_record"]
