"""Special people whose accounts fill, or don't: employees, flexible workers, residents, the first retiree."""

from datetime import date

from portal.population import employers as of
from portal.population import lives, people
from portal.population.law import FLEXIBLE, MEDICAL, PENSION, POOL_ONLY
from portal.population.numbers import citizen_number
from portal.population.places import BEIJING, HANGZHOU, SHANGHAI

from .register import special

FORMER = 400


@special("long_career", "王建国", "男", "1974-05-12", BEIJING, "received", "processing", "Z10")
def long_career(society, life, last):
    """Thirty years with one employer, every month received; this month is assessed and not yet due."""
    society.employ(
        life, society.employers[of.DEMO], society.horizon.number(date(1996, 7, 1)), level=1.3, occupation="软件工程师"
    )
    lives.certify_skill(life, "信息安全测试员", "二级/技师", "2015-09-10")


@special("arrears", "李秀英", "女", "1985-03-08", BEIJING, "arrears")
def arrears(society, life, last):
    """The employer declared the months last-2 and last-1 and paid neither; since then it has declared nothing."""
    society.employ(life, society.employers[of.IN_ARREARS], last - 40, level=0.7, occupation="餐厅领班")


@special("back_paid", "张伟强", "男", "1988-11-20", SHANGHAI, "backpaid")
def back_paid(society, life, last):
    """The months last-8 to last-6 were paid in last-4, with a late fee."""
    spell = society.employ(life, society.employers[of.BACK_PAYER], last - 30, level=0.8, occupation="车间操作工")
    for month in range(last - 8, last - 5):
        life.noted.append((PENSION, SHANGHAI.code, "补缴", month, society.horizon.day(last - 4, 12), spell))


@special("refunded", "刘芳", "女", "1990-06-15", BEIJING, "refunded")
def refunded(society, life, last):
    """Left in last-6, paid a month too long by mistake and refunded; not insured until new work began in last-1."""
    demo = society.employers[of.DEMO]
    spell = society.employ(life, demo, last - 30, last - 6, level=0.9, paid_until=last - 5, saves=True)
    demo.correct(last - 3, "退费", last - 5, spell)
    life.noted.append((PENSION, BEIJING.code, "退费", last - 5, society.horizon.day(last - 3, 12), spell))
    society.employ(life, society.employers[of.SECOND], last - 1, level=1.0)


@special("transferred_in", "陈思远", "男", "1986-02-28", SHANGHAI, "transferred_in", "not_insured")
def transferred_in(society, life, last):
    """Came from Chengdu: its months with gaps between them, the account and the pooled 12 %; arrived in last-6."""
    society.employ(life, society.employers[of.SHANGHAI_WORKS], last - 10, level=0.9, occupation="会计")
    months = [*range(last - 60, last - 41), *range(last - 38, last - 24), *range(last - 22, last - 12)]
    bases = [(month, 6_000_00 if month < last - 30 else 6_500_00) for month in months]
    lives.bring(life, SHANGHAI, last - 6, "四川省成都市", bases)


@special("two_employers", "杨雪", "女", "1991-09-09", BEIJING, "received")
def two_employers(society, life, last):
    """Changed work in the middle of last-8: both employers paid for that month."""
    society.employ(life, society.employers[of.DEMO], last - 24, last - 8, level=1.1)
    started = society.horizon.day(last - 8, 18)
    society.employ(life, society.employers[of.SECOND], last - 8, level=1.2, started=started)


@special("pool_only", "赵海", "男", "1983-07-01", SHANGHAI, "Z2")
def pool_only(society, life, last):
    """A flexible worker on the pool-only tariff: no medical account; an old-age account all the same."""
    society.join_flexible(life, SHANGHAI, FLEXIBLE, PENSION, last - 20)
    society.join_flexible(life, SHANGHAI, POOL_ONLY, MEDICAL, last - 20)


@special("resident", "黄桂花", "女", "1968-10-25", SHANGHAI, "Z2", household_kind="农村")
def resident(society, life, last):
    """Resident schemes: a yearly tier with subsidies of all levels on the old-age account; medical has no account."""
    lives.reside(society, life, SHANGHAI, 2018, 3, 4, by_collective=True)


@special("unregistered", "周子涵", "女", "1999-12-30", BEIJING, "Z3")
def unregistered(society, life, last):
    """Known to the register, with a card not yet activated, but nobody ever registered her."""
    issued = date(2019, 9, 1)
    life.cards = [people.card(life.person, BEIJING, issued, status="未激活", bank_status="未激活")]


@special("just_registered", "吴雨桐", "女", "1997-04-18", BEIJING, "Z4", "processing")
def just_registered(society, life, last):
    """Began to work on the 26th of the last month: registered, first contribution not due yet, nothing booked."""
    started = society.horizon.day(last, 26)
    society.employ(life, society.employers[of.SECOND], last + 1, level=0.9, started=started)


