"""Damaged, hostile or simply wrong workbooks: [(name, function that makes the bytes, complaint, row, column)]."""

import datetime
import io
import struct
import zipfile
import zlib

import xlsxwriter

HEADER = ["区划代码", "区划名称", "上级区划代码", "是否统筹区"]
ROW = ["990000", "示例省", "", "否"]
TYPES = (
    '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Override PartName="/xl/workbook.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>'
)
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
ROOT = (
    '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    f'<Relationship Id="rId1" Type="{RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
)
BOOK = (
    '<?xml version="1.0"?><workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
    f'xmlns:r="{RELATIONS}"><sheets><sheet name="S" sheetId="1" r:id="rId1"/></sheets></workbook>'
)
BOOK_RELATIONS = ROOT.replace('officeDocument"', 'worksheet"').replace("xl/workbook.xml", "worksheets/sheet1.xml")
MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
SHEET_START = f'<?xml version="1.0" encoding="UTF-8"?><worksheet {MAIN}><sheetData>'
SHEET_END = "</sheetData></worksheet>"


def book(*rows, header=HEADER):
    """A workbook of real cells: text as text, numbers and dates as what they are."""
    out = io.BytesIO()
    workbook = xlsxwriter.Workbook(out, {"in_memory": True})
    sheet = workbook.add_worksheet()
    day = workbook.add_format({"num_format": "yyyy-mm-dd"})
    for number, row in enumerate([header, *rows]):
        for column, cell in enumerate(row):
            if isinstance(cell, datetime.date):
                sheet.write_datetime(number, column, cell, day)
            elif isinstance(cell, str) and not cell.startswith("="):
                sheet.write_string(number, column, cell)
            else:
                sheet.write(number, column, cell)
    workbook.close()
    return out.getvalue()


