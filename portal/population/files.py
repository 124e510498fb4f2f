"""The feed's files: their headers, control rows, names and formats, written as a stream."""

import datetime
from typing import NamedTuple

import xlsxwriter

from .law import fen, yuan

PERSON = ("姓名", "证件类型", "证件号码")
LINES_PER_FILE = 1_000_000  # A worksheet holds 1,048,576 rows.
CREATED = datetime.datetime(2000, 1, 1)  # A workbook's own date: fixed, so that equal data give equal bytes.


class Kind(NamedTuple):
    """A kind of file. `order`: its place in the load order. `money`: the columns that its control row sums."""

    order: int
    name: str
    headers: tuple
    money: tuple = ()


_KINDS = (
    (1, "areas", "区划代码 区划名称 上级区划代码 是否统筹区"),
    (2, "agencies", "机构编码 机构名称 机构类别 区划代码 电话 地址"),
    (3, "employers", "统一社会信用代码 单位名称 区划代码 机构编码 单位编号 工伤风险类别 地址 登记日期 注销日期"),
    (4, "persons", "P 性别 出生日期 民族 户籍性质 户籍地 手机号 联系地址 死亡日期 曾用证件类型 曾用证件号码"),
    (
        *(5, "cards"),
        "P 发卡区划代码 卡号 发卡日期 社保功能状态 社保功能激活日期 "
        "合作银行 银行账号后四位 银行账户状态 银行账户激活日期",
    ),
    (6, "employment", "P 机构编码 单位编号 入职日期 离职日期 岗位 申报来源 增员申报日期 减员申报日期"),
    (
        7,
        "enrolments",
        "P 个人编号 险种 区划代码 机构编码 人员类别 参保状态 状态起始年月 首次参保日期 登记日期 单位编号",
    ),
    (8, "events", "P 险种 区划代码 变动编号 变动类型 生效年月 办理日期 来源 机构编码 单位编号 对方统筹区 凭证号"),
    (9, "skills", "P 证书编号 职业 等级 发证机构 发证日期"),
    (10, "unemployment", "P 登记编号 区划代码 登记日期 终止日期 失业原因 核定月数 已领月数"),
    (11, "injuries", "P 认定书编号 机构编码 单位编号 受伤日期 认定日期 伤残等级 护理等级"),
    (12, "diseases", "P 诊断编号 病名 诊断日期 诊断机构"),
    (13, "disabilities", "P 残疾证号 残疾类别 残疾等级 发证日期"),
    (
        *(14, "openings", "业务流水号 行号 P 险种 区划代码 记账年月 类型 个人账户金额 统筹转入金额 来源说明"),
        "个人账户金额 统筹转入金额",
    ),
    (
        *(15, "assessments"),
        "核定单号 行号 机构编码 单位编号 P 险种 区划代码 人员类别 费款所属期 "
        "申报工资 缴费基数 单位应缴 个人应缴 缴费期限",
        "申报工资 缴费基数 单位应缴 个人应缴",
    ),
    (
        *(16, "employer_contributions"),
        "征集流水号 行号 机构编码 单位编号 P 险种 区划代码 人员类别 对应费款所属期 记账年月 缴费类型 "
        "缴费基数 单位缴费金额 个人缴费金额 滞纳金 到账日期",
        "缴费基数 单位缴费金额 个人缴费金额 滞纳金",
    ),
    (
        *(16, "personal_contributions"),
        "征集流水号 行号 机构编码 P 险种 区划代码 人员类别 对应费款所属期 记账年月 缴费类型 "
        "缴费基数 个人缴费金额 滞纳金 到账日期 原参保地",
        "缴费基数 个人缴费金额 滞纳金",
    ),
    (
        *(16, "subsidies", "拨付单号 行号 机构编码 P 险种 区划代码 对应费款所属期 记账年月 补贴级次 补贴金额 到账日期"),
        "补贴金额",
    ),
    (
        *(17, "benefits"),
        "支付单号 行号 机构编码 P 险种 区划代码 待遇类型 待遇所属期 记账年月 统筹基金支付 个人账户支付 支付日期 "
        "银行账号后四位 支付状态 决定书编号",
        "统筹基金支付 个人账户支付",
    ),
    (
        *(18, "account_movements"),
        "业务流水号 行号 机构编码 P 险种 区划代码 账户变动类型 变动所属期 记账年月 "
        "变动金额 统筹基金转出金额 变动原因 文件编号",
        "变动金额 统筹基金转出金额",
    ),
    (
        *(19, "spending"),
        "业务流水号 行号 机构编码 P 险种 区划代码 结算编号 结算日期 记账年月 医药机构名称 就诊类型 与账户持有人关系 "
        "费用总额 统筹基金支付 个人账户支付 个人自付",
        "费用总额 统筹基金支付 个人账户支付 个人自付",
    ),
    (
        *(20, "transfers"),
        "申请编号 机构编码 P 险种 区划代码 转移方向 对方统筹区 办理状态 办理日期 个人账户金额 统筹基金金额 原因",
    ),
    (
        *(21, "closures"),
        "业务流水号 行号 机构编码 P 险种 区划代码 终结原因 终结年月 记账年月 领取人关系 文件编号 支付金额 说明",
        "支付金额",
    ),
    (22, "staff", "工号 姓名 角色 机构编码 办公地点 任职日期 离任日期"),
    (23, "agents", "P 机构编码 单位编号 授权起始日 授权终止日 介绍信编号"),
    (24, "halls", "大厅编码 大厅名称 区划代码 区县 地址 办公时间 电话 业务范围"),
    (25, "providers", "定点编码 名称 类别 区划代码 区县 地址 电话 起始日期 终止日期"),
    (26, "source_states", "机构编码 区划代码 数据种类 完整至年月 交付日期 下次预计日期"),
)


