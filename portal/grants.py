"""What each database role may do with each table. Roles are made outside; `manage.py grant_roles` applies this.

The owner makes tables, the job role loads and posts, the web role shows, the read role reports. Nobody but the owner
gets anything on a partition: a statement on it would step past the parent's trigger and policy.
"""

from django.apps import apps
from django.db import connection

LOOK = {"web": "SELECT", "read": "SELECT"}
LEDGER = LOOK | {"job": "SELECT, INSERT"}
RECORD = LOOK | {"job": "SELECT, INSERT, UPDATE"}
DEED = {"web": "SELECT, INSERT, UPDATE", "job": "SELECT, INSERT, UPDATE", "read": "SELECT"}
# The pages add local drafts and set what approval and withdrawal set; contributions/rule_guards.py says when.
RULE = {
    "web": "SELECT, INSERT, UPDATE (state, approved_by_id, withdrawn_at)",
    "job": "SELECT, INSERT, UPDATE",
    "read": "SELECT",
}
PRIVATE_DEED = {"web": "SELECT, INSERT, UPDATE", "job": "SELECT, INSERT, UPDATE"}
# What purge_sign_ins forgets.
FORGOTTEN_CODE = {"web": "SELECT, INSERT, UPDATE", "job": "SELECT, INSERT, UPDATE, DELETE"}
DJANGO = {"web": "SELECT, INSERT, UPDATE, DELETE", "job": "SELECT, INSERT, UPDATE, DELETE"}

