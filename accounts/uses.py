"""What the money of an insurance may be used for, and what not, in the order in which people ask."""

from typing import NamedTuple

from django.utils.translation import gettext_lazy as _

from registry.insurance import Insurance, Scheme

from .legal_grounds import MEDICAL_ACCOUNTS, OUTPATIENT_REFORM, REFUNDS, RESIDENT_PENSION, Ground


class Use(NamedTuple):
    """One sentence, and what it rests on."""

    words: str
    ground: Ground


PENSION_ACCOUNT = (
    Use(_("When you retire, it is paid out month by month as part of your pension."), Ground(15)),
    Use(_("It cannot be drawn in cash before you retire, nor moved to a bank account."), Ground(14)),
    Use(_("It earns interest every year, and the interest is free of tax."), Ground(14)),
    Use(_("If its owner dies, what is left is inherited."), Ground(14)),
    Use(_("Who gives up Chinese nationality may ask in writing to end it and be paid."), REFUNDS),
)
OF_RESIDENTS = (
    Use(_("When you reach the age of the resident pension, it is paid out month by month."), RESIDENT_PENSION),
    Use(_("It cannot be drawn in cash before, nor moved to a bank account."), RESIDENT_PENSION),
    Use(_("What you pay and what the government adds both go into it, and earn interest."), RESIDENT_PENSION),
    Use(_("If its owner dies, what is left is inherited."), RESIDENT_PENSION),
)
MEDICAL_ACCOUNT = (
    Use(_("It pays your own part at designated hospitals and pharmacies, by card and PIN."), OUTPATIENT_REFORM),
    Use(_("Your spouse, parents and children may use it too (family mutual aid)."), OUTPATIENT_REFORM),
    Use(_("It cannot be drawn in cash, nor spent on sport or keeping fit."), OUTPATIENT_REFORM),
    Use(_("What is left is carried over to the next year, and earns interest."), MEDICAL_ACCOUNTS),
    Use(_("If its owner dies, what is left is inherited."), MEDICAL_ACCOUNTS),
)
POOL_OF_RESIDENTS = (Use(_("The government pays the basic pension beside it, from its own funds."), RESIDENT_PENSION),)
POOLED = {
    Insurance.PENSION: (
        Use(_("The pooled fund pays the other part of every pension."), Ground(15)),
        Use(_("What your employer pays is not lost: it counts when your pension is reckoned."), Ground(15)),
    ),
    Insurance.MEDICAL: (
        Use(
            _("Hospital and outpatient costs are reimbursed by the pooled fund, whatever an account holds."), Ground(28)
        ),
    ),
    Insurance.UNEMPLOYMENT: (
        Use(_("If you lose your job without wanting to, it pays you month by month."), Ground(45)),
        Use(_("You must have paid for a year, and have registered as unemployed."), Ground(45)),
        Use(_("Meanwhile it also pays your medical insurance."), Ground(48)),
    ),
    Insurance.WORK_INJURY: (
        Use(_("If you are hurt at work or fall ill from it, it pays treatment and allowances."), Ground(36)),
        Use(_("You pay nothing for it; your employer alone does."), Ground(33)),
    ),
    Insurance.MATERNITY: (
        Use(_("It pays the medical costs of having a child, and an allowance in place of wages."), Ground(54)),
        Use(_("You pay nothing for it; your employer alone does."), Ground(53)),
    ),
}


def uses_of(insurance, schemes):
    """(uses of the personal account, uses of the pooled fund). schemes: those in which the person has an account."""
    if schemes == {Scheme.PENSION_RESIDENT}:
        return OF_RESIDENTS, POOL_OF_RESIDENTS
    of_account = {Insurance.PENSION: PENSION_ACCOUNT, Insurance.MEDICAL: MEDICAL_ACCOUNT}
    return of_account.get(insurance, ()) if schemes else (), POOLED[insurance]
