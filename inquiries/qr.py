"""A QR code as the path of an SVG: no picture file, no foreign host, no inline style."""

from dataclasses import dataclass

import segno

QUIET = 4


@dataclass(frozen=True)
class QrPicture:
    """`size`: side of the square in modules, quiet zone included. `path`: one horizontal stroke for each dark run."""

    size: int
    path: str

    @classmethod
    def of(cls, text):
        code = segno.make(text, error="m", micro=False)
        runs = []
        for y, row in enumerate(code.matrix):
            x = 0
            while x < len(row):
                length = next((i for i, dark in enumerate(row[x:]) if not dark), len(row) - x)
                if length:
                    runs.append(f"M{x + QUIET} {y + QUIET}h{length}v1h-{length}z")
                x += length or 1
        return cls(len(code.matrix) + 2 * QUIET, "".join(runs))
