"""One person's record as a file that she can take with her and check herself (docs/export.md, verify.py)."""

from .archive import PROGRAM, OutputExists, record_file, write_record
from .tables import record_of

__all__ = ["PROGRAM", "OutputExists", "record_file", "record_of", "write_record"]
