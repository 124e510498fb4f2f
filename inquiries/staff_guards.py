"""What the database itself keeps true of the accounts of staff, whoever writes. Migration operations.

The pages may change an account only by an approved request, decided in the same transaction by somebody else than who
asked; the feed and commands may write accounts, and each such line leaves a deed behind.
"""

from django.db import migrations

# Compared with the staff of the day: whoever signs as an administrator must be one, and in use of the account.
HOLDS_ROLE = """
CREATE FUNCTION holds_staff_role(person bigint, roles text[]) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (
        SELECT FROM inquiries_staffmember s JOIN inquiries_user u ON u.id = s.user_id
        WHERE s.user_id = person AND s.role = ANY (roles) AND s.since <= current_date
            AND (s.until IS NULL OR s.until > current_date) AND u.is_active
    )
$$;
"""

REQUEST_MOVES_ON = """
CREATE FUNCTION staff_request_moves_on() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    about bigint := (SELECT user_id FROM inquiries_staffmember WHERE id = NEW.member_id);
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.decision <> '' OR NEW.code_issued_at IS NOT NULL OR NEW.asked_by_id = about
            OR (current_user = 'portal_web' AND NOT holds_staff_role(NEW.asked_by_id, ARRAY['system']))
        THEN
            RAISE EXCEPTION 'a system administrator asks, about somebody else' USING ERRCODE = 'insufficient_privilege';
        END IF;
        NEW.asked_at := now();
        RETURN NEW;
    END IF;
    IF (NEW.id, NEW.what, NEW.staff_no, NEW.name, NEW.role, NEW.agency_id, NEW.office, NEW.until, NEW.reason,
        NEW.asked_by_id, NEW.asked_at) IS DISTINCT FROM
       (OLD.id, OLD.what, OLD.staff_no, OLD.name, OLD.role, OLD.agency_id, OLD.office, OLD.until, OLD.reason,
        OLD.asked_by_id, OLD.asked_at)
    THEN
        RAISE EXCEPTION 'what a request asks for never changes' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF OLD.decision = '' AND NEW.decision <> '' THEN
        IF NEW.decided_by_id = about
            OR (current_user = 'portal_web' AND NOT holds_staff_role(NEW.decided_by_id, ARRAY['security']))
        THEN
            RAISE EXCEPTION 'a security administrator decides, about somebody else'
                USING ERRCODE = 'insufficient_privilege';
        END IF;
        NEW.decided_at := now();
    ELSIF (NEW.decision, NEW.decision_reason, NEW.decided_by_id, NEW.decided_at)
        IS DISTINCT FROM (OLD.decision, OLD.decision_reason, OLD.decided_by_id, OLD.decided_at)
    THEN
        RAISE EXCEPTION 'a request is decided once' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF NEW.member_id IS DISTINCT FROM OLD.member_id
        AND (OLD.member_id IS NOT NULL OR NEW.what <> 'new' OR NEW.decision <> 'approved')
        OR (OLD.code_issued_at IS NOT NULL AND NEW.code_issued_at IS DISTINCT FROM OLD.code_issued_at)
    THEN
        RAISE EXCEPTION 'a request is carried out once' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF OLD.code_issued_at IS NULL AND NEW.code_issued_at IS NOT NULL THEN
        NEW.code_issued_at := now();
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER staff_request_moves_on BEFORE INSERT OR UPDATE ON inquiries_staffrequest
    FOR EACH ROW EXECUTE FUNCTION staff_request_moves_on();
CREATE TRIGGER inquiries_staffrequest_never_removed BEFORE DELETE OR TRUNCATE ON inquiries_staffrequest
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
"""

