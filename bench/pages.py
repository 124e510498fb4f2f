"""How fast the pages are against /me/, the portal's smallest page behind the door, and what the door costs."""

from datetime import date

from inquiries.models import User

from . import door, population
from .ground import say
from .serving import Visitor, ask, served

ME, OPEN_PAGE, LIST = "/me/", "/halls/", "/payment-list/"
LAST_YEAR = date.today().year - 1
LIFE, YEAR, STATEMENT = "/payments/", f"/payments/?year={LAST_YEAR}", f"/statements/{LAST_YEAR}/"
OF_ACCOUNT = tuple(f"/accounts/pension/{page}" for page in ("", "entries/", "sources/", "interest/"))
OTHERS = ("/payments/lifetime/", "/registration/", "/statements/", STATEMENT, "/prospects/")
PAGES = (OPEN_PAGE, "/accounts/", *OF_ACCOUNT, LIFE, YEAR, *OTHERS, LIST)
LEAST = {"/accounts/": 0.5, YEAR: 0.6}
PEOPLE, AGENTS = 60, 8


def measure(ground, asked, table):
    database, _run = ground.fed_database(asked)
    ground.close_years(database)
    population.use(database)
    say(f"Activating {PEOPLE} people and {AGENTS} agents ...")
    people, agents = population.sign_up_people(PEOPLE), population.sign_up_agents(AGENTS)
    door.as_served()
    for page in (ME, *PAGES):
        kind, login = (User.Kind.AGENT, agents[0]) if page == LIST else (User.Kind.PERSON, people[0])
        client = door.signed_in(kind, login)
        door.count_queries(client, page, table)
        if page not in (ME, LIST):
            door.time_in_turn(client, page, ME, asked.rounds, table)
    door.time_door(door.signed_in(User.Kind.PERSON, people[0]), asked.rounds, table)
    with served(ground, database) as address:
        say(f"Signing in {len(people)} people and {len(agents)} agents ...")
        visitors = sign_in(address, User.Kind.PERSON, people), sign_in(address, User.Kind.AGENT, agents)
        # wrk takes a redirect for an answer, so it is seen before and after that everybody gets the page itself.
        for page in (ME, *PAGES):
            for visitor in _visitors(visitors, page):
                visitor.get(page)
        rounds = [_round(visitors, number, asked) for number in range(asked.rounds)]
        for page in (ME, *PAGES):
            _visitors(visitors, page)[-1].get(page)
    _enter(rounds, table)


def sign_in(address, kind, logins):
    return [Visitor(address).sign_in(kind, login, population.PASSWORD, population.next_code(login)) for login in logins]


def _visitors(visitors, page):
    people, agents = visitors
    return agents if page == LIST else people


def _round(visitors, number, asked):
    """{page: (answers of /me/, answers of the page)}: asked one right after the other, for the machine's pace changes.

    Every other round has the opposite order.
    """
    say(f"pages: round {number + 1} of {asked.rounds}")
    step = -1 if number % 2 else 1
    return {page: _pair(visitors, page, step, asked.seconds) for page in PAGES[::step]}


def _pair(visitors, page, step, seconds):
    answers = {each: ask(_visitors(visitors, each), each, seconds) for each in (ME, page)[::step]}
    return answers[ME], answers[page]


def _enter(rounds, table):
    _enter_page(ME, [pair[0] for pairs in rounds for pair in pairs.values()], table)
    for page in PAGES:
        pairs = [pairs[page] for pairs in rounds]
        _enter_page(page, [seen for _me, seen in pairs], table)
        against = [seen.rate / me.rate for me, seen in pairs]
        table.add("pages", f"{page} against {ME}", "× requests/s", against, least=LEAST.get(page))


def _enter_page(page, seen, table):
    table.add("pages", page, "requests/s", [answers.rate for answers in seen])
    table.add("pages", f"{page} p50", "ms", [answers.p50 for answers in seen])
    table.add("pages", f"{page} p99", "ms", [answers.p99 for answers in seen])
