"""Invented human beings: who they are, and their cards."""

from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from . import names
from .numbers import citizen_number, other_number, phone

CITIZEN, HMT_PERMIT, FOREIGNER_PERMIT, PASSPORT = "居民身份证", "港澳台居民居住证", "外国人永久居留身份证", "护照"
OTHER_TYPES = {3: HMT_PERMIT, 7: PASSPORT, 11: FOREIGNER_PERMIT}


@dataclass(slots=True)
class Person:
    """One person as the register has it. `former`: (id type, number) of a duplicate that was merged into it."""

    serial: int
    name: str
    sex: str
    born: date
    number: str
    id_type: str = CITIZEN
    nation: str = "汉族"
    household_kind: str = "城镇"
    household_area: str = ""
    phone: str = ""
    address: str = ""
    died: date | None = None
    former: tuple = ("", "")
    cells: str = field(init=False)

    def __post_init__(self):
        # One string for all that remembers the person.
        self.cells = f"{self.name},{self.id_type},{self.number}"

    def row(self):
        cells = [self.sex, str(self.born), self.nation, self.household_kind, self.household_area, self.phone]
        return [self.name, self.id_type, self.number, *cells, self.address, str(self.died or ""), *self.former]


class Card(NamedTuple):
    """A social-security card; both of its sides have a state of their own."""

    area: str
    number: str
    issued: date
    status: str
    activated: date | None
    bank: str
    last_four: str
    bank_status: str
    bank_activated: date | None

    def row(self):
        social = [self.area, self.number, str(self.issued), self.status, str(self.activated or "")]
        return [*social, self.bank, self.last_four, self.bank_status, str(self.bank_activated or "")]


def citizen(serial, name, sex, born, area, **more):
    """A person with a citizen number; address and telephone follow from the serial number."""
    number = citizen_number(serial, born, sex)
    home = f"{area.name}{area.districts[serial % len(area.districts)]}示范路{serial % 97 + 1}号"
    details = {"household_area": area.name, "phone": phone(serial), "address": home}
    return Person(serial, name, sex, born, number, **(details | more))


def invent(rng, serial, order, area, born, sex):
    """An ordinary person; `order` counts ordinary people, some of whom have other documents."""
    id_type = OTHER_TYPES.get(order % 60, CITIZEN)
    name, nation = names.person_name(rng, sex)
    more = {
        "nation": nation,
        "household_kind": "城镇" if rng.random() < 0.7 else "农村",
        "address": names.address(rng, area),
        "household_area": area.name if rng.random() < 0.6 else rng.choice(("江苏省", "四川省", "浙江省")),
    }
    if id_type == CITIZEN:
        return citizen(serial, name, sex, born, area, **more)
    if id_type != HMT_PERMIT:
        name = rng.choice(names.FOREIGN)
    more |= {"nation": "", "household_kind": "", "household_area": ""}
    number = other_number(id_type, serial, born)
    return Person(serial, name, sex, born, number, id_type, phone=phone(serial), **more)


def card(person, area, issued, *, copy=1, status="正常", bank_status="正常", bank=names.BANKS[0]):
    """The person's `copy`-th card; the numbers of both sides follow from the person's serial number."""
    is_active = status not in ("未激活",)
    has_bank = bank_status != "无"
    return Card(
        area.code,
        f"99{area.code}{person.serial:08d}{copy}",
        issued,
        status,
        issued if is_active else None,
        bank if has_bank else "",
        f"{(person.serial * 7919 + copy) % 10_000:04d}" if has_bank else "",
        bank_status,
        issued if bank_status in ("正常", "销户") else None,
    )


def cards(rng, person, area, year):
    """An ordinary person's cards: mostly one in order; some lost, replaced, not activated, or electronic alone."""
    draw, bank = rng.random(), rng.choice(names.BANKS)
    issued = date(year, rng.randint(1, 12), rng.randint(1, 28))
    if draw < 0.70:
        return [card(person, area, issued, bank=bank)]
    if draw < 0.78:
        return [card(person, area, issued, bank_status="未激活", bank=bank)]
    if draw < 0.84:
        return [card(person, area, issued, status="未激活", bank_status="未激活", bank=bank)]
    if draw < 0.88:
        return [card(person, area, issued, status="挂失", bank=bank)]
    if draw < 0.94:
        # The electronic card stands for itself: no bank account belongs to it.
        return [card(person, area, issued, bank_status="无")]
    old = card(person, area, issued, status="已更换", bank_status="销户", bank=bank)
    return [old, card(person, area, issued.replace(year=year + 2), copy=2, bank=bank)]
