"""What the database knows of the open inquiry: the functions that the second wall compares with (portal/walls.py).

A transaction names its inquiry by the token, in the setting `portal.inquiry`. The functions read the inquiry with the
owner's rights and answer null where the token names none, or one that was closed or has expired. A policy asks each of
them in a sub-select of its own, which is carried out once per statement and only where it is needed.
"""

from django.db import migrations

# The search path is fixed, because a function with its owner's rights must not find a table that somebody else made.
RIGHTS = "SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp"
OPEN = """
    i.token = current_setting('portal.inquiry', true) AND i.closed_at IS NULL AND i.expires_at > statement_timestamp()
"""


def definer(signature, returns, body, is_stable=True):
    """A function with its owner's rights, which nobody may call until `manage.py grant_roles` says who."""
    changes = "STABLE PARALLEL SAFE" if is_stable else "VOLATILE"
    return (
        f"CREATE FUNCTION {signature} RETURNS {returns} LANGUAGE plpgsql {changes} {RIGHTS} AS $$\n"
        f"BEGIN\n{body}\nEND $$;\nREVOKE ALL ON FUNCTION {signature} FROM PUBLIC;\n"
    )


def of_open_inquiry(name, returns, answer, condition="true"):
    asked = f"SELECT {answer} FROM inquiries_inquiry i WHERE {OPEN} AND {condition}"  # noqa: S608 - our own words alone
    return definer(f"{name}()", returns, f"    RETURN ({asked});")


HER_IDS = "i.person_id || ARRAY(SELECT d.id FROM registry_insuredperson d WHERE d.merged_into_id = i.person_id)"
HER_ENROLMENTS = "RETURN ARRAY(SELECT e.id FROM registry_enrolment e WHERE e.person_id = ANY (inquiry_persons()));"

# Entering names the inquiry and reads whose record it opens: one statement for the door, in this order.
ENTER = """
    IF shows_only THEN
        PERFORM set_config('transaction_read_only', 'on', true);
    END IF;
    PERFORM set_config('portal.inquiry', token, true);
    RETURN QUERY SELECT p.* FROM registry_insuredperson p WHERE p.id = ANY (inquiry_persons());
"""
WITH_NUMBER = """
    RETURN (SELECT coalesce(p.merged_into_id, p.id) FROM registry_identifier n
            JOIN registry_insuredperson p ON p.id = n.person_id
            WHERE n.id_type = person_with_number.id_type AND n.number_hash = hash);
"""
# What a new password must not be made of, and the phone that a code may prove: of whoever signs in with this key.
OWN_DATA = """
    RETURN QUERY SELECT p.birth_date, p.name::text, p.phone_encrypted,
        ARRAY(SELECT n.number_encrypted FROM registry_identifier n WHERE n.person_id = p.id)
    FROM inquiries_user u JOIN registry_insuredperson p ON p.id = u.person_id WHERE u.login_key = key;
"""
# A view has its owner's rights: which number of the register is whose, and nothing else of anybody.
MERGED_PERSON = """
CREATE VIEW merged_person AS SELECT id, merged_into_id FROM registry_insuredperson WHERE merged_into_id IS NOT NULL;
"""

FUNCTIONS = {
    "inquiry_key()": of_open_inquiry("inquiry_key", "bigint[]", "ARRAY[i.id, i.user_id]"),
    "inquiry_persons()": of_open_inquiry("inquiry_persons", "bigint[]", HER_IDS, "i.person_id IS NOT NULL"),
    "inquiry_employer()": of_open_inquiry("inquiry_employer", "bigint", "i.employer_id"),
    "inquiry_visit()": of_open_inquiry("inquiry_visit", "bigint", "i.visit_id"),
    "inquiry_books()": of_open_inquiry(
        "inquiry_books",
        "text",
        "i.capacity",
        "i.capacity IN ('operator', 'auditor') AND i.person_id IS NULL AND i.employer_id IS NULL",
    ),
    "inquiry_enrolments()": definer("inquiry_enrolments()", "bigint[]", HER_ENROLMENTS),
    "enter_inquiry(text, boolean)": definer(
        "enter_inquiry(token text, shows_only boolean)", "SETOF registry_insuredperson", ENTER, is_stable=False
    ),
    "own_data(text)": definer(
        "own_data(key text)", "TABLE (birth_date date, name text, phone bytea, numbers bytea[])", OWN_DATA
    ),
    "person_with_number(text, bytea)": definer("person_with_number(id_type text, hash bytea)", "bigint", WITH_NUMBER),
}


def wall_functions():
    """Migration operation: the functions over the open inquiry, the look-up of one person, the merged persons' ids."""
    drops = "".join(f"DROP FUNCTION {signature};" for signature in reversed(FUNCTIONS))
    return migrations.RunSQL("".join(FUNCTIONS.values()) + MERGED_PERSON, "DROP VIEW merged_person;" + drops)
