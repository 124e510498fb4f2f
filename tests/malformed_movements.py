"""Feed files of account movements, spending, transfers and closures that are wrong."""

from .cast import BEIJING, CAST
from .malformed_rows import SOCIAL, Case, P, changed, table

MEDICAL = "MI110000"
PENSION, HEALTH = "职工基本养老保险", "职工基本医疗保险"
MOVEMENT = (
    f"业务流水号,行号,机构编码,{P},险种,区划代码,账户变动类型,变动所属期,记账年月,"
    "变动金额,统筹基金转出金额,变动原因,文件编号"
)
SPENDING = (
    f"业务流水号,行号,机构编码,{P},险种,区划代码,结算编号,结算日期,记账年月,医药机构名称,就诊类型,与账户持有人关系,"
    "费用总额,统筹基金支付,个人账户支付,个人自付"
)
TRANSFER = f"申请编号,机构编码,{P},险种,区划代码,转移方向,对方统筹区,办理状态,办理日期,个人账户金额,统筹基金金额,原因"
CLOSURE = f"业务流水号,行号,机构编码,{P},险种,区划代码,终结原因,终结年月,记账年月,领取人关系,文件编号,支付金额,说明"
# Chen came with 31,415.92 yuan from Chengdu and pays himself; what he holds never comes to a million.
MOVED = ["N1", "1", SOCIAL, *CAST.chen.p, PENSION, BEIJING, "账户退费", "202610", "202610", "-5.00", "0.00", "", ""]
SPENT = ["N1", "1", MEDICAL, *CAST.wang.p, HEALTH, BEIJING, "J1", "2026-10-09", "202610", "和平医院", "门诊", "本人"]
SPENT += ["8.00", "2.00", "5.00", "1.00"]
STEP = ["N1", SOCIAL, *CAST.chen.p, PENSION, BEIJING, "转入", "成都市", "已受理", "2026-10-09", "0.00", "0.00", ""]
CLOSED = ["N1", "1", SOCIAL, *CAST.chen.p, PENSION, BEIJING, "出境定居", "202610", "209912", "本人", "W1", "5.00", ""]


def _with_control(header, money, *rows):
    """A file whose control row fits its lines; amounts that are none count as nothing."""
    names = header.split(",")
    control = dict.fromkeys(names, "") | {"业务流水号": "合计", "行号": str(len(rows))}
    for name in money:
        fen = sum(round(float(row[names.index(name)]) * 100) for row in rows)
        control[name] = f"{fen / 100:.2f}"
    return table(header, *rows, [control[name] for name in names])


def moved(*rows, **cells):
    return _with_control(MOVEMENT, ("变动金额", "统筹基金转出金额"), *(rows or [changed(MOVEMENT, MOVED, **cells)]))


def spent(*rows, **cells):
    money = ("费用总额", "统筹基金支付", "个人账户支付", "个人自付")
    return _with_control(SPENDING, money, *(rows or [changed(SPENDING, SPENT, **cells)]))


def stepped(*rows, **cells):
    return table(TRANSFER, *(rows or [changed(TRANSFER, STEP, **cells)]))


def closed(*rows, **cells):
    return _with_control(CLOSURE, ("支付金额",), *(rows or [changed(CLOSURE, CLOSED, **cells)]))


def movements():
    yield Case("movement unknown", moved(账户变动类型="划转"), "one of 统筹划入", 2, "账户变动类型")
    yield Case("refund with the wrong sign", moved(变动金额="5.00"), "below zero: it leaves", 2, "变动金额")
    negative = moved(账户变动类型="统筹划入", 险种=HEALTH, 机构编码=MEDICAL)
    yield Case("quota below zero", negative, "above zero: it comes", 2, "变动金额")
    quota = moved(账户变动类型="统筹划入", 变动金额="5.00")
    yield Case("quota without a rule", quota, "a rule in force gives the account a quota", 2, "变动所属期")
    overdrawn = moved(变动金额="-1000000.00")
    yield Case("movement beyond the balance", overdrawn, "no more than the account holds", 2, "变动金额")
    yield Case(
        "pooled money along with a refund", moved(统筹基金转出金额="9.00"), "only a transfer", 2, "统筹基金转出金额"
    )
    by_hand = {"账户变动类型": "手工调整", "文件编号": "D1"}
    yield Case("adjustment without a reason", moved(**by_hand), "never without one", 2, "变动原因")
    by_hand = {"账户变动类型": "手工调整", "变动原因": "重复"}
    yield Case("adjustment without a document", moved(**by_hand), "the number of the document", 2, "文件编号")
    yield Case("movement of no account", moved(险种="失业保险"), "no rule of this insurance fills", 2, "变动金额")
    yield Case("movement from the wrong office", moved(机构编码=MEDICAL), "an office of the kind", 2, "机构编码")
    yield Case("movement twice", moved(MOVED, MOVED), "the same as in line 2", 3)
    yield Case("movements without a control row", table(MOVEMENT, MOVED), "the last line must be the control row")


