"""Unusual look-ups of a period, for auditors: each question is one query over the log, and a sign, not a proof.

The thresholds are the portal's own. A clerk's colleagues and family are not among them: staff and insured persons have
users of their own that nothing ties together.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.conf import settings
from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from registry.months import month_of

SHOWN = 50
PERIOD_DAYS = 31
TIMES_MEDIAN = 3
FEWEST_OF_CLERK = 20  # persons a day, below which nobody is busy
FEWEST_OF_AGENT = 20  # acts a day
FEWEST_DAYS = 4  # before an agent has a median of her own
MANY_LOOKERS = 5
OPENS, CLOSES = 7, 20  # hours of the day
MOST_GRANTORS = 3

# Every question begins with the look-ups of the period; rows about nobody count for none.
LOGGED = """
WITH logged AS (
    SELECT r.*, (r.at AT TIME ZONE %(zone)s) AS local, (r.at AT TIME ZONE %(zone)s)::date AS day
    FROM inquiries_accesslog r
    WHERE r.at >= %(since)s AND r.at < %(until)s AND r.month >= %(first_month)s AND r.month <= %(last_month)s
)
"""
STAFF = "('clerk', 'phone', 'operator')"
WHO = "coalesce((SELECT m.staff_no FROM inquiries_staffmember m WHERE m.user_id = f.user_id), '')"
BUSY_CLERKS = f"""{LOGGED}, days AS (
    SELECT user_id, day, count(DISTINCT person_id) AS persons FROM logged
    WHERE capacity = 'clerk' AND person_id > 0 GROUP BY user_id, day
), usual AS (SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY persons) AS median FROM days)
SELECT {WHO}, f.day, f.persons, usual.median, f.user_id FROM days f, usual
WHERE f.persons >= %(fewest_of_clerk)s AND f.persons >= %(times)s * usual.median OR f.persons >= %(quota)s
ORDER BY f.persons DESC, f.user_id, f.day LIMIT %(shown)s
"""
MUCH_LOOKED_UP = f"""{LOGGED}
SELECT f.person_id::text, max(f.day), count(DISTINCT f.user_id), NULL, f.person_id FROM logged f
WHERE f.capacity IN {STAFF} AND f.person_id > 0
GROUP BY f.person_id HAVING count(DISTINCT f.user_id) >= %(many)s
ORDER BY 3 DESC, f.person_id LIMIT %(shown)s
"""
OUT_OF_HOURS = f"""{LOGGED}
SELECT {WHO}, f.day, count(DISTINCT f.act), NULL, f.user_id FROM logged f
WHERE f.capacity IN {STAFF} AND f.person_id > 0
    AND (extract(isodow FROM f.local) > 5 OR extract(hour FROM f.local) NOT BETWEEN %(opens)s AND %(closes)s - 1)
GROUP BY f.user_id, f.day ORDER BY 3 DESC, f.user_id, f.day LIMIT %(shown)s
"""
BUSY_AGENTS = f"""{LOGGED}, days AS (
    SELECT user_id, min(employer_id) AS employer_id, day, count(DISTINCT act) AS acts FROM logged
    WHERE capacity = 'agent' GROUP BY user_id, day
), usual AS (
    SELECT user_id, percentile_cont(0.5) WITHIN GROUP (ORDER BY acts) AS median FROM days
    GROUP BY user_id HAVING count(*) >= %(fewest_days)s
)
SELECT coalesce(e.name, ''), f.day, f.acts, usual.median, f.user_id
FROM days f JOIN usual USING (user_id) LEFT JOIN registry_employer e ON e.id = f.employer_id
WHERE f.acts >= %(fewest_of_agent)s AND f.acts >= %(times)s * usual.median
ORDER BY f.acts DESC, f.user_id, f.day LIMIT %(shown)s
"""
BUSY_PROXIES = f"""{LOGGED}
SELECT '', max(f.day), count(DISTINCT f.person_id), NULL, f.user_id FROM logged f
WHERE f.capacity IN ('proxy', 'guardian') AND f.person_id > 0
GROUP BY f.user_id, f.month HAVING count(DISTINCT f.person_id) > %(grantors)s
ORDER BY 3 DESC, f.user_id LIMIT %(shown)s
"""
QUESTIONS = {
    "busy_clerks": (_("Clerks who looked up far more people in a day than usual"), BUSY_CLERKS),
    "much_looked_up": (_("Records that many members of staff looked at"), MUCH_LOOKED_UP),
    "out_of_hours": (_("Look-ups outside office hours"), OUT_OF_HOURS),
    "busy_agents": (_("Employers' agents who asked far more in a day than they usually do"), BUSY_AGENTS),
    "busy_proxies": (_("Proxies of more than three people in a month"), BUSY_PROXIES),
}


@dataclass(frozen=True)
class Unusual:
    """One finding. `who`: staff number, employer or record number; `usual`: the median it is compared with, or None."""

    who: str
    day: date
    count: int
    usual: float | None
    number: int  # internal id of the user, or of the record


def find(question, since, until):
    """The findings of one of QUESTIONS in the days from `since` to `until`, both included. One query."""
    with connection.cursor() as cursor:
        cursor.execute(QUESTIONS[question][1], _facts(since, until))
        return [Unusual(*row) for row in cursor.fetchall()]


def _facts(since, until):
    midnight = [timezone.make_aware(datetime.combine(day, time())) for day in (since, until + timedelta(days=1))]
    return {
        "zone": timezone.get_default_timezone_name(),
        "since": midnight[0],
        "until": midnight[1],
        "first_month": month_of(since),
        "last_month": month_of(until),
        "times": TIMES_MEDIAN,
        "fewest_of_clerk": FEWEST_OF_CLERK,
        "quota": settings.LOOKUPS_PER_DAY,
        "many": MANY_LOOKERS,
        "opens": OPENS,
        "closes": CLOSES,
        "fewest_days": FEWEST_DAYS,
        "fewest_of_agent": FEWEST_OF_AGENT,
        "grantors": MOST_GRANTORS,
        "shown": SHOWN,
    }


class UnusualLooks:
    """All that is unusual in the last PERIOD_DAYS days. Five queries; nobody is named."""

    person_ids = ()

    def __init__(self, _request=None):
        self.until = timezone.localdate()
        self.since = self.until - timedelta(days=PERIOD_DAYS - 1)
        self.sections = [(key, title, find(key, self.since, self.until)) for key, (title, _sql) in QUESTIONS.items()]
