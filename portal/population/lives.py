"""Ordinary lives, drawn at random: employees, flexible workers, residents, retirees, and some who never registered."""

from datetime import date

from . import names, people
from .benefits import Retiree, retirement_schemes
from .careers import Benefit, Life, Opening, Spell, Transfer, opening
from .employers import AGENT_STAFF, DEMO
from .law import (
    EMPLOYEE,
    FLEXIBLE,
    MATERNITY,
    MEDICAL,
    MEDICAL_RESIDENT,
    PENSION,
    PENSION_PUBLIC,
    PENSION_RESIDENT,
    POOL_ONLY,
    RESIDENT,
    RETIREE,
    UNEMPLOYMENT,
    WORK_INJURY,
)
from .movements import Ending, steps_of
from .personal import Flexible, Resident
from .places import BEIJING, HANGZHOU, SHANGHAI, SOCIAL

EARLIEST = date(1990, 4, 1)  # No stretch of work begins before this month.
ELSEWHERE = ("江苏省南京市", "四川省成都市", "浙江省宁波市")
RETIRES_AT = {"男": 61, "女": 56}  # A year after the ages of the old law, so inside the window of the new one.
BENEFIT_OF_UNEMPLOYMENT = 2_200_00


def invent(society, rng, serial, order):
    """The `order`-th ordinary person. The first ones work for the employer whose agent the demo shows."""
    horizon = society.horizon
    in_demo = order < min(AGENT_STAFF, society.people * 45 // 100)
    kind = "employee" if in_demo else _draw(rng)
    area = BEIJING if in_demo else rng.choices((BEIJING, SHANGHAI, HANGZHOU), (45, 30, 25))[0]
    sex = rng.choice("男女")
    oldest, youngest = {"retiree": (82, RETIRES_AT[sex] + 1), "resident": (58, 18)}.get(kind, (54, 21))
    born = _born(rng, horizon, rng.randint(youngest, oldest))
    life = Life(people.invent(rng, serial, order, area, born, sex))
    life.cards = people.cards(rng, life.person, area, rng.randint(2012, horizon.year(horizon.last) - 4))
    if kind == "employee":
        _employee(society, rng, life, area, DEMO if in_demo else None)
    elif kind != "unregistered":
        {"flexible": _flexible, "resident": _resident, "retiree": _retiree}[kind](society, rng, life, area)
    _skills(rng, life, horizon)
    return life


def _draw(rng):
    kinds = {"employee": 76, "flexible": 8, "resident": 9, "retiree": 5, "unregistered": 2}
    return rng.choices(list(kinds), list(kinds.values()))[0]


def _born(rng, horizon, age):
    return date(horizon.year(horizon.last) - age, rng.randint(1, 12), rng.randint(1, 28))


def _start_of_work(rng, horizon, born):
    """The month in which somebody begins to work; never before EARLIEST, never in the last months."""
    grown = horizon.number(born) + rng.randint(18 * 12, 25 * 12)
    return min(max(grown, horizon.number(EARLIEST), -rng.randint(0, 180)), horizon.last - 2)


# Employees


def _employee(society, rng, life, area, serial):
    horizon = society.horizon
    first = _start_of_work(rng, horizon, life.person.born)
    level = min(6.0, rng.lognormvariate(-0.15, 0.45))
    if serial is None:
        _work(society, rng, life, area, first, None, level)
    else:
        joined = rng.randint(max(first, min(0, horizon.last - 120)), horizon.last - 2)
        if joined - first > 12:
            _work(society, rng, life, area, first, joined - 2, level)
        _hire(society, rng, life, society.employers[serial], joined, None, level)
    before_the_records(society, life)
    if not life.openings and rng.random() < 0.03:
        _transfer(society, rng, life)
    _mishaps(society, rng, life)


def _work(society, rng, life, area, number, until, level):
    """One employer after the other up to the month `until` (None = to the present)."""
    end_of_records = society.horizon.last if until is None else until
    while number <= end_of_records:
        employer = society.market.find(rng, area, number)
        end = number + 5 + int(rng.expovariate(1 / 54))
        if employer.closes is not None:
            end = min(end, max(employer.closes, number))
        if end >= end_of_records:
            end = until
        _hire(society, rng, life, employer, number, end, level)
        if end is None or end >= end_of_records:
            return
        # -1: the new work begins in the month in which the old one ends.
        gap = rng.choices((0, -1, 1, rng.randint(3, 9)), (45, 4, 26, 25))[0]
        if gap > 2:
            _unemployed(society, rng, life, end, gap)
        number, level = end + 1 + gap, level * rng.uniform(0.95, 1.2)
        if rng.random() < 0.05:
            area = rng.choice([a for a in (BEIJING, SHANGHAI, HANGZHOU) if a is not area])


def _hire(society, rng, life, employer, first, last, level):
    """One spell, now and then with what goes wrong: reported late, base too low, paid a month too long."""
    horizon = society.horizon
    end = horizon.last if last is None else last
    is_regular = not employer.paid and employer.lag == 0
    reported = first + rng.randint(1, 3) if is_regular and first >= 0 and rng.random() < 0.04 else first
    spell = society.employ(
        life,
        employer,
        first,
        last,
        level=level,
        noise=lambda: rng.uniform(0.97, 1.05),
        occupation=rng.choice(names.OCCUPATIONS),
        started=horizon.day(first, rng.randint(1, 12)),
        reported=reported if first < reported <= end else None,
    )
    if not is_regular:
        return
    if last is not None and 0 <= last <= horizon.last - 3 and employer.is_open(last + 1) and rng.random() < 0.04:
        spell.paid_until, spell.saves = last + 1, True
        employer.correct(last + 3, "退费", last + 1, spell)
    elif end - spell.reported > 8 and end > 8 and rng.random() < 0.03:
        covered = rng.randint(max(spell.reported, 0), end - 3)
        term = society.law.term(employer.area, MEDICAL, EMPLOYEE, covered)
        if term and term.upper is None:
            employer.correct(covered + rng.randint(1, 3), "补差", covered, spell, rng.randint(1, 8) * 100_00)


def before_the_records(society, life):
    """The balances of those who paid before the records begin: about 8 % of a lower wage, 2 % less what was spent."""
    amounts = {}
    for cover in life.covers:
        if cover.first >= 0 or not isinstance(cover, Spell | Flexible):
            continue
        months = min(0, 0 if cover.last is None else cover.last + 1) - cover.first
        for scheme in cover.schemes[:2]:
            share = 8 if scheme != MEDICAL else 0 if getattr(cover, "spends_all", False) else 1
            key = cover.area, scheme, cover.category
            amounts[key] = amounts.get(key, 0) + months * cover.wages[0] * share * 7 // 1000
    for (area, scheme, category), amount in amounts.items():
        found = opening(society.law, area, scheme, category, amount)
        if found:
            life.openings.append(found)


def _transfer(society, rng, life):
    """The old-age insurance came from another area: its months, the account, and 12 % of the bases from the pool."""
    spell, horizon = life.spells[0], society.horizon
    arrived = spell.first + rng.randint(4, 8)
    if spell.first < 0 or arrived > horizon.last or spell.schemes[0] != PENSION:
        return
    base = spell.wages[0] * 7 // 1000 * 100
    end = spell.first - rng.randint(1, 3)
    start = max(end - rng.randint(6, 48), horizon.number(date(2006, 1, 1)))
    bring(life, spell.area, arrived, rng.choice(ELSEWHERE), [(month, base) for month in range(start, end)])


def bring(life, area, arrived, source, months):
    """Enter months of old-age insurance paid elsewhere, [(month, base in fen)], and the money that came with them."""
    if not months:
        return
    total = sum(base for _month, base in months)
    life.transfers.append(Transfer(area, PENSION, arrived, source, months))
    money = total * 8 // 100, total * 12 // 100
    application = f"ZY{area.code}{life.person.serial:08d}{arrived}"
    life.openings.append(Opening(area, PENSION, arrived, "转入", *money, source, application))
    life.steps += steps_of(area, PENSION, "转入", application, source, arrived, money)


def _unemployed(society, rng, life, end, gap):
    """After the month `end`, `gap` months without work: registration, and benefits for whom they were granted."""
    paid, area, horizon = end - life.spells[-1].first, life.spells[-1].area, society.horizon
    if end < 0 or end + gap > horizon.last or rng.random() < 0.4:
        return
    granted = 0 if paid < 12 else 12 if paid < 60 else 18 if paid < 120 else 24
    register_unemployed(society, life, area, end, gap, granted, rng.choice(("合同到期终止", "单位裁减人员")))


def register_unemployed(society, life, area, end, gap, granted, reason):
    horizon, used = society.horizon, min(granted, gap - 1)
    number = f"SY{area.code}{life.person.serial:08d}{len(life.unemployment) + 1}"
    days = [str(horizon.day(end + 1, 12)), str(horizon.day(end + gap, 28))]
    life.unemployment.append([number, area.code, *days, reason, str(granted), str(used)])
    card = life.cards[0]
    for month in range(end + 2, end + 2 + used):
        benefit = Benefit(area, UNEMPLOYMENT, "失业保险金", month, BENEFIT_OF_UNEMPLOYMENT, day=18, decision_no=number)
        life.benefits.append(benefit._replace(last_four=card.last_four))
        life.benefits.append(benefit._replace(kind="失业期间医保费", from_pool=480_00, day=19))


def _mishaps(society, rng, life):
    """Births, injuries at work and disabilities, for a few."""
    horizon, person = society.horizon, life.person
    for spell in life.spells:
        end = horizon.last if spell.last is None else spell.last
        if end - max(spell.first, 0) < 12:
            continue
        month = rng.randint(max(spell.first, 0) + 10, end)
        age = horizon.year(month) - person.born.year
        if person.sex == "女" and 24 <= age <= 38 and rng.random() < 0.10:
            give_birth(life, spell, month, spell.wages[0])
        elif rng.random() < (0.02 if spell.employer.risk_class > 3 else 0.004):
            injure(society, life, spell, month, rng.randint(7, 10))
    if rng.random() < 0.012:
        certify_disability(life, rng.choice(("肢体", "视力", "听力")), rng.randint(2, 4), "2019-05-20")


def give_birth(life, spell, month, wage):
    """Maternity allowance for about a hundred days, and the costs of the birth."""
    allowance = Benefit(spell.area, MATERNITY, "生育津贴", month, wage * 98 // 30, day=22)
    life.benefits += [allowance, allowance._replace(kind="生育医疗费", from_pool=4_800_00, day=23)]


def injure(society, life, spell, month, grade):
    """A work injury: recognised, treated, and a one-off grant by its grade."""
    horizon, area = society.horizon, spell.area
    number = f"GS{area.code}{life.person.serial:08d}{len(life.injuries) + 1}"
    days = [str(horizon.day(month, 6)), str(horizon.day(month, 27))]
    unit = [area.agency(SOCIAL).code, spell.employer.unit_no(SOCIAL)]
    life.injuries.append([number, *unit, *days, str(grade), ""])
    treated = Benefit(area, WORK_INJURY, "工伤医疗费", month, 6_350_00, day=28, decision_no=number)
    grant = treated._replace(kind="一次性伤残补助金", number=month + 2, from_pool=spell.wages[0] * (27 - 2 * grade))
    life.benefits += [treated, grant]


def certify_disability(life, kind, grade, day):
    life.disabilities.append([f"CJ{life.person.serial:08d}", kind, str(grade), day])


def _skills(rng, life, horizon):
    if rng.random() < 0.12:
        occupation, level = rng.choice(names.SKILLS)
        certify_skill(life, occupation, level, f"{rng.randint(2012, horizon.year(horizon.last) - 1)}-09-10")


def certify_skill(life, occupation, level, day):
    number = f"99S{life.person.serial:08d}{len(life.skills) + 1}"
    life.skills.append([number, occupation, level, "示范职业技能评价中心", day])


# Without an employer


def _flexible(society, rng, life, area):
    """Old-age insurance, and medical insurance with an account or pool-only; some were employees before."""
    horizon, level = society.horizon, rng.uniform(0.6, 1.1)
    first = _start_of_work(rng, horizon, life.person.born)
    if rng.random() < 0.4 and first < horizon.last - 40:
        employer, end = society.market.find(rng, area, first), first + rng.randint(12, 36)
        end = end if employer.closes is None else min(end, max(employer.closes, first))
        _hire(society, rng, life, employer, first, end, level)
        first = end + rng.randint(1, 6)
    first = max(first, -60)
    last = None if rng.random() < 0.8 else rng.randint(max(first, 0), horizon.last)
    is_quarterly = rng.random() < 0.3
    category = FLEXIBLE if rng.random() < 0.6 else POOL_ONLY
    society.join_flexible(life, area, FLEXIBLE, PENSION, first, last, level=level, is_quarterly=is_quarterly)
    society.join_flexible(life, area, category, MEDICAL, first, last, level=level, is_quarterly=is_quarterly)
    before_the_records(society, life)


def _resident(society, rng, life, area):
    year = rng.randint(2014, society.horizon.year(society.horizon.last) - 1)
    reside(society, life, area, year, rng.randint(2, 9), rng.randrange(12), rng.random() < 0.2)
    if rng.random() < 0.15:
        certify_disability(life, "肢体", 1, "2018-04-10")
        for cover in life.covers:
            cover.helped = cover.schemes == (PENSION_RESIDENT,)


def reside(society, life, area, year, pays_in, tier, by_collective=False):
    """Resident schemes from a year on: old-age insurance, and medical insurance as soon as there is a rule for it."""
    horizon, law, cells = society.horizon, society.law, life.person.cells
    for scheme, month in ((PENSION_RESIDENT, pays_in), (MEDICAL_RESIDENT, 11)):
        first = horizon.number(date(year, 1, 1))
        while first < law.start(area.code, scheme, RESIDENT):
            first += 12
        if first > horizon.last:
            continue
        life.covers.append(
            Resident(area, RESIDENT, (scheme,), first, None, cells, month, tier, by_collective=by_collective)
        )
        tiers = law.tiers(0)
        if scheme == PENSION_RESIDENT and tiers:
            yearly = sum(tiers[min(tier, len(tiers) - 1)])
            paid_before = len(range(first + month - 1, 0, 12))
            found = opening(law, area, scheme, RESIDENT, paid_before * yearly)
            life.openings += [found] if found else []


# Retirees


def _retiree(society, rng, life, area):
    horizon, person = society.horizon, life.person
    retired = min(horizon.number(person.born) + RETIRES_AT[person.sex] * 12, horizon.last - 1)
    if retired > 12:
        _work(society, rng, life, area, -rng.randint(1, 60), retired - 1, rng.uniform(0.6, 1.6))
        area = life.spells[-1].area
    retire(society, life, area, retired, rng.randint(30_000, 140_000) * 100, rng.randint(1_800_00, 4_500_00))
    if rng.random() < 0.06:
        _die(society, rng, life)


def retire(society, life, area, retired, account, pool):
    """Draw a pension from the month `retired`, with what the records don't show as opening balances, in fen."""
    law = society.law
    spells = [spell for spell in life.spells if spell.area is area]
    scheme = spells[-1].schemes[0] if spells else PENSION
    taken_over = {}
    for name, amount in ((scheme, account), (MEDICAL, account // 20)):
        if law.has_account(area.code, name, EMPLOYEE, 0):
            taken_over[name] = amount
            life.openings.append(Opening(area, name, 0, "期初", amount, 0, "原退休人员管理系统移交"))
    life.retired = retired
    life.covers.append(
        Retiree(
            area,
            RETIREE,
            retirement_schemes(scheme == PENSION_PUBLIC),
            retired,
            None,
            life.person.cells,
            life.person.sex,
            life.person.born,
            [spell for spell in spells if spell.schemes[0] == scheme],
            taken_over.get(scheme, 0),
            taken_over.get(MEDICAL, 0),
            pool,
            life.cards[0].last_four,
        )
    )


def _die(society, rng, life):
    """A retiree dies: the pension ends, the fund pays a grant and the survivors."""
    horizon, cover = society.horizon, life.covers[-1]
    died = rng.randint(max(cover.first, 0) + 1, horizon.last)
    if died > horizon.last - 2:
        return
    life.person.died, cover.last = horizon.day(died, rng.randint(1, 28)), died
    grant = Benefit(cover.area, cover.pension_scheme, "丧葬补助金", died + 1, 9_600_00, day=20)
    life.benefits += [grant, grant._replace(kind="抚恤金", number=died + 2, from_pool=43_200_00)]
    inherit(life, died, died + 3 if died + 3 <= horizon.last else None)


def inherit(life, died, number):
    """What a retiree's accounts hold is paid to the heirs in month `number` (None = not yet)."""
    cover, person = life.covers[-1], life.person
    for scheme, payee in ((cover.pension_scheme, "子女"), (MEDICAL, "配偶")):
        if number is not None:
            more = {"retiree": cover, "reason": "死亡", "payee": payee, "event": died}
            life.endings.append(Ending(person.cells, person.serial, cover.area, scheme, number, **more))