GRANTS = {
    "registry": {
        "Area": RECORD,
        "Agency": RECORD,
        "InsuredPerson": RECORD,
        "Identifier": {"web": "SELECT", "job": "SELECT, INSERT, UPDATE"},
        "Card": RECORD,
        "Employer": RECORD,
        "UnitNumber": RECORD,
        "EmploymentSpell": RECORD,
        "Enrolment": RECORD,
        "EnrolmentEvent": LEDGER,
        "FeedFile": LEDGER,
        "SourceState": RECORD,
        "Flag": DEED,
        "VocationalSkill": RECORD,
        "UnemploymentRegistration": RECORD,
        "WorkInjury": {"web": "SELECT", "job": "SELECT, INSERT, UPDATE"},
        "OccupationalDisease": {"web": "SELECT", "job": "SELECT, INSERT, UPDATE"},
        "Disability": {"web": "SELECT", "job": "SELECT, INSERT, UPDATE"},
    },
    "inquiries": {
        "User": PRIVATE_DEED,
        "User_groups": DJANGO,
        "User_user_permissions": DJANGO,
        "ActivationCode": PRIVATE_DEED,
        "PrintedCode": FORGOTTEN_CODE,
        "TextCode": FORGOTTEN_CODE,
        "BoundPhone": PRIVATE_DEED,
        "EmployerAgent": DEED,
        # The pages change an account only by an approved request: inquiries/staff_guards.py.
        "StaffMember": {
            "web": "SELECT, INSERT, UPDATE (role, agency_id, office, until)",
            "job": "SELECT, INSERT, UPDATE",
            "read": "SELECT",
        },
        "StaffRequest": {
            "web": "SELECT, INSERT, UPDATE (member_id, decision, decision_reason, decided_by_id, decided_at, "
            "code_issued_at)",
            "job": "SELECT",
            "read": "SELECT",
        },
        "StaffDeed": {"web": "SELECT, INSERT", "job": "SELECT, INSERT", "read": "SELECT"},
        "RequiredPaper": RECORD,
        "Visit": DEED,
        "SeenPaper": {"web": "SELECT, INSERT", "read": "SELECT"},
        "IdentityCheck": {"web": "SELECT, INSERT", "read": "SELECT"},
        "Inquiry": DEED,
        "Mandate": {
            "web": "SELECT, INSERT, UPDATE (confirmed_at, confirmed_by_id, ended_at, ended_by_id)",
            "job": "SELECT",
            "read": "SELECT",
        },
        "PhoneCode": {"web": "SELECT, INSERT, UPDATE (wrong_tries, used_at, withdrawn_at)"},
        "Terminal": {"web": "SELECT, INSERT, UPDATE (ended_at, ended_by_id)", "read": "SELECT"},
        "QuotaRelease": {"web": "SELECT, INSERT", "read": "SELECT"},
        "Session": {"web": "SELECT, INSERT, UPDATE", "job": "SELECT, UPDATE, DELETE"},
        "KnownDevice": {"web": "SELECT, INSERT, UPDATE", "job": "SELECT, UPDATE, DELETE"},
        "Throttle": DJANGO,
        "Notice": {"web": "SELECT, INSERT, UPDATE (read_at)", "job": "SELECT, INSERT"},
        "AccessLog": {"web": "SELECT, INSERT", "job": "SELECT, INSERT", "read": "SELECT"},
        "LookQuestion": {
            "web": "SELECT, INSERT, UPDATE (answer, answered_by_id, answered_at)",
            "job": "SELECT",
            "read": "SELECT",
        },
        "DelayedDisplay": {
            "web": "SELECT, INSERT, UPDATE (decision, decided_by_id, decided_at)",
            "job": "SELECT",
            "read": "SELECT",
        },
        "LogExport": {"web": "SELECT, INSERT", "read": "SELECT"},
    },
    "contributions": {
        "Assessment": LEDGER,
        "Contribution": LEDGER,
        "ContributionRule": RULE,
        "BaseBound": RULE,
        "CalculationBase": RULE,
        "CreditingRate": RULE,
        "InterestMethod": RULE,
        "LateFeeRate": RULE,
        "AccountQuota": RULE,
        "ResidentTier": RULE,
        "RetirementSchedule": RULE,
        "FlexibleRetirement": RULE,
        "MinimumMonths": RULE,
        "PayoutDivisor": RULE,
        "AccrualRate": RULE,
        "AverageWage": RULE,
        "TransferRule": RULE,
        "UnemploymentMonths": RULE,
        "InjuryGrant": RULE,
        "SurvivorGrant": RULE,
        "FuneralGrant": RULE,
        "RuleDeed": LOOK | {"web": "SELECT, INSERT", "job": "SELECT, INSERT"},
    },
    "accounts": {
        "Account": RECORD,
        "FundAccount": LEDGER,
        "Batch": LEDGER,
        "Entry": LEDGER,
        "FundEntry": LEDGER,
        "Reversal": LEDGER,
        "BenefitPayment": LEDGER,
        "Takeover": LEDGER,
        "Movement": LEDGER,
        "Spending": LEDGER,
        "Closure": LEDGER,
        "Transfer": RECORD,
        "TransferEvent": LEDGER,
        "Correction": {
            "web": "SELECT, INSERT, UPDATE (decision, decision_reason, decided_by_id, decided_at)",
            "job": "SELECT, UPDATE (outcome, ended_at, undo_batch_id, right_batch_id)",
            "read": "SELECT",
        },
        "CorrectionLine": {"web": "SELECT, INSERT", "job": "SELECT", "read": "SELECT"},
        "Proof": LEDGER,
        "Seal": LEDGER,
        "SealedLeaf": LEDGER,
        "SealedBatch": LEDGER,
        "SealedChunk": LEDGER,
        "LogSeal": LEDGER,
        "LogLeaf": LEDGER,
        "LogChunk": LEDGER,
        "InterestTerms": LEDGER,
        "InterestCredit": LEDGER,
        "InterestYear": LEDGER,
        "InterestPreview": LEDGER,
        "Statement": LEDGER,
        "ClosedYear": LEDGER,
    },
    "portal": {"Hall": RECORD, "DesignatedProvider": RECORD},
    # Authenticator apps and passkeys. Nobody here has a mail address, so its two tables are nobody's.
    "mfa": {"Authenticator": DJANGO},
    "account": {"EmailAddress": {}, "EmailConfirmation": {}},
    "sessions": {"Session": {"web": "SELECT, INSERT, UPDATE, DELETE", "job": "SELECT, DELETE"}},
    "admin": {"LogEntry": {"web": "SELECT, INSERT"}},
    "auth": {"Permission": LOOK, "Group": LOOK, "Group_permissions": LOOK},
    "contenttypes": {"ContentType": LOOK},
}
ROLES = ("web", "job", "read")


def models():
    """Every model with a table, those that Django makes for many-to-many columns included."""
    return [m for m in apps.get_models(include_auto_created=True) if m._meta.managed and not m._meta.proxy]


def statements():
    """The GRANT and REVOKE statements, in the order to run them."""
    yield "GRANT USAGE ON SCHEMA public TO portal_web, portal_job, portal_read"
    yield "GRANT SELECT ON django_migrations TO portal_web, portal_job, portal_read"
    yield "GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO portal_web, portal_job"
    for model in models():
        rights = GRANTS[model._meta.app_label][model._meta.object_name]
        table = model._meta.db_table
        yield f'REVOKE ALL ON "{table}" FROM portal_web, portal_job, portal_read'
        for role in ROLES:
            if rights.get(role):
                yield f'GRANT {rights[role]} ON "{table}" TO portal_{role}'


def apply():
    """Run the statements as the current role, which must own the tables; all or nothing."""
    with connection.cursor() as cursor:
        cursor.execute("; ".join(statements()))
