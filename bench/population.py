"""Which of the invented people visit the portal, and how they come to their sessions."""

from django.conf import settings
from django.db import connection

from accounts.models import Account
from inquiries import activation, printed_codes, second_factors
from inquiries.models import EmployerAgent, User
from registry.models import Employer, InsuredPerson
from registry.roles import acting_as

PASSWORD = "a measured walk by the river"
# {login: the codes that this agent has not used}
CODES = {}
LARGEST_EMPLOYERS = """
SELECT employer_id FROM registry_enrolment WHERE status = 'active' AND employer_id IS NOT NULL
GROUP BY employer_id ORDER BY count(DISTINCT person_id) DESC, employer_id LIMIT %s
"""


def use(database):
    """Point Django's connection in this process, in all four roles, at a database of the cluster."""
    connection.close()
    for config in (connection.settings_dict, *settings.ROLE_DATABASES.values()):
        config["NAME"] = database


def people(count):
    """Evenly spread over the register: employees who pay in at present and have an account."""
    insured = InsuredPerson.objects.filter(
        enrolments__status="active", enrolments__category="employee", pk__in=Account.objects.values("person_id")
    )
    found = list(insured.distinct().order_by("pk"))
    return found[:: max(1, len(found) // count)][:count]


def sign_up_people(count):
    """The logins of `count` people after activation: each has a user with a password."""
    with acting_as("job"):
        chosen = people(count)
        for person in chosen:
            _activate(activation.user_for_person(person, _login(person)), person, alone=True)
    return [_login(person) for person in chosen]


def sign_up_agents(count):
    """The logins of one new agent for each of the largest employers."""
    with acting_as("job"):
        with connection.cursor() as cursor:
            cursor.execute(LARGEST_EMPLOYERS, [count])
            employers = Employer.objects.in_bulk([row[0] for row in cursor.fetchall()]).values()
        for employer in employers:
            key = User.key_of(User.Kind.AGENT, _login(employer))
            user = User.objects.create(kind=User.Kind.AGENT, login_key=key, name=employer.name)
            EmployerAgent.objects.create(user=user, employer=employer, since="2020-01-01")
            _activate(user, employer)
            # Agents never sign in with a password alone: each has a sheet of codes.
            CODES[_login(employer)] = printed_codes.hand_out(user)
            second_factors.note_set_up(user, "codes")
    return [_login(employer) for employer in employers]


def _login(record):
    """A number to sign in with: begins like every invented identity number, and is nobody's."""
    return f"99{int(isinstance(record, Employer))}{record.pk:015d}"


def next_code(login):
    """A code for the second step, crossed out; None for whoever signs in with the password alone."""
    return CODES[login].pop() if login in CODES else None


def _activate(user, record, alone=False):
    code = activation.issue(user)
    activation.activate(activation.open_code(user.kind, _login(record), user.name, code), PASSWORD, alone)
