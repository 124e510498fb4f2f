"""Whether the time of a refused sign-in tells what the words do not: if there is such an account, and in what state.

A wrong password is sent for accounts in use, for frozen and disabled ones, and for numbers that nobody has, one of each
in a drawn order, each account once and each from a source of its own, so that no wait is begun. One thread, no HTTP.
"""

import random
import time
from itertools import product

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from inquiries.models import User

from . import population
from .ground import say
from .process import Failed

OF_EACH = 60
IN_USE, FROZEN, DISABLED, NOBODY = "in use", "frozen", "disabled", "nobody's"
# How often one of a pair takes longer than the other: half of the time where nothing can be told from it.
LEAST, MOST = 0.4, 0.6


def measure(ground, asked, table):
    database, _run = ground.fed_database(asked)
    population.use(database)
    say(f"Activating {3 * OF_EACH} people ...")
    logins = population.sign_up_people(3 * OF_EACH)
    keys = {login: User.key_of(User.Kind.PERSON, login) for login in logins}
    states = {IN_USE: logins[0::3], FROZEN: logins[1::3], DISABLED: logins[2::3]}
    User.objects.filter(login_key__in=[keys[login] for login in states[FROZEN]]).update(frozen_at=timezone.now())
    User.objects.filter(login_key__in=[keys[login] for login in states[DISABLED]]).update(is_active=False)
    states[NOBODY] = [f"992{number:015d}" for number in range(len(states[IN_USE]))]
    taken = {state: [] for state in states}
    order = random.Random(asked.seed)
    for number, turn in enumerate(zip(*states.values(), strict=False)):
        for place, (state, login) in order.sample(list(enumerate(zip(states, turn, strict=True))), len(states)):
            taken[state].append(_refused(login, f"198.51.{number}.{place}"))
    for state, values in taken.items():
        table.add("sign-in", f"refused, an account {state}", "ms", values)
    for state in (FROZEN, DISABLED, NOBODY):
        longer = _chance_of_longer(taken[state], taken[IN_USE])
        table.add("sign-in", f"chance that {state} takes longer than in use", "", [longer], least=LEAST, most=MOST)


def _refused(login, source):
    client, address = Client(headers={"host": "127.0.0.1"}), reverse("sign_in", args=["person"])
    form = {"login": login, "password": "a wrong guess at it", "public": "no"}
    start = time.perf_counter()
    answer = client.post(address, form, REMOTE_ADDR=source)
    seconds = time.perf_counter() - start
    if answer.status_code != 200:
        raise Failed(f"A wrong password was answered with {answer.status_code}.")
    return seconds * 1000


def _chance_of_longer(these, those):
    pairs = [(this > that) + (this == that) / 2 for this, that in product(these, those)]
    return sum(pairs) / len(pairs)
