"""First letters of a Chinese name's pinyin, without a dictionary.

The 3,755 characters of level 1 of GB 2312 stand in the order of their pinyin, so each letter has a first character.
Rarer characters and second readings are left out: for refusing a password made of one's initials that is enough.
"""

from bisect import bisect_right

FIRSTS = "啊芭擦搭蛾发噶哈击喀垃妈拿哦啪期然撒塌挖昔压匝"
LETTERS = "abcdefghjklmnopqrstwxyz"
BEGINNINGS = [character.encode("gb2312") for character in FIRSTS]
LAST = "座".encode("gb2312")


def initials_of(name):
    """王小明 → "wxm"; "" where one of the characters is not in level 1."""
    letters = []
    for character in name:
        try:
            code = character.encode("gb2312")
        except UnicodeEncodeError:
            return ""
        if not BEGINNINGS[0] <= code <= LAST:
            return ""
        letters.append(LETTERS[bisect_right(BEGINNINGS, code) - 1])
    return "".join(letters)