def spending():
    yield Case("visit unknown", spent(就诊类型="健身"), "one of 门诊", 2, "就诊类型")
    yield Case("relation unknown", spent(与账户持有人关系="同事"), "one of 本人", 2, "与账户持有人关系")
    yield Case("parts that add up to less", spent(费用总额="8.01"), "the sum of what", 2, "费用总额")
    yield Case("spent from a pension", spent(险种=PENSION, 机构编码=SOCIAL), "a medical insurance", 2, "险种")
    beyond = spent(费用总额="1000003.00", 个人账户支付="1000000.00")
    yield Case("spending beyond the balance", beyond, "no more than the account holds", 2, "个人账户支付")
    aid = spent(与账户持有人关系="父母")
    yield Case("pool pays for a relative here", aid, "stands in the relative's own record", 2, "统筹基金支付")
    twice = spent(SPENT, changed(SPENDING, SPENT, 行号="2"))
    yield Case("settlement twice", twice, "a settlement that no other line holds", 3, "结算编号")
    yield Case("provider that is a formula", spent(医药机构名称="=cmd"), "none of = + - @", 2, "医药机构名称")
    yield Case("spending below zero", spent(个人自付="-1.00"), "not negative", 2, "个人自付")
    short = spent().replace("合计,1,".encode(), "合计,2,".encode())
    yield Case("spending with a line missing", short, "the control row states 2, the lines come to 1", column="行号")


def transfers():
    yield Case("state unknown", stepped(办理状态="办理中"), "one of 已申请", 2, "办理状态")
    yield Case("direction unknown", stepped(转移方向="转移"), "one of 转入", 2, "转移方向")
    nothing = stepped(险种="工伤保险")
    yield Case("transfer of work injury", nothing, "of work injury and maternity nothing moves", 2, "险种")
    maternity = stepped(险种="生育保险", 机构编码=MEDICAL)
    yield Case("transfer of maternity", maternity, "of work injury and maternity nothing moves", 2, "险种")
    both = stepped(changed(TRANSFER, STEP, 办理状态="已办结"), changed(TRANSFER, STEP, 办理状态="不予办理", 原因="无"))
    yield Case("merged and rejected", both, "a state after 已办结", 3, "办理状态")
    back = stepped(STEP, changed(TRANSFER, STEP, 办理状态="资金已划转", 办理日期="2026-10-08"))
    yield Case("day that goes back", back, "a day not before 2026-10-09, when it was 已受理", 3, "办理日期")
    yield Case("refused for nothing", stepped(办理状态="不予办理"), "the reason of the refusal", 2, "原因")
    yield Case("state twice", stepped(STEP, STEP), "the same as in line 2", 3)
    yield Case("from nowhere", stepped(对方统筹区=""), "must not be empty", 2, "对方统筹区")


def closures():
    yield Case("closing for no known reason", closed(终结原因="退休"), "one of 死亡", 2, "终结原因")
    yield Case("heir of herself", closed(终结原因="死亡"), "an heir: the account", 2, "领取人关系")
    yield Case("heir of the living", closed(领取人关系="子女"), "only a death leaves heirs", 2, "领取人关系")
    yield Case("leaves what cannot be left", closed(终结原因="退出居民养老保险"), "another reason", 2, "终结原因")
    yield Case("another reason unsaid", closed(终结原因="其他"), "the reason in words", 2, "说明")
    beyond = closed(支付金额="1000000.00")
    yield Case("payout beyond the balance", beyond, "no more than the account holds", 2, "支付金额")
    early = closed(记账年月="200001", 终结年月="200001")
    yield Case("closed before its last entry", early, "after which nothing is booked", 2, "记账年月")
    yield Case(
        "paid out before the event", closed(终结年月="209912", 记账年月="209911"), "a month not after", 2, "终结年月"
    )
    no_account = closed(险种="城乡居民养老保险")
    yield Case("closing of no account", no_account, "the person has a personal account", 2, "险种")
    yield Case("closing without a document", closed(文件编号=""), "must not be empty", 2, "文件编号")


MAKERS = (movements, spending, transfers, closures)
