"""The child process that reads a workbook: `python sheet_child.py PATH`. It may be killed; nothing depends on it.

It writes JSON lines: one list per row from the sheet's first row on, then END; or {"damaged": true} alone. Text stays
text, a number a number; a date or any other value becomes {"other": its type}.
"""

import json
import sys

MEMORY_BYTES = 300 << 20
CPU_SECONDS = 10
END = {"end": True}
DAMAGED = {"damaged": True}


def limit():
    """Bound this process's memory and time; a platform without these limits still has the check before."""
    try:
        import resource  # noqa: PLC0415 - Unix only; imported here so that the portal can read END anywhere.
    except ImportError:
        return
    for which, most in (("RLIMIT_AS", MEMORY_BYTES), ("RLIMIT_CPU", CPU_SECONDS), ("RLIMIT_CORE", 0)):
        if hasattr(resource, which):
            resource.setrlimit(getattr(resource, which), (most, most))


def as_json(value):
    return value if isinstance(value, str | int | float) else {"other": type(value).__name__}


def main(path):
    limit()
    from python_calamine import CalamineError, CalamineWorkbook  # noqa: PLC0415 - only under the limits.

    def say(value):
        sys.stdout.write(json.dumps(value, ensure_ascii=False) + "\n")

    sys.stdout.reconfigure(encoding="utf-8", newline="\n")
    try:
        sheet = CalamineWorkbook.from_path(path).get_sheet_by_index(0)
    except (CalamineError, ValueError, OSError):
        say(DAMAGED)
        return
    for row in sheet.iter_rows():
        say([as_json(cell) for cell in row])
    say(END)


if __name__ == "__main__":
    main(sys.argv[1])
