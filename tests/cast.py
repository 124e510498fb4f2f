"""The cast of the tests: a handful of people with known records, brought in by the real feed (cast_feed.py).

Months are counted back from the present one, so that "due", "late" and "complete to" mean today what they mean on the
day the tests run. `CAST.wang.number` signs in with `PASSWORD`. Nobody's values occur in anybody else's record.
"""

import csv
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path

from stdnum.cn import uscc
from stdnum.iso7064 import mod_11_2

from registry.months import add_months, month_of

PASSWORD = "a quiet walk by the river"
TODAY = date.today()
NOW = month_of(TODAY)
LAST = add_months(NOW, -1)  # the last month paid
COMPLETE_TO = LAST
BASE, STRANGER_BASE = Decimal("8000.00"), Decimal("9150.00")

BEIJING, SHANGHAI, HANGZHOU = "110000", "310000", "330100"
SOCIAL, MEDICAL, TAX = "SI", "MI", "TX"


def citizen_number(birth, sequence):
    """An identity number that no card carries: area code 99, right check character."""
    first = f"990101{birth:%Y%m%d}{sequence:03d}"
    return first + mod_11_2.calc_check_digit(first)


def credit_code(sequence):
    first = f"91990000MA{sequence:07d}"
    return first + uscc.calc_check_digit(first)


@dataclass(frozen=True)
class Member:
    """One person of the cast."""

    name: str
    sequence: int
    birth: date = date(1984, 3, 7)
    sex: str = "女"
    what: str = ""

    @property
    def number(self):
        return citizen_number(self.birth, self.sequence)

    @property
    def p(self):
        """The three person columns of the feed."""
        return [self.name, "居民身份证", self.number]


@dataclass(frozen=True)
class Cast:
    wang: Member = Member("王小明", 101, what="employee of Harbour in Beijing, three months paid, one refunded")
    li: Member = Member("李建国", 102, date(1979, 11, 2), "男", what="stranger: employee of Stranger Works")
    zhao: Member = Member("赵灵活", 103, what="Z2: flexible worker on the pool-only tariff")
    qian: Member = Member("钱居民", 104, date(1961, 5, 6), what="Z2: resident medical; resident pension with subsidy")
    sun: Member = Member("孙未登记", 105, what="Z3: registered nowhere")
    zhou: Member = Member("周新来", 106, what="Z4: registered this month, nothing booked yet")
    wu: Member = Member("吴欠缴", 107, what="Z5: two months in arrears from the start")
    zheng: Member = Member("郑数据", 108, what="Z9: in Hangzhou, whose source is old")
    feng: Member = Member("冯退休", 109, date(1960, 2, 3), what="retired, pension paid from account and pool")
    chen: Member = Member("陈转入", 110, what="transferred in from elsewhere, account taken over")
    chu: Member = Member("褚补缴", 111, what="one month paid back late with a late fee; left Harbour afterwards")
    wei: Member = Member("卫䶮·𠮷", 112, what="a name with rare characters")
    agent: Member = Member("蒋经办", 201, what="agent of Harbour")
    double_agent: Member = Member("沈双岗", 202, what="agent of Harbour and of Stranger Works")


CAST = Cast()
HARBOUR, STRANGER_WORKS = credit_code(1), credit_code(2)
CLERK, OPERATOR, SHANGHAI_CLERK = "C1001", "O1001", "C3101"
SECOND_OPERATOR, AUDITOR = "O1002", "A1001"
SYSTEM_ADMINISTRATOR, SECURITY_ADMINISTRATOR = "X1001", "S1001"


def ym(month):
    return f"{month:%Y%m}"


def months_ago(count):
    return add_months(NOW, -count)


@dataclass
class Folder:
    """A folder of feed files in the making."""

    path: Path
    files: list = field(default_factory=list)

    def write(self, name, header, rows, money=()):
        """One CSV file; where money columns are named, the control row is added."""
        columns = header.split(",")
        rows = [[str(cell) for cell in row] for row in rows]
        path = self.path / f"{len(self.files) + 1:02d}-{name}.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            out = csv.writer(file)
            out.writerow(columns)
            out.writerows(rows)
            if money:
                out.writerow(self._control(columns, rows, money))
        self.files.append(path)

    @staticmethod
    def _control(columns, rows, money):
        control = dict.fromkeys(columns, "")
        control[columns[0]], control["行号"] = "合计", str(len(rows))
        for name in money:
            index = columns.index(name)
            control[name] = str(sum((Decimal(row[index]) for row in rows), Decimal("0.00")))
        return [control[name] for name in columns]
