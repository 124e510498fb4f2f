"""Special people whose accounts are emptied, moved, closed or at rest, and retirees whom the pool gives a quota."""

from datetime import date

from portal.population import employers as of
from portal.population import lives
from portal.population.law import FLEXIBLE, MEDICAL, PENSION
from portal.population.movements import STEPS, Step, endings
from portal.population.places import BEIJING, SHANGHAI

from .register import special

CLOSED, CHENGDU, NANJING = {"reason": "出境定居"}, "四川省成都市", "江苏省南京市"


@special("moved_away", "沈静怡", "女", "1990-04-22", BEIJING, "Z6", "Z11")
def moved_away(society, life, last):
    """Left Beijing after last-10; the old-age account was sent to Chengdu in last-7. The medical account is at rest."""
    spell = society.employ(life, society.employers[of.SECOND], last - 40, last - 10, level=0.9)
    lives.before_the_records(society, life)
    life.endings.append(endings(life, BEIJING, PENSION, last - 7, other=CHENGDU))
    life.noted.append((PENSION, BEIJING.code, "转出", last - 7, society.horizon.day(last - 7, 16), spell))


@special("under_way", "陆一鸣", "男", "1995-09-03", SHANGHAI, "Z6", "Z4")
def under_way(society, life, last):
    """Began in Shanghai on the 20th of the last month; his transfer from Nanjing is accepted, no money sent."""
    started = society.horizon.day(last, 20)
    society.employ(life, society.employers[of.SHANGHAI_WORKS], last + 1, level=0.9, started=started)
    application = f"ZY{SHANGHAI.code}{life.person.serial:08d}1"
    for (state, _before, _day), day in zip(STEPS[:2], (24, 27), strict=True):
        life.steps.append(Step(SHANGHAI, PENSION, "转入", application, NANJING, state, last, day))


@special("moved_within", "顾明哲", "男", "1987-06-11", SHANGHAI, "transferred_in")
def moved_within(society, life, last):
    """Worked in Shanghai until last-9, in Beijing since last-8: the account left one area and arrived in the other."""
    spell = society.employ(life, society.employers[of.SHANGHAI_WORKS], last - 50, last - 9, level=1.0)
    society.employ(life, society.employers[of.SECOND], last - 8, level=1.1)
    lives.before_the_records(society, life)
    life.endings.append(endings(life, SHANGHAI, PENSION, last - 5, other=BEIJING.name, into=BEIJING))
    life.noted.append((PENSION, SHANGHAI.code, "转出", last - 5, society.horizon.day(last - 5, 16), spell))


@special("settled_abroad", "韩若冰", "女", "1978-01-19", BEIJING, "Z8")
def settled_abroad(society, life, last):
    """Settled abroad after last-9: both accounts were paid back to her and closed in last-6."""
    society.employ(life, society.employers[of.DEMO], last - 90, last - 9, level=1.4)
    lives.before_the_records(society, life)
    for scheme in (PENSION, MEDICAL):
        life.endings.append(endings(life, BEIJING, scheme, last - 6, event=last - 8, **CLOSED))


@special("sealed", "施雨桐", "女", "1986-12-01", BEIJING, "Z11")
def sealed(society, life, last):
    """A flexible worker who has paid nothing since last-8: her accounts rest and go on earning interest."""
    society.join_flexible(life, BEIJING, FLEXIBLE, PENSION, last - 40, last - 9)
    society.join_flexible(life, BEIJING, FLEXIBLE, MEDICAL, last - 40, last - 9)


@special("family_aid", "唐玉兰", "女", "1948-02-27", SHANGHAI)
def family_aid(society, life, last):
    """Retired, over 75: the pool fills her medical account each month; she pays for her husband and her daughter."""
    lives.retire(society, life, SHANGHAI, society.horizon.number(date(2003, 3, 1)), 52_000_00, 2_980_00)
    life.covers[-1].aid = {last - 4: ("配偶", 86_50), last - 2: ("子女", 120_00), last - 1: ("配偶", 43_20)}


@special("overpaid", "贺庆生", "男", "1956-08-08", BEIJING)
def overpaid(society, life, last):
    """Retired; 1,200 yuan of pension were paid too much, and were set off against the account in last-3."""
    lives.retire(society, life, BEIJING, society.horizon.number(date(2016, 9, 1)), 98_000_00, 3_410_00)
    life.covers[-1].offset = (last - 3, 1_200_00)


@special("inherited", "罗长庚", "男", "1951-11-30", SHANGHAI, "Z8")
def inherited(society, life, last):
    """A retiree who died in last-6; what his accounts held was paid to his heirs in last-3, and they were closed."""
    lives.retire(society, life, SHANGHAI, society.horizon.number(date(2011, 12, 1)), 64_000_00, 3_050_00)
    life.person.died, life.covers[-1].last = society.horizon.day(last - 6, 11), last - 6
    lives.inherit(life, last - 6, last - 3)
