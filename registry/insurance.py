"""The five insurances, the eight schemes that carry them out, and who pays (domain: Social Insurance Law, ch. 2-6)."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Insurance(models.TextChoices):
    PENSION = "pension", _("Old-age insurance")
    MEDICAL = "medical", _("Medical insurance")
    UNEMPLOYMENT = "unemployment", _("Unemployment insurance")
    WORK_INJURY = "work_injury", _("Work-injury insurance")
    MATERNITY = "maternity", _("Maternity insurance")


class Scheme(models.TextChoices):
    PENSION = "pension", _("Employee old-age insurance")
    PENSION_PUBLIC = "pension_public", _("Public-sector old-age insurance")
    PENSION_RESIDENT = "pension_resident", _("Resident old-age insurance")
    MEDICAL = "medical", _("Employee medical insurance")
    MEDICAL_RESIDENT = "medical_resident", _("Resident medical insurance")
    UNEMPLOYMENT = "unemployment", _("Unemployment insurance")
    WORK_INJURY = "work_injury", _("Work-injury insurance")
    MATERNITY = "maternity", _("Maternity insurance")


SCHEMES_OF = {
    Insurance.PENSION: (Scheme.PENSION, Scheme.PENSION_PUBLIC, Scheme.PENSION_RESIDENT),
    Insurance.MEDICAL: (Scheme.MEDICAL, Scheme.MEDICAL_RESIDENT),
    Insurance.UNEMPLOYMENT: (Scheme.UNEMPLOYMENT,),
    Insurance.WORK_INJURY: (Scheme.WORK_INJURY,),
    Insurance.MATERNITY: (Scheme.MATERNITY,),
}
INSURANCE_OF = {scheme: insurance for insurance, schemes in SCHEMES_OF.items() for scheme in schemes}


class Category(models.TextChoices):
    """Who pays: the payer category that selects the rule row."""

    EMPLOYEE = "employee", _("Employee")
    FLEXIBLE = "flexible", _("Flexible worker")
    FLEXIBLE_POOL_ONLY = "flexible_pool_only", _("Flexible worker, pool-only tariff")
    RESIDENT = "resident", _("Resident")
    RETIREE = "retiree", _("Retiree")


class AgencyFamily(models.TextChoices):
    """Regulation 765, art. 4: two families of agencies since 2018, and the tax authority that collects."""

    HUMAN_RESOURCES = "human_resources", _("Social insurance agency")
    MEDICAL_SECURITY = "medical_security", _("Medical security agency")
    TAX = "tax", _("Collecting agency (tax)")


FAMILY_OF = {
    Insurance.PENSION: AgencyFamily.HUMAN_RESOURCES,
    Insurance.MEDICAL: AgencyFamily.MEDICAL_SECURITY,
    Insurance.UNEMPLOYMENT: AgencyFamily.HUMAN_RESOURCES,
    Insurance.WORK_INJURY: AgencyFamily.HUMAN_RESOURCES,
    Insurance.MATERNITY: AgencyFamily.MEDICAL_SECURITY,
}
