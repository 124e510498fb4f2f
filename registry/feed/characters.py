"""Characters that no cell may hold: what cannot be seen, what turns text around, what means something else elsewhere.

A control character can break a terminal or a spreadsheet, a format character (U+202E, U+200B) or an odd blank can make
one name look like another, a private-use character shows as a different sign on every machine. All of Han is allowed,
the rarest extensions too (GB 18030-2022 level 3).
"""

import re
import unicodedata
from functools import lru_cache

# What nearly every character of a feed file is; only the others are looked at one by one.
UNUSUAL = re.compile("[^ -~\n一-鿿㐀-䶿·（），。、：；—]")
REFUSED_CATEGORIES = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp", "Zs"}
BLANKS = " \u3000"
# Blank by definition though their category says letter or mark (Unicode's Default_Ignorable_Code_Point).
BLANK = re.compile("[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]")
REPLACEMENT = "\ufffd"
# Han that Python's own tables may not know yet (extensions H, I and J).
NEW_HAN = re.compile("[\U00031350-\U000323af\U0002ebf0-\U0002ee5f\U000323b0-\U0003347f]")


@lru_cache(maxsize=4096)
def is_refused(character):
    """Whether this one character may not stand in a cell."""
    if NEW_HAN.match(character) or character in BLANKS:
        return False
    if character == REPLACEMENT or BLANK.match(character):
        return True
    return unicodedata.category(character) in REFUSED_CATEGORIES


def refused_characters(text):
    """Positions in `text` of the characters that are refused."""
    return [match.start() for match in UNUSUAL.finditer(text) if is_refused(match.group())]


def place(character):
    """How a report names a character that it cannot print: U+202E."""
    return f"U+{ord(character):04X}"


def printable(text, length=80):
    """`text` for a terminal or a report: refused characters by their place, cut at `length`."""
    shown = "".join(f"<{place(c)}>" if c == "\n" or is_refused(c) else c for c in text[:length])
    return shown if len(text) <= length else shown + "…"
