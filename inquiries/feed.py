"""The kinds of file that say who may sign in for an agency or an employer. No password comes by file, ever."""

import re
from dataclasses import dataclass

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.utils.translation import gettext as _

from registry.feed.cells import CellError, escaped
from registry.feed.columns import AgencyCode, Code, Day, Name, Text, Unit, Word
from registry.feed.kinds import Kind, Stored
from registry.feed.people import (
    NAME_TITLE,
    NUMBER_TITLE,
    TYPE_TITLE,
    OfPerson,
    checked_name,
    checked_number,
    id_type_of,
    number_error,
)
from registry.feed.records import reject_rows, same_names, store_records

from .models import EmployerAgent, StaffMember, User

ROLES = {
    "窗口经办人": "clerk",
    "操作员": "operator",
    "审计员": "auditor",
    "12333坐席": "phone",
    "系统管理员": "system",
    "安全管理员": "security",
}


@dataclass(frozen=True)
class StaffNumber(Code):
    """工号: staged with the login key of the user who signs in with it."""

    max_length: int = 30

    @property
    def raw(self):
        return {self.name: "text", "login_key": "text"}

    @property
    def typed(self):
        return super().typed | {"login_key": ("text", "r.login_key")}

    def prepare(self, number):
        if not re.fullmatch(self.pattern, number):
            raise CellError(self.title, number, self.expected(number))
        return escaped(number), User.key_of(User.Kind.STAFF, number)


@dataclass(frozen=True)
class AgentNumber(OfPerson):
    """姓名, 证件类型, 证件号码 of somebody who signs in for an employer; she need not be insured."""

    @property
    def title_by_name(self):
        return {"name": NAME_TITLE, "id_type": TYPE_TITLE, "login_key": NUMBER_TITLE}

    @property
    def raw(self):
        return {"name": "text", "login_key": "text"}

    @property
    def typed(self):
        return {name: ("text", f"r.{name}") for name in self.raw}

    def prepare(self, name, id_type, number):
        compact, error = checked_number(id_type_of(id_type), number)
        if error:
            raise number_error(error, number)
        return checked_name(name), User.key_of(User.Kind.AGENT, compact)


def one_name_per_login(cursor, table):
    """Two lines of one agent give her one name."""
    query = (
        f"SELECT t.row, t.name FROM {table} t JOIN (SELECT DISTINCT ON (login_key) login_key, name FROM {table} "
        "ORDER BY login_key, row) f USING (login_key) WHERE t.name <> f.name"
    )
    return reject_rows(cursor, query, "name", _("the name that goes with this number further up"))


def ends_after_it_began(cursor, table):
    query = f"SELECT row, until FROM {table} WHERE until < since"
    return reject_rows(cursor, query, "until", _("a day not before the first one"))


def _with_user(table):
    return f"(SELECT s.*, u.id AS user_id FROM {table} s JOIN inquiries_user u USING (login_key))"


def _store_users(cursor, table, kind):
    """Make the users that are missing, without a usable password, and correct names; returns the lines they changed."""
    once = f"(SELECT DISTINCT ON (login_key) * FROM {table} ORDER BY login_key, row)"
    cursor.execute(f"SELECT count(*) FROM {table} t JOIN inquiries_user u USING (login_key) WHERE u.name <> t.name")
    renamed = cursor.fetchone()[0]
    fixed = {
        "kind": f"'{kind.value}'",
        "password": f"'{UNUSABLE_PASSWORD_PREFIX}' || md5(gen_random_uuid()::text)",
        "is_superuser": "false",
        "is_active": "true",
        "date_joined": "now()",
    }
    store_records(cursor, once, User, {"login_key": "t.login_key"}, {"name": "t.name"}, fixed=fixed)
    return renamed


def store_staff(cursor, table, feed_file_id):
    renamed = _store_users(cursor, table, User.Kind.STAFF)
    columns = same_names("user_id", "role", "office", "since", "until") | {"agency_id": "t.agency_code"}
    stored = store_records(
        cursor, _with_user(table), StaffMember, {"staff_no": "t.staff_no"}, columns, feed_file_id=feed_file_id
    )
    return _with_renamed(stored, renamed)


def store_agents(cursor, table, feed_file_id):
    renamed = _store_users(cursor, table, User.Kind.AGENT)
    key = same_names("user_id", "employer_id", "since")
    stored = store_records(
        cursor, _with_user(table), EmployerAgent, key, same_names("until", "letter_no"), feed_file_id=feed_file_id
    )
    return _with_renamed(stored, renamed)


def _with_renamed(stored, renamed):
    """A line that changed nothing but a name has changed something."""
    only_renamed = min(renamed, stored.already_there)
    return stored + Stored(0, -only_renamed, only_renamed)


KINDS = [
    Kind(
        "staff",
        "经办人员",
        (
            StaffNumber("工号", "staff_no"),
            Name("姓名", "name", max_length=60),
            Word("角色", "role", words=ROLES),
            AgencyCode("机构编码", "agency_code"),
            Text("办公地点", "office", max_length=60),
            Day("任职日期", "since"),
            Day("离任日期", "until", required=False),
        ),
        key=("login_key",),
        store=store_staff,
        checks=(ends_after_it_began,),
    ),
    Kind(
        "agents",
        "单位经办人",
        (
            AgentNumber(),
            AgencyCode("机构编码", "agency_code"),
            Unit(),
            Day("授权起始日", "since"),
            Day("授权终止日", "until", required=False),
            Text("介绍信编号", "letter_no", required=False, max_length=60),
        ),
        key=("login_key", "employer_id", "since"),
        store=store_agents,
        checks=(one_name_per_login, ends_after_it_began),
    ),
]