def _kind(order, name, headers, money=""):
    titles = tuple(title for word in headers.split() for title in (PERSON if word == "P" else (word,)))
    return Kind(order, name, titles, tuple(titles.index(title) for title in money.split()))


KINDS = {kind.name: kind for kind in (_kind(*entry) for entry in _KINDS)}


class CsvFile:
    """Lines of cells joined by commas; no cell of ours holds a comma, a quote or a line break."""

    suffix = "csv"

    def __init__(self, path, encoding):
        self._file = open(path, "w", encoding=encoding, newline="", buffering=1 << 17)  # noqa: SIM115

    def write(self, lines):
        self._file.write("\r\n".join(lines))
        self._file.write("\r\n")

    def close(self):
        self._file.close()


class XlsxFile:
    """The same lines as a worksheet; every cell is text, so no program turns a number into a figure."""

    suffix = "xlsx"

    def __init__(self, path, _encoding):
        self._book = xlsxwriter.Workbook(str(path), {"constant_memory": True})
        self._book.set_properties({"created": CREATED})
        self._sheet, self._row = self._book.add_worksheet(), 0

    def write(self, lines):
        write = self._sheet.write_string
        for line in lines:
            for column, cell in enumerate(line.split(",")):
                if cell:
                    write(self._row, column, cell)
            self._row += 1

    def close(self):
        self._book.close()


FORMATS = {"csv": CsvFile, "xlsx": XlsxFile}
# With a byte order mark, because spreadsheet programs otherwise guess wrong.
ENCODINGS = {"utf-8": "utf-8-sig", "gb18030": "gb18030"}


class Sheet:
    """One file of a kind, or several if it grows too long; counts its lines and sums its money for the control row.

    A file begins with its first line: there are no empty ones.
    """

    def __init__(self, folder, kind, stem):
        self._folder, self.kind, self._stem = folder, kind, stem
        self._part, self._file = 0, None
        self.count = 0

    def _open(self):
        self._part += 1
        part = f"_{self._part}" if self._part > 1 else ""
        self._name = f"{self._stem}{part}.{self._folder.format.suffix}"
        self._file = self._folder.format(self._folder.path / self._name, self._folder.encoding)
        self._file.write([",".join(self.kind.headers)])
        self.count, self.sums = 0, [0] * len(self.kind.money)

    def break_here(self):
        """A new slip or list begins: go on in another file if this one is full."""
        if self.count >= self._folder.lines_per_file:
            self.close()

    def add(self, *cells):
        """One line. Raises ValueError for a cell that would need quoting."""
        line = ",".join(cells)
        if line.count(",") != len(self.kind.headers) - 1 or any(c in line for c in '"\r\n'):
            raise ValueError(f"{self.kind.name}: {line} does not fit the header.")
        self.add_lines([line], [fen(cells[column] or 0) for column in self.kind.money])

    def add_lines(self, lines, sums):
        """Lines ready to be written, with the sums of their money columns in fen."""
        if lines:
            if self._file is None:
                self._open()
            self._file.write(lines)
            self.count += len(lines)
            self.sums = [total + more for total, more in zip(self.sums, sums, strict=True)]

    def close(self):
        if self._file is None:
            return
        if self.kind.money:
            cells = [""] * len(self.kind.headers)
            cells[0], cells[self.kind.headers.index("行号")] = "合计", str(self.count)
            for column, total in zip(self.kind.money, self.sums, strict=True):
                cells[column] = yuan(total)
            self._file.write([",".join(cells)])
        self._file.close()
        self._folder.made[self._name] = self.count
        self._file, self.count = None, 0


class Folder:
    """The files being written. `made`: name of each finished file -> its lines."""

    def __init__(self, path, format_name="csv", encoding="utf-8", lines_per_file=LINES_PER_FILE):
        self.path, self.lines_per_file = path, lines_per_file
        self.format, self.encoding = FORMATS[format_name], ENCODINGS[encoding]
        self.made, self._sheets = {}, {}

    def sheet(self, kind_name, year=None, source=None):
        """The open file of a kind, for a year and an agency (or area) where the kind is split by them."""
        key = kind_name, year, source
        if key not in self._sheets:
            kind = KINDS[kind_name]
            parts = (f"{kind.order:02d}", year, kind_name, source)
            self._sheets[key] = Sheet(self, kind, "-".join(str(part) for part in parts if part is not None))
        return self._sheets[key]

    def close(self, until_year=None):
        """Finish the files of the years up to `until_year`, or all of them."""
        for key in [k for k in self._sheets if until_year is None or (k[1] is not None and k[1] <= until_year)]:
            self._sheets.pop(key).close()