def archive(parts, compression=zipfile.ZIP_DEFLATED):
    """A zip file of [(name, bytes, or an iterable of bytes)]."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compression) as zipped:
        for name, content in parts:
            with zipped.open(name, "w", force_zip64=True) as part:
                for piece in [content.encode()] if isinstance(content, str) else content:
                    part.write(piece)
    return out.getvalue()


def parts(sheet, extra=()):
    """The least parts of a workbook around the XML of its sheet."""
    return [
        ("[Content_Types].xml", TYPES),
        ("_rels/.rels", ROOT),
        ("xl/workbook.xml", BOOK),
        ("xl/_rels/workbook.xml.rels", BOOK_RELATIONS),
        ("xl/worksheets/sheet1.xml", sheet),
        *extra,
    ]


def text_cell(place, text):
    return f'<c r="{place}" t="inlineStr"><is><t>{text}</t></is></c>'


def cells(*rows):
    """Sheet XML of rows [(place, text) …]."""
    body = "".join("<row>" + "".join(text_cell(*cell) for cell in row) + "</row>" for row in rows)
    return SHEET_START + body + SHEET_END


def right_header():
    return list(zip(("A1", "B1", "C1", "D1"), HEADER, strict=True))


def _repeated(start, piece, count, end):
    block = piece.encode() * 1000
    yield start.encode()
    for _round in range(count // 1000):
        yield block
    yield end.encode()


def many_empty_rows():
    return archive(parts(_repeated(SHEET_START, "<row></row>", 3_000_000, SHEET_END)))


def many_cells():
    return archive(parts(_repeated(SHEET_START + "<row>", '<c t="n"><v>1</v></c>', 2_600_000, "</row>" + SHEET_END)))


def many_zeros():
    return archive(parts(_repeated(SHEET_START, "<!--" + "0" * 992 + "-->", 600_000, SHEET_END)))


def much_text():
    start = SHEET_START + '<row><c r="A1" t="inlineStr"><is><t>'
    return archive(parts(_repeated(start, "长" * 300, 150_000, "</t></is></c></row>" + SHEET_END)))


def many_strings():
    shared = _repeated(f"<sst {MAIN}>", "<si><t>" + "示例" * 20 + "</t></si>", 1_500_000, "</sst>")
    return archive(parts(cells(right_header()), [("xl/sharedStrings.xml", shared)]))


def far_cell():
    return archive(parts(cells([("A1", "x")], [("XFD1048576", "y")])))


def far_cell_first():
    """The far cell is hidden between near ones, and no dimension is given."""
    row = [("A1", "x"), ("XFD1048576", "y"), *((f"A{n}", "z") for n in range(2, 60))]
    return archive(parts(cells(row)))


def far_dimension():
    sheet = cells(right_header()).replace("<sheetData>", '<dimension ref="A1:XFD1048576"/><sheetData>')
    return archive(parts(sheet))


def laughs():
    entities = '<!DOCTYPE l [<!ENTITY a "ha">' + "".join(
        f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9)
    )
    sheet = cells([("A1", "&j;")]).replace("<worksheet", entities + "]><worksheet")
    return archive(parts(sheet))


def outside_entity():
    sheet = cells([("A1", "&x;")]).replace(
        "<worksheet", '<!DOCTYPE l [<!ENTITY x SYSTEM "file:///etc/hostname">]><worksheet'
    )
    return archive(parts(sheet))


def slip():
    return archive([*parts(cells(right_header())), ("../../outside.xml", "<x/>")])


def absolute():
    return archive([*parts(cells(right_header())), ("/etc/outside.xml", "<x/>")])


def twice():
    out = io.BytesIO(archive(parts(cells(right_header()))))
    with zipfile.ZipFile(out, "a") as zipped:
        zipped.filelist[-1].filename = "other"
        zipped.NameToInfo.clear()
        zipped.writestr("xl/workbook.xml", BOOK)
        zipped.filelist[-2].filename = "xl/worksheets/sheet1.xml"
    return out.getvalue()


def many_entries():
    return archive([*parts(cells(right_header())), *((f"xl/media/{n}.bin", "x") for n in range(600))])


def large_directory():
    """An end record that announces a directory of two gigabytes."""
    data = archive(parts(cells(right_header())))
    at = data.rfind(b"PK\x05\x06")
    return data[: at + 12] + struct.pack("<L", 2_000_000_000) + data[at + 16 :]


def locked():
    data = bytearray(archive(parts(cells(right_header()))))
    at = data.find(b"PK\x01\x02")
    while at >= 0:
        data[at + 8] |= 1
        at = data.find(b"PK\x01\x02", at + 4)
    return bytes(data)


def wrong_checksum():
    sheet = cells(right_header(), list(zip(("A2", "B2", "D2"), (ROW[0], ROW[1], ROW[3]), strict=True)))
    data = archive(parts(sheet), zipfile.ZIP_STORED)
    return data.replace("示例省".encode(), "示例市".encode())


def lying_size():
    """An entry that declares 100 bytes and unpacks to 300 megabytes."""
    body = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = b"".join(body.compress(bytes(1 << 20)) for _round in range(300)) + body.flush()
    data = archive(parts("x" * 100), zipfile.ZIP_STORED)
    name = b"xl/worksheets/sheet1.xml"
    at = data.find(name) - 30
    head = bytearray(data[at : at + 30 + len(name)])
    head[8:10] = struct.pack("<H", 8)
    head[18:22] = struct.pack("<L", len(packed))
    head[28:30] = struct.pack("<H", 0)
    entry = data.find(b"PK\x01\x02", data.rfind(name) - 60)
    directory = bytearray(data[data.find(b"PK\x01\x02") :])
    offset = entry - data.find(b"PK\x01\x02")
    directory[offset + 10 : offset + 12] = struct.pack("<H", 8)
    directory[offset + 20 : offset + 24] = struct.pack("<L", len(packed))
    end = directory.rfind(b"PK\x05\x06")
    directory[end + 16 : end + 20] = struct.pack("<L", at + len(head) + len(packed))
    return data[:at] + bytes(head) + packed + bytes(directory)


def in_other_letters():
    sheet = cells(right_header()).replace("UTF-8", "UTF-16").encode("utf-16")
    return archive(parts([sheet]))


def not_closed():
    return archive(parts(cells(right_header())[:-30]))


def lone_surrogate():
    return archive(parts(cells(right_header(), [("A2", "990000"), ("B2", "&#xD800;"), ("D2", "否")])))


def one_row(*row):
    return lambda: book(row)


TOO_LARGE = "this workbook is too large"
DAMAGED = "this workbook is damaged"
DECLARES = "this workbook holds declarations that no Excel writes"
FIGURE = "turned this number into a figure"
TEXT = "the cell must be text"
WORKBOOK_CASES = [
    ("xlsx: text", lambda: b"PK\x03\x04 and no more", DAMAGED),
    ("xlsx: not a zip", lambda: ",".join(HEADER).encode(), "the content does not fit the ending"),
    ("xlsx: cut in the middle", lambda: book(ROW)[:3000], DAMAGED),
    ("xlsx: end missing", lambda: book(ROW)[:-30], DAMAGED),
    ("xlsx: old format", lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(4096), "an old or locked Excel workbook"),
    ("xlsx: locked", locked, "an old or locked Excel workbook"),
    ("xlsx: another zip", lambda: archive([("a.txt", "x")]), "this is not an Excel workbook"),
    ("xlsx: sheet missing", lambda: archive(parts("x")[:-1]), "this is not an Excel workbook"),
    ("xlsx: far cell", far_cell, TOO_LARGE),
    ("xlsx: hidden far cell", far_cell_first, TOO_LARGE),
    ("xlsx: far dimension", far_dimension, TOO_LARGE),
    ("xlsx: many cells", many_cells, TOO_LARGE),
    ("xlsx: many empty rows", many_empty_rows, TOO_LARGE),
    ("xlsx: 600 MB of nothing", many_zeros, TOO_LARGE),
    ("xlsx: 135 MB in one cell", much_text, TOO_LARGE),
    ("xlsx: a million strings", many_strings, TOO_LARGE),
    ("xlsx: lying size", lying_size, DAMAGED),
    ("xlsx: large directory", large_directory, TOO_LARGE),
    ("xlsx: many entries", many_entries, TOO_LARGE),
    ("xlsx: a billion laughs", laughs, DECLARES),
    ("xlsx: entity from outside", outside_entity, DECLARES),
    ("xlsx: utf-16 parts", in_other_letters, DECLARES),
    ("xlsx: path upwards", slip, DAMAGED),
    ("xlsx: absolute path", absolute, DAMAGED),
    ("xlsx: part twice", twice, DAMAGED),
    ("xlsx: wrong checksum", wrong_checksum, DAMAGED),
    ("xlsx: xml not closed", not_closed, DAMAGED),
    ("xlsx: lone surrogate", lone_surrogate, DAMAGED),
    ("xlsx: empty sheet", lambda: archive(parts(SHEET_START + SHEET_END)), "must hold the column headers", 1),
    ("xlsx: header of numbers", lambda: book(ROW, header=[1, 2, 3, 4]), "the column headers must be text", 1),
    ("xlsx: code as a number", one_row(990000, "示例省", "", "否"), FIGURE, 2, "区划代码"),
    ("xlsx: name as a date", one_row("990000", datetime.date(2026, 1, 2), "", "否"), TEXT, 2, "区划名称"),
    ("xlsx: name as yes or no", one_row("990000", True, "", "否"), TEXT, 2, "区划名称"),
    ("xlsx: formula", one_row("990000", "=1+1", "", "否"), "the cells must hold values, not formulas"),
    (
        "xlsx: hidden sign",
        one_row("990000", "示\u202e例", "", "否"),
        "the character U+202E is not allowed",
        2,
        "区划名称",
    ),
    ("xlsx: cell outside the table", one_row(*ROW, "", "x"), "cells, the header has 4", 2),
]
