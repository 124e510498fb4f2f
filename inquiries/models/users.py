from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from registry.encryption import keyed_hash
from registry.identity import compact


class UserManager(BaseUserManager):
    def with_login(self, kind, login):
        """The active user who signs in with this number at this door; User.DoesNotExist otherwise."""
        return self.get(login_key=User.key_of(kind, login), is_active=True)


class User(AbstractBaseUser, PermissionsMixin):
    """Somebody who signs in. A human being who is insured, an agent and a clerk has three users: no role leaks.

    The number that identifies is kept as a keyed hash; it never authenticates (Social Insurance Law, art. 58:
    everybody's social-security number is the number on the identity card).
    """

    class Kind(models.TextChoices):
        PERSON = "person", _("Insured person")
        AGENT = "employer", _("Employer's agent")
        STAFF = "staff", _("Staff")

    kind = models.CharField(max_length=10, choices=Kind)
    login_key = models.CharField(max_length=80, unique=True)
    name = models.CharField(max_length=60)
    person = models.OneToOneField("registry.InsuredPerson", models.PROTECT, null=True, blank=True, related_name="user")
    is_active = models.BooleanField(default=True)
    frozen_at = models.DateTimeField(
        null=True, blank=True, help_text=_("Since when its owner keeps it shut; a new activation code opens it again.")
    )
    date_joined = models.DateTimeField(default=timezone.now)
    password_set_at = models.DateTimeField(null=True, blank=True)
    password_alone = models.BooleanField(
        default=False, db_default=False, help_text=_("A person who chose a long password instead of a second factor.")
    )
    second_factor_since = models.DateTimeField(
        null=True, blank=True, help_text=_("When the first second factor was set up; empty while there is none.")
    )

    objects = UserManager()
    USERNAME_FIELD = "login_key"

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="person", person__isnull=False) | (~Q(kind="person") & Q(person__isnull=True)),
                name="user_person_only_for_insured",
                violation_error_message=_("Only the user of an insured person belongs to a person's record."),
            ),
            models.CheckConstraint(
                condition=Q(kind="person") | Q(password_alone=False),
                name="user_password_alone_only_for_insured",
                violation_error_message=_("Staff and employers' agents always have a second factor."),
            ),
        ]

    def __str__(self):
        return f"{self.get_kind_display()} {self.pk}"

    @staticmethod
    def key_of(kind, login):
        return f"{kind}:{keyed_hash(f'login:{kind}', compact(login)).hex()}"

    @property
    def is_staff(self):
        """Whether Django's admin may open, where everything is read-only: for operators and auditors in force."""
        member = self.staff_member if self.kind == self.Kind.STAFF else None
        return member is not None and member.role in {StaffMember.Role.OPERATOR, StaffMember.Role.AUDITOR}

    @cached_property
    def staff_member(self):
        """The staff role in force today, or None; read anew with each request, so a role that ended ends at once."""
        return StaffMember.objects.in_force().filter(user=self).select_related("agency").first()


class ActivationCode(models.Model):
    """A one-time code (启用码) handed out after a document check: hashed, 72 hours, once."""

    user = models.ForeignKey(User, models.PROTECT, related_name="activation_codes")
    code_hash = models.BinaryField(max_length=32)
    issued_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    issued_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    used_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    drops_factors = models.BooleanField(
        default=False,
        db_default=False,
        help_text=_("Whether its use also removes the second factors, which were lost."),
    )

    class Meta:
        verbose_name = _("activation code")
        verbose_name_plural = _("activation codes")

    def __str__(self):
        return f"{self.user_id} {self.issued_at:%Y-%m-%d}"


class DatedRoleQuerySet(models.QuerySet):
    def in_force(self, day=None):
        """Roles that hold on `day` (today): since <= day < until."""
        day = day or timezone.localdate()
        return self.filter(Q(until__isnull=True) | Q(until__gt=day), since__lte=day)


class EmployerAgent(models.Model):
    """Who may ask for an employer (经办人), from when until when, on which stamped letter."""

    user = models.ForeignKey(User, models.PROTECT, related_name="agencies_for")
    employer = models.ForeignKey("registry.Employer", models.PROTECT, related_name="agents")
    since = models.DateField()
    until = models.DateField(null=True, blank=True)
    letter_no = models.CharField(max_length=60, blank=True)
    feed_file = models.ForeignKey("registry.FeedFile", models.PROTECT, null=True, related_name="+", db_index=False)
    feed_row = models.IntegerField(null=True)

    objects = DatedRoleQuerySet.as_manager()

    class Meta:
        verbose_name = _("employer's agent")
        verbose_name_plural = _("employer's agents")
        constraints = [models.UniqueConstraint(fields=["user", "employer", "since"], name="employer_agent_once")]

    def __str__(self):
        return f"{self.employer_id} {self.since}"


class StaffMember(models.Model):
    """The role of one member of staff; nobody holds two (GB/T 22239-2019, 8.1.4.2: administrators are kept apart).

    System administrators ask for accounts, security administrators approve them, and neither sees a record.
    """

    class Role(models.TextChoices):
        CLERK = "clerk", _("Window clerk")
        OPERATOR = "operator", _("Operator")
        AUDITOR = "auditor", _("Auditor")
        PHONE = "phone", _("12333 desk")
        SYSTEM = "system", _("System administrator")
        SECURITY = "security", _("Security administrator")

    user = models.OneToOneField(User, models.PROTECT, related_name="+")
    staff_no = models.CharField(max_length=30, unique=True)
    role = models.CharField(max_length=10, choices=Role)
    agency = models.ForeignKey("registry.Agency", models.PROTECT, related_name="+")
    office = models.CharField(max_length=60)
    since = models.DateField()
    until = models.DateField(null=True, blank=True)
    feed_file = models.ForeignKey("registry.FeedFile", models.PROTECT, null=True, related_name="+", db_index=False)
    feed_row = models.IntegerField(null=True)

    objects = DatedRoleQuerySet.as_manager()

    class Meta:
        verbose_name = _("staff member")
        verbose_name_plural = _("staff")

    def __str__(self):
        return f"{self.staff_no} {self.get_role_display()}"

    @property
    def has_ended(self):
        return self.until is not None and self.until <= timezone.localdate()

    @property
    def state(self):
        """in_force, coming, ended or disabled, as of today."""
        if not self.user.is_active:
            return "disabled"
        if self.has_ended:
            return "ended"
        return "in_force" if self.since <= timezone.localdate() else "coming"
