"""The demo: an invented population in the embedded database, and sign-ins for a newcomer.

Demo accounts exist only beside the marker row that the launcher of the embedded database writes; settings play no part.
Their passwords are made for this installation and set by activation, the only way there is. The codes for the second
step go, as text messages would, to telephones that nobody has: to the console and the file that `make run` names.
"""

import json
import os
import secrets
from dataclasses import asdict, dataclass
from pathlib import Path

from django.db import connection, transaction
from django.db.models import Max, Min
from django.utils import timezone

from accounts.models import Account, ClosedYear
from inquiries import activation, bound_phones, mandates, second_factors
from inquiries.door.scopes import scopes_with_pages
from inquiries.models import BoundPhone, Mandate, Purpose, User
from inquiries.models.mandates import LONGEST
from portal.population import numbers, special
from portal.population.places import AREAS
from registry.models import FeedFile, InsuredPerson
from registry.roles import acting_as

PEOPLE, EMPLOYERS, YEARS, SEED = 240, 12, 10, 7
FIRST_PHONE = 90_000_000
SHOWN = (
    "long_career",
    "arrears",
    "pool_only",
    "resident",
    "retiree",
    "transferred_in",
    "just_registered",
    "old_source",
)
GRANTOR, PROXY = "long_career", "retiree"
WORDS = """
    amber bamboo bridge cedar cloud copper coral crane daisy dawn delta ember falcon fern forest garden harbor
    hazel island jade kite lake lantern lemon lotus maple meadow mint moon orchid pearl pine plum pond rain
    river rose sand silk snow spring star stone sun tea tiger valley violet willow wind
""".split()


@dataclass(frozen=True)
class SignIn:
    """One line of what the newcomer reads: through which door, with what, as whom, and what there is to see."""

    door: str
    login: str
    name: str
    password: str
    phone: str
    shows: str


def is_embedded_demo():
    """Whether this database carries the launcher's marker row."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass('embedded_demo') IS NOT NULL")
        if not cursor.fetchone()[0]:
            return False
        cursor.execute("SELECT EXISTS (SELECT FROM embedded_demo)")
        return cursor.fetchone()[0]


def is_loaded():
    """Whether the last kind of file is in; a load that was cut short is taken up again."""
    return FeedFile.objects.filter(kind="source_states", state=FeedFile.State.LOADED).exists()


def years_to_state():
    """The complete years of the records whose statements are not issued yet, in order."""
    seen = Account.objects.aggregate(first=Min("opened_month"), last=Max("last_booked_month"))
    if seen["first"] is None:
        return []
    complete = seen["last"].year if seen["last"].month == 12 else seen["last"].year - 1
    stated = set(ClosedYear.objects.values_list("year", flat=True))
    return [year for year in range(seen["first"].year, complete + 1) if year not in stated]


def visitors():
    """(door, login, name, what it shows) of everybody the demo has a sign-in for."""
    people = {s.key: s for s in special.SPECIAL}
    for key in SHOWN:
        holds = f" Holds a mandate of {people[GRANTOR].name}." if key == PROXY else ""
        yield User.Kind.PERSON, people[key].number, people[key].name, people[key].note.strip() + holds
    name, number = special.agent(0)
    yield User.Kind.AGENT, number, name, "Agent of an employer: payment list of the month, print page."
    beijing = AREAS[0]
    yield User.Kind.STAFF, special.staff_no(beijing, 1), special.STAFF_NAMES[0], "Window clerk: start a visit."
    asks = "Operator: batches, look one person up, ask for a correction."
    yield User.Kind.STAFF, special.staff_no(beijing, 2), special.STAFF_NAMES[1], asks
    decides = "Second operator: approve or refuse what the first one asked for."
    yield User.Kind.STAFF, special.staff_no(AREAS[1], 2), special.STAFF_NAMES[4], decides
    yield User.Kind.STAFF, special.staff_no(beijing, 3), special.STAFF_NAMES[2], "Auditor: looks at all of it."
    shows = (
        "System administrator: asks for accounts of staff.",
        "Security administrator: approves or refuses what was asked for.",
    )
    for (_role, number, name), what in zip(special.ADMINISTRATORS, shows, strict=True):
        yield User.Kind.STAFF, special.staff_no(beijing, number), name, what
    desk, second = special.FURTHER_STAFF
    yield User.Kind.STAFF, special.staff_no(beijing, desk[1]), desk[2], "12333 desk: enter a caller's number and code."
    confirms = "Second clerk: confirms the papers of proxies."
    yield User.Kind.STAFF, special.staff_no(beijing, second[1]), second[2], confirms


def sign_ins(kept: Path):
    """The demo's sign-ins; who has no password yet is activated with a new one. `kept` is a private file of ours."""
    known = {(s["door"], s["login"]): s for s in _read(kept)}
    found = []
    for door, login, name, shows in visitors():
        user = _user(door, login)
        old = known.get((door.value, login))
        # The first person shows the second step too; the others' long passwords stand alone, as persons may choose.
        alone = door == User.Kind.PERSON and any(s.door == door for s in found)
        phone = "" if alone else numbers.phone(FIRST_PHONE + len(found))
        password = old["password"] if old else "-".join(secrets.choice(WORDS) for _ in range(4))
        with transaction.atomic():
            if not (old and user.check_password(password) and user.password_alone == alone):
                code = activation.issue(user)
                activation.activate(activation.open_code(door, login, name, code), password, alone)
            if phone and not bound_phones.of_user(user):
                bound_phones.bind(user, phone, BoundPhone.Source.WINDOW)
                second_factors.note_set_up(user, "phone")
        found.append(SignIn(door.value, login, name, password, phone, shows))
    _write(kept, found)
    return found


def entrust():
    """One of the shown persons may ask for another for a month, so that there is something to choose from."""
    people = {s.key: s for s in special.SPECIAL}
    grantor = InsuredPerson.objects.with_number("citizen", people[GRANTOR].number).get()
    if Mandate.objects.in_force().filter(person=grantor).exists():
        return
    with acting_as("web"):
        until = timezone.localdate() + LONGEST
        proxy = (people[PROXY].name, people[PROXY].number)
        scopes = [str(scope) for scope in scopes_with_pages()]
        mandates.grant(grantor.user, grantor, *proxy, scopes, Purpose.CONSULT, until)


def _user(door, login):
    if door != User.Kind.PERSON:
        return User.objects.with_login(door, login)
    return activation.user_for_person(InsuredPerson.objects.with_number("citizen", login).get(), login)


def _read(kept):
    return json.loads(kept.read_text(encoding="utf-8")) if kept.exists() else []


def _write(kept, found):
    """Write the file whole or not at all, for its owner's eyes only."""
    kept.parent.mkdir(parents=True, exist_ok=True)
    new = kept.with_suffix(".new")
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        json.dump([asdict(s) for s in found], file, ensure_ascii=False, indent=1)
    new.replace(kept)
