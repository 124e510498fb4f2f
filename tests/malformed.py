"""Feed files that are damaged, hostile or simply wrong, each with the complaint it must meet.

`python -m tests.malformed DIR` writes them all into a folder, to be tried on another loader. They are made for the
database of the cast (tests/cast.py); what is wrong in each is the only thing wrong.
"""

import sys
from pathlib import Path

from . import malformed_movements
from .malformed_rows import MAKERS, NEWCOMER, PERSON, Case, one_person, person, table
from .malformed_workbooks import WORKBOOK_CASES


def _encodings():
    good = one_person()
    header = PERSON.encode()
    neither = "This file is neither UTF-8 nor GB18030"
    damaged = "the file is damaged from here on"
    yield Case("empty", b"", "the file is empty")
    yield Case("only a mark", b"\xef\xbb\xbf", "the first line must hold the column headers", 1)
    yield Case("only line ends", b"\r\n\r\n\r\n", "the first line must hold the column headers", 1)
    yield Case("random bytes", bytes(range(128, 256)) * 40, neither)
    yield Case("zeros", bytes(5000), "the character U+0000 is not allowed here", 1)
    yield Case("utf-16 with mark", one_person().decode().encode("utf-16"), neither)
    yield Case("utf-16 big end first", one_person().decode().encode("utf-16-be"), neither)
    yield Case("utf-16 without mark", one_person().decode().encode("utf-16-le"), neither)
    yield Case("latin-1", "naïve,façade\n1,2\n".encode("latin-1"), "belong to no kind", 1)
    yield Case("utf-8 damaged", good.replace("和平路".encode(), b"\xe5\x92\xff\xe8\xb7\xaf"), damaged, 2)
    yield Case("utf-8 cut", good.rstrip()[:-1] + "路".encode()[:2], damaged, 2)
    yield Case("utf-8 overlong", good.replace(b"13800000777", b"\xc0\xaf"), damaged, 2)
    yield Case("utf-8 surrogate", good.replace(b"13800000777", b"\xed\xa0\x80"), damaged, 2)
    yield Case("utf-8 beyond unicode", good.replace(b"13800000777", b"\xf4\x90\x80\x80"), damaged, 2)
    gb = one_person().decode().encode("gb18030")
    yield Case("gb18030 damaged", gb.replace(b"13800000777", b"\xff\xff"), damaged, 2)
    yield Case("gb18030 cut", gb.rstrip() + "路".encode("gb18030")[:1], damaged, 2)
    yield Case("utf-8 then gb18030", header + b"\n" + ",".join(NEWCOMER).encode("gb18030"), damaged, 2)
    yield Case(
        "gb18030 private use",
        table(PERSON, NEWCOMER, encoding="gb18030").replace(b"13800000777", b"\xfe\x59"),
        "the character U+E81E is not allowed here",
        2,
        "手机号",
    )
    yield Case("endless line", header + b"\n" + b"9" * 3_000_000, "this line is longer than 20000 characters", 2)
    yield Case("endless header", "姓名".encode() * 100_000, "this line is longer than 20000 characters", 1)
    yield Case("long line", one_person(联系地址="路" * 30_000), "this line is longer than 20000 characters", 2)
    yield Case("old line ends", good.replace(b"\r\n", b"\r"), "the character U+000D is not allowed here", 1)


CHARACTERS = {
    "null": "\0", "bell": "\a", "tab": "\t", "vertical tab": "\v", "form feed": "\f", "return": "\r",
    "escape": "\x1b", "delete": "\x7f", "next line": "\x85", "line separator": "\u2028",
    "paragraph separator": "\u2029", "right-to-left override": "\u202e", "left-to-right embedding": "\u202a",
    "isolate": "\u2066", "zero width space": "\u200b", "zero width joiner": "\u200d", "soft hyphen": "\u00ad",
    "word joiner": "\u2060", "byte order mark": "\ufeff", "arabic letter mark": "\u061c", "private use": "\ue000",
    "private use plane": "\U000f0000", "replacement": "\ufffd", "no character": "\ufffe", "hangul filler": "\u3164",
    "variation selector": "\ufe0f", "ideographic variation": "\U000e0100", "tag": "\U000e0041",
    "combining joiner": "\u034f", "no-break space": "\u00a0", "thin space": "\u2009", "unassigned": "\u0378",
}  # fmt: skip


