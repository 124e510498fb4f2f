"""The inbox is only ever added to; all that may change of a notice is that it was read, and that once."""

NOTICE_GUARD = """
CREATE FUNCTION notice_only_read() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.read_at IS NULL
       AND to_jsonb(NEW) - 'read_at' = to_jsonb(OLD) - 'read_at' THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'a notice is only ever read; % is refused', TG_OP USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER inquiries_notice_only_read BEFORE UPDATE OR DELETE ON inquiries_notice
    FOR EACH ROW EXECUTE FUNCTION notice_only_read();
CREATE TRIGGER inquiries_notice_never_emptied BEFORE TRUNCATE ON inquiries_notice
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
"""
NO_NOTICE_GUARD = """
DROP TRIGGER inquiries_notice_never_emptied ON inquiries_notice;
DROP TRIGGER inquiries_notice_only_read ON inquiries_notice;
DROP FUNCTION notice_only_read();
"""
