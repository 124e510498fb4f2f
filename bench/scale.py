"""Whether pages stay as fast when the register grows: the same people alone, and among many others."""

from inquiries.models import User

from . import population
from .ground import say
from .pages import sign_in
from .serving import ask, served
from .widen import widen

FEW, PEOPLE = 100, 60
PAGES = ("/accounts/", "/payments/", "/registration/")
MOST = {"/accounts/": 1.2}
SMALL, LARGE = "small", "large"


def measure(ground, asked, table):
    _make(ground, asked)
    with served(ground, SMALL) as small, served(ground, LARGE) as large:
        visitors = {SMALL: _visitors(small, SMALL), LARGE: _visitors(large, LARGE)}
        rounds = [_round(visitors, number, asked) for number in range(asked.rounds)]
    people = {name: ground.one(name, "SELECT count(*) FROM registry_insuredperson")[0] for name in (SMALL, LARGE)}
    counts = {name: f"{count:,}" for name, count in people.items()}
    for page in PAGES:
        _enter(page, [answers[page] for answers in rounds], counts, table)


def _make(ground, asked):
    """Two databases: the people of a small feed, and a copy in which SQL gave each of them many doubles."""
    ground.new_database(SMALL)
    ground.load(SMALL, ground.make_feed(FEW, asked.years, asked.seed))
    ground.clone(SMALL, LARGE)
    say(f"Widening {FEW} people to {asked.people:,} ...")
    with ground.connected(LARGE, "portal_owner") as connection:
        widen(connection, asked.people)
    for name in (SMALL, LARGE):
        ground.settle(name)


def _visitors(address, database):
    say(f"Signing in {PEOPLE} people of the database {database} ...")
    population.use(database)
    visitors = sign_in(address, User.Kind.PERSON, population.sign_up_people(PEOPLE))
    for page in PAGES:
        for visitor in visitors:
            visitor.get(page)
    return visitors


def _round(visitors, number, asked):
    say(f"scale: round {number + 1} of {asked.rounds}")
    order = (SMALL, LARGE)[:: -1 if number % 2 else 1]
    return {page: {name: ask(visitors[name], page, asked.seconds) for name in order} for page in PAGES}


def _enter(page, rounds, counts, table):
    for name in (SMALL, LARGE):
        people = f"{page} at {counts[name]} people"
        table.add("scale", people, "requests/s", [answers[name].rate for answers in rounds])
        table.add("scale", f"{people} p50", "ms", [answers[name].p50 for answers in rounds])
        table.add("scale", f"{people} p99", "ms", [answers[name].p99 for answers in rounds])
    growth = f"{page} at {counts[LARGE]} against {counts[SMALL]} people"
    for figure, target in (("p50", MOST.get(page)), ("p99", None)):
        ratios = [getattr(answers[LARGE], figure) / getattr(answers[SMALL], figure) for answers in rounds]
        table.add("scale", f"{growth}, {figure}", "× latency", ratios, most=target)