def _characters():
    for name, character in CHARACTERS.items():
        expected = f"the character U+{ord(character):04X} is not allowed here"
        line = ",".join(person(姓名=f"新{character}人"))
        data = f"{PERSON}\r\n{line}\r\n".encode()
        yield Case(f"character {name}", data, expected, 2, "姓名")
    yield Case(
        "header with a hidden sign",
        one_person().replace("性别".encode(), "性\u200b别".encode()),
        "the character U+200B is not allowed here",
        1,
    )


def _structure():
    good = one_person()
    line = ",".join(NEWCOMER)
    quote = "a quotation mark is not closed"
    yield Case("open quote", f"{PERSON}\n{line.replace('汉族', chr(34) + '汉族')}\n{line}\n".encode(), quote, 2)
    yield Case("quote inside a cell", f'{PERSON}\n{line}"x,"\n'.encode(), "a day such as", 2, "死亡日期")
    yield Case("line break in a cell", one_person(联系地址="和平\n路"), quote, 2)
    yield Case(
        "text after a quote", f"{PERSON}\n{line.replace('汉族', chr(34) + '汉' + chr(34) + '族')}\n".encode(), quote, 2
    )
    yield Case("open quote in the header", b'"' + good, quote, 1)
    yield Case("semicolons", good.replace(b",", b";"), "these column headers belong to no kind", 1)
    yield Case("tabs", good.replace(b",", b"\t"), "the character U+0009 is not allowed here", 1)
    yield Case("cell missing", table(PERSON, NEWCOMER[:-1]), "this line has 10 cells, the header has 11", 2)
    yield Case("cell too many", table(PERSON, [*NEWCOMER, "x"]), "this line has 12 cells, the header has 11", 2)
    yield Case("cell without header", table(PERSON + ",", [*NEWCOMER, "x"]), "this line has 12 cells", 2)
    yield Case("header twice", table(PERSON + ",姓名", [*NEWCOMER, "x"]), "these headers stand there twice: 姓名", 1)
    yield Case("header missing", table(PERSON.replace(",性别", ""), NEWCOMER[:3] + NEWCOMER[4:]), "missing 性别", 1)
    yield Case("header too many", table(PERSON + ",备注2", [*NEWCOMER, "x"]), "too many 备注2", 1)
    yield Case("header empty", table(PERSON.replace("性别", ""), NEWCOMER), "column 4 has no header", 1)
    yield Case("header in part", table(f"{PERSON},曾用证件类型", [*NEWCOMER, ""]), "missing 曾用证件号码", 1)
    yield Case("header below", b"\n" + good, "the first line must hold the column headers", 1)
    yield Case("no header", table(line), "these column headers belong to no kind", 1)
    yield Case("two kinds at once", table(f"{PERSON},卡号", [*NEWCOMER, "x"]), "too many 卡号", 1)
    yield Case("many columns", ",".join(f"列{n}" for n in range(70)).encode(), "at most 60 columns", 1)
    yield Case("text named as a workbook", good, "the content does not fit the ending", ending=".xlsx")
    yield Case("other ending", good, "a feed file's name ends in .csv or .xlsx", ending=".txt")


ALL_MAKERS = (_encodings, _characters, _structure, *MAKERS, *malformed_movements.MAKERS)
CASES = [case for maker in ALL_MAKERS for case in maker()]
CASES += [Case(name, make, expected, *where, ending=".xlsx") for name, make, expected, *where in WORKBOOK_CASES]


def write(folder):
    """Write every file, and a list of what each must be told."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "expected.txt").open("w", encoding="utf-8") as listing:
        for number, case in enumerate(CASES, 1):
            path = folder / f"{number:03d}{case.ending}"
            path.write_bytes(case.data)
            listing.write(f"{path.name}\t{case.name}\t{case.row or ''}\t{case.column}\t{case.expected}\n")


if __name__ == "__main__":
    write(Path(sys.argv[1]))
