"""How fast the pages are against /me/, the portal's smallest page behind the door, and what the door costs."""

from inquiries.models import User

from . import door, population
from .ground import say
from .serving import Visitor, ask, served

ME, OPEN_PAGE, LIST = "/me/", "/halls/", "/payment-list/"
PAGES = (ME, OPEN_PAGE, "/accounts/", "/accounts/pension/", "/payments/", "/registration/", LIST)
LEAST = {"/accounts/": 0.5}
PEOPLE, AGENTS = 60, 8


def measure(ground, asked, table):
    database, _run = ground.fed_database(asked)
    population.use(database)
    say(f"Activating {PEOPLE} people and {AGENTS} agents ...")
    people, agents = population.sign_up_people(PEOPLE), population.sign_up_agents(AGENTS)
    for page in PAGES:
        kind, login = (User.Kind.AGENT, agents[0]) if page == LIST else (User.Kind.PERSON, people[0])
        door.count_queries(door.signed_in(kind, login), page, table)
    door.time_door(door.signed_in(User.Kind.PERSON, people[0]), asked.rounds, table)
    with served(ground, database) as address:
        say(f"Signing in {len(people)} people and {len(agents)} agents ...")
        visitors = sign_in(address, User.Kind.PERSON, people), sign_in(address, User.Kind.AGENT, agents)
        # wrk takes a redirect for an answer, so it is seen before and after that everybody gets the page itself.
        for page in PAGES:
            for visitor in _visitors(visitors, page):
                visitor.get(page)
        rounds = [_round(visitors, number, asked) for number in range(asked.rounds)]
        for page in PAGES:
            _visitors(visitors, page)[-1].get(page)
    _enter(rounds, table)


def sign_in(address, kind, logins):
    return [Visitor(address).sign_in(kind, login, population.PASSWORD) for login in logins]


def _visitors(visitors, page):
    people, agents = visitors
    return agents if page == LIST else people


def _round(visitors, number, asked):
    """Every page once; every other round in the opposite order."""
    say(f"pages: round {number + 1} of {asked.rounds}")
    return {page: ask(_visitors(visitors, page), page, asked.seconds) for page in PAGES[:: -1 if number % 2 else 1]}


def _enter(rounds, table):
    for page in PAGES:
        seen = [answers[page] for answers in rounds]
        table.add("pages", page, "requests/s", [answer.rate for answer in seen])
        table.add("pages", f"{page} p50", "ms", [answer.p50 for answer in seen])
        table.add("pages", f"{page} p99", "ms", [answer.p99 for answer in seen])
        if page != ME:
            against = [answers[page].rate / answers[ME].rate for answers in rounds]
            table.add("pages", f"{page} against {ME}", "× requests/s", against, least=LEAST.get(page))