# Times of one transaction are equal, so `decided_at = now()` says: decided here and now.
MEMBER_FOLLOWS = """
CREATE FUNCTION staff_member_follows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_user <> 'portal_web' THEN
        RETURN NEW;
    END IF;
    IF TG_OP = 'UPDATE' AND (NEW.id, NEW.user_id, NEW.staff_no, NEW.since) IS DISTINCT FROM
        (OLD.id, OLD.user_id, OLD.staff_no, OLD.since)
    OR NOT EXISTS (
        SELECT FROM inquiries_staffrequest r
        WHERE r.decision = 'approved' AND r.decided_at = now() AND r.staff_no = NEW.staff_no AND CASE
            WHEN TG_OP = 'INSERT' THEN r.what = 'new' AND NEW.until IS NULL
                AND (r.role, r.agency_id, r.office) = (NEW.role, NEW.agency_id, NEW.office)
            WHEN NEW.until IS DISTINCT FROM OLD.until THEN r.what = 'end' AND r.until = NEW.until
                AND (OLD.role, OLD.agency_id, OLD.office) = (NEW.role, NEW.agency_id, NEW.office)
            ELSE r.what = 'change' AND (r.role, r.agency_id, r.office) = (NEW.role, NEW.agency_id, NEW.office)
        END
    ) THEN
        RAISE EXCEPTION 'an account of staff follows an approved request: % of % is refused', TG_OP, NEW.staff_no
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER staff_member_follows BEFORE INSERT OR UPDATE ON inquiries_staffmember
    FOR EACH ROW EXECUTE FUNCTION staff_member_follows();

CREATE FUNCTION staff_member_noted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_user <> 'portal_web' AND (TG_OP = 'INSERT' OR (NEW.role, NEW.agency_id, NEW.office, NEW.since, NEW.until)
        IS DISTINCT FROM (OLD.role, OLD.agency_id, OLD.office, OLD.since, OLD.until))
    THEN
        INSERT INTO inquiries_staffdeed (staff_no, member_id, deed, reason) VALUES (NEW.staff_no, NEW.id, 'filed',
            concat_ws(' · ', NEW.role, NEW.agency_id, NEW.office, NEW.since::text, NEW.until::text));
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER staff_member_noted AFTER INSERT OR UPDATE ON inquiries_staffmember
    FOR EACH ROW EXECUTE FUNCTION staff_member_noted();
"""

ACCOUNT_GUARDS = """
CREATE FUNCTION staff_user_follows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_user NOT IN ('portal_web', 'portal_job') OR (CASE
        WHEN NEW.is_active THEN EXISTS (
            SELECT FROM inquiries_staffrequest r JOIN inquiries_staffmember s ON s.id = r.member_id
            WHERE s.user_id = NEW.id AND r.what = 'enable' AND r.decision = 'approved' AND r.decided_at = now())
        ELSE EXISTS (
            SELECT FROM inquiries_staffdeed d JOIN inquiries_staffmember s ON s.id = d.member_id
            WHERE s.user_id = NEW.id AND d.deed IN ('disabled', 'idle') AND d.at = now())
    END) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'an account of staff is opened by an approved request and closed by a deed with its reason'
        USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER staff_user_follows BEFORE UPDATE OF is_active ON inquiries_user FOR EACH ROW
    WHEN (NEW.kind = 'staff' AND NEW.is_active IS DISTINCT FROM OLD.is_active) EXECUTE FUNCTION staff_user_follows();

CREATE FUNCTION staff_code_follows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_user <> 'portal_web' OR NOT EXISTS (SELECT FROM inquiries_user WHERE id = NEW.user_id AND kind = 'staff')
        OR EXISTS (
            SELECT FROM inquiries_staffrequest r JOIN inquiries_staffmember s ON s.id = r.member_id
            WHERE s.user_id = NEW.user_id AND r.code_issued_at = now())
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'staff get an activation code once for each approved request'
        USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER staff_code_follows BEFORE INSERT ON inquiries_activationcode
    FOR EACH ROW EXECUTE FUNCTION staff_code_follows();

CREATE FUNCTION staff_deed_signed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_user = 'portal_web'
        AND (NEW.by_id IS NULL OR NOT holds_staff_role(NEW.by_id, ARRAY['system', 'security']))
    THEN
        RAISE EXCEPTION 'an administrator of today signs what is done to accounts of staff'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    NEW.at := now();
    RETURN NEW;
END $$;
CREATE TRIGGER staff_deed_signed BEFORE INSERT ON inquiries_staffdeed
    FOR EACH ROW EXECUTE FUNCTION staff_deed_signed();
"""

UNTIE = """
DROP TRIGGER staff_deed_signed ON inquiries_staffdeed; DROP FUNCTION staff_deed_signed();
DROP TRIGGER staff_code_follows ON inquiries_activationcode; DROP FUNCTION staff_code_follows();
DROP TRIGGER staff_user_follows ON inquiries_user; DROP FUNCTION staff_user_follows();
DROP TRIGGER staff_member_noted ON inquiries_staffmember; DROP FUNCTION staff_member_noted();
DROP TRIGGER staff_member_follows ON inquiries_staffmember; DROP FUNCTION staff_member_follows();
DROP TRIGGER inquiries_staffrequest_never_removed ON inquiries_staffrequest;
DROP TRIGGER staff_request_moves_on ON inquiries_staffrequest; DROP FUNCTION staff_request_moves_on();
DROP FUNCTION holds_staff_role(bigint, text[]);
"""


def staff_guards():
    """Migration operation: accounts of staff change by two people, and nothing about them happens unwritten."""
    return migrations.RunSQL(HOLDS_ROLE + REQUEST_MOVES_ON + MEMBER_FOLLOWS + ACCOUNT_GUARDS, UNTIE)
