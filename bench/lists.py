"""One contribution file of the size that is wanted, out of the files of an invented population."""

import random
import re
from collections import Counter
from decimal import Decimal

from .process import Failed

EMPLOYERS_LISTS = re.compile(r"\d\d-\d{4}-employer_contributions-(\w+?)(_\d+)?\.csv")
MONEY = ("缴费基数", "单位缴费金额", "个人缴费金额", "滞纳金")
CONTROL, LINE = "合计", "行号"


class EmployersList:
    """Lines of employers' contribution lists of one agency, oldest year first; at most `most` of them."""

    def __init__(self, folder, most):
        self.header, self.lines = "", []
        for path in _of_largest_agency(folder):
            with path.open(encoding="utf-8-sig") as file:
                self.header, *lines = file.read().splitlines()
            self.lines += [line for line in lines if not line.startswith(CONTROL)]
            if len(self.lines) >= most:
                break
        del self.lines[most:]

    def write(self, path, most=None, seed=None):
        """A feed file of the first `most` lines, in another order if there is a seed."""
        lines = self.lines[:most]
        if seed is not None:
            random.Random(seed).shuffle(lines)
        return self._write(path, lines)

    def write_in_parts(self, folder, size):
        """The same lines in the same order as files of `size` lines each in a new folder; their paths."""
        folder.mkdir()
        starts = range(0, len(self.lines), size)
        return [self._write(folder / f"{start:09}.csv", self.lines[start : start + size]) for start in starts]

    def _write(self, path, lines):
        path.write_text("\r\n".join([self.header, *lines, self._control(lines), ""]), encoding="utf-8")
        return path

    def _control(self, lines):
        titles = self.header.split(",")
        cells = dict.fromkeys(titles, "") | {titles[0]: CONTROL, LINE: str(len(lines))}
        for place, title in enumerate(titles):
            if title in MONEY:
                cells[title] = str(sum((Decimal(line.split(",")[place]) for line in lines), Decimal("0.00")))
        return ",".join(cells[title] for title in titles)


def _of_largest_agency(folder):
    found = [(path, EMPLOYERS_LISTS.fullmatch(path.name)) for path in sorted(folder.iterdir())]
    sizes = Counter()
    for path, match in found:
        if match:
            sizes[match[1]] += path.stat().st_size
    if not sizes:
        raise Failed("make_feed wrote no employers' contribution lists.")
    largest = max(sizes, key=sizes.get)
    return [path for path, match in found if match and match[1] == largest]