@special("never_paid", "徐浩然", "男", "1996-01-09", BEIJING, "Z5", "arrears")
def never_paid(society, life, last):
    """Registered since last-2 with an employer that has declared two months and paid none."""
    society.employ(life, society.employers[of.IN_ARREARS], last - 2, level=0.6, occupation="厨师")


@special("old_source", "孙晓彤", "女", "1998-08-08", HANGZHOU, "Z9")
def old_source(society, life, last):
    """Insured in Hangzhou from the month after the last: its medical agency's records are three months behind."""
    started = society.horizon.day(last, 26)
    society.employ(life, society.employers[of.HANGZHOU_WORKS], last + 1, level=0.8, started=started)


@special("retiree", "马德福", "男", "1959-03-15", BEIJING)
def retiree(society, life, last):
    """Retired in March 2020 and draws a pension from the pooled fund and the account; one month's came back."""
    retired = society.horizon.number(date(2020, 3, 1))
    if retired > 0:
        start = society.horizon.number(date(1992, 1, 1))
        society.employ(life, society.employers[of.SECOND], start, retired - 1, level=0.9)
    lives.retire(society, life, BEIJING, retired, 86_400_00, 3_120_00)
    life.covers[-1].returned = last - 2


@special("rare_name", "欧阳𬭚𫖯", "女", "1993-02-14", SHANGHAI, "received")
def rare_name(society, life, last):
    """A compound surname and rare characters, which every page, search and print must keep; a birth in last-10."""
    spell = society.employ(life, society.employers[of.SHANGHAI_WORKS], last - 50, level=1.0)
    lives.give_birth(life, spell, last - 10, 8_200_00)


@special(
    "merged",
    "胡静怡",
    "女",
    "1987-05-21",
    BEIJING,
    former=("居民身份证", citizen_number(FORMER, date(1978, 5, 21), "女")),
)
def merged(society, life, last):
    """Was in the register twice; the number of the merged duplicate finds her too."""
    society.employ(life, society.employers[of.DEMO], last - 26, level=1.0, occupation="行政专员")


@special("old_routing", "朱文博", "男", "1982-03-03", SHANGHAI, "received")
def old_routing(society, life, last):
    """Since 2018 in Shanghai: until June 2023 part of the employer's medical share went to his account, now none."""
    society.employ(life, society.employers[of.SHANGHAI_WORKS], society.horizon.number(date(2018, 1, 1)), level=1.2)


@special("flexible", "郭丽", "女", "1984-12-05", BEIJING, "received")
def flexible(society, life, last):
    """A flexible worker who pays by the quarter, on the medical tariff with an account; before that an employee."""
    society.employ(life, society.employers[of.DEMO], last - 60, last - 20, level=0.8)
    society.join_flexible(life, BEIJING, FLEXIBLE, PENSION, last - 18, is_quarterly=True)
    society.join_flexible(life, BEIJING, FLEXIBLE, MEDICAL, last - 18, is_quarterly=True)


@special("teacher", "阿依古丽·买买提", "女", "1989-08-16", BEIJING, "received", nation="维吾尔族")
def teacher(society, life, last):
    """Works for a public body (public-sector old-age insurance); a name with a middle dot."""
    society.employ(life, society.employers[of.SCHOOL], last - 100, level=1.1, occupation="教师")


@special("mover", "何欣", "女", "1992-11-11", BEIJING, "not_insured")
def mover(society, life, last):
    """Worked in Hangzhou, drew unemployment benefit from last-10, now works in Beijing: two accounts in two areas."""
    society.employ(life, society.employers[of.HANGZHOU_WORKS], last - 48, last - 12, level=0.9)
    life.cards.append(people.card(life.person, HANGZHOU, date(2019, 4, 2), copy=2, bank_status="无"))
    lives.register_unemployed(society, life, HANGZHOU, last - 12, 5, 12, "单位裁减人员")
    society.employ(life, society.employers[of.DEMO], last - 6, level=1.0)


@special("spent", "高强", "男", "1980-09-30", SHANGHAI, "Z7")
def spent(society, life, last):
    """Spends the whole medical account each month; an injury at work, an occupational disease and a disability."""
    employer = society.employers[of.SHANGHAI_WORKS]
    spell = society.employ(life, employer, last - 45, level=0.9, occupation="焊工", spends_all=True)
    lives.injure(society, life, spell, last - 9, 8)
    diagnosed = str(society.horizon.day(last - 8, 20))
    life.diseases.append([f"ZB{life.person.serial:08d}1", "职业性噪声聋", diagnosed, "上海市示范职业病防治院"])
    lives.certify_disability(life, "听力", 3, str(society.horizon.day(last - 4, 20)))
