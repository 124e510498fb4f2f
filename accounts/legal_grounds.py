"""On what ground an entry stands in an account: the article of the law, or the document where no law says it."""

from typing import NamedTuple

from django.utils.translation import gettext as _

from registry.insurance import INSURANCE_OF, Insurance, Scheme

from .models import Entry

Kind = Entry.Kind


class Ground(NamedTuple):
    """What is cited: an article of the Social Insurance Law by its number, or a document by its name."""

    article: int | None = None
    document: str = ""

    def __str__(self):
        if self.article is None:
            return self.document
        return _("Social Insurance Law, art. %(number)s") % {"number": self.article}


# Articles of the Social Insurance Law (社会保险法).
OF_PENSION = {
    Kind.CONTRIB_IND: 12,
    Kind.CONTRIB_EMP: 11,
    Kind.TRANSFER_IN: 19,
    Kind.TRANSFER_OUT: 19,
    Kind.INTEREST_OPENING: 14,
    Kind.INTEREST_CURRENT: 14,
    Kind.INTEREST_PAYOUT_ADJ: 14,
    Kind.PENSION_PAYOUT: 15,
    Kind.INHERITANCE: 14,
}
OF_RESIDENTS = OF_PENSION | {Kind.CONTRIB_IND: 20, Kind.CONTRIB_EMP: 20, Kind.SUBSIDY: 20}
OF_MEDICAL = {Kind.CONTRIB_IND: 23, Kind.CONTRIB_EMP: 23, Kind.TRANSFER_IN: 32, Kind.TRANSFER_OUT: 32}
# Records are to be complete and exact: what was taken over, and what was put right.
OF_EVERY_ACCOUNT = {Kind.OPENING: 74, Kind.MANUAL: 74, Kind.REVERSAL: 74}
# Documents of the State Council and its departments.
MEDICAL_ACCOUNTS = Ground(document="国发〔1998〕44号")
OUTPATIENT_REFORM = Ground(document="国办发〔2021〕14号")
RESIDENT_PENSION = Ground(document="国发〔2014〕8号")
REFUNDS = Ground(document="人社部令第13号")
DOCUMENTS_OF_MEDICAL = {
    Kind.INTEREST_OPENING: MEDICAL_ACCOUNTS,
    Kind.INTEREST_CURRENT: MEDICAL_ACCOUNTS,
    Kind.INTEREST_PAYOUT_ADJ: MEDICAL_ACCOUNTS,
    Kind.INHERITANCE: MEDICAL_ACCOUNTS,
    Kind.MEDICAL_SPEND: OUTPATIENT_REFORM,
    Kind.FAMILY_AID: OUTPATIENT_REFORM,
    Kind.POOL_ALLOCATION: OUTPATIENT_REFORM,
}
DOCUMENTS_OF_PENSION = {Kind.REFUND: REFUNDS}


def ground_of(kind, scheme):
    """The Ground of an entry's kind in a scheme; None where neither the law nor such a document names one."""
    is_medical = INSURANCE_OF[scheme] == Insurance.MEDICAL
    articles = OF_MEDICAL if is_medical else OF_RESIDENTS if scheme == Scheme.PENSION_RESIDENT else OF_PENSION
    number = (articles | OF_EVERY_ACCOUNT).get(kind)
    return Ground(number) if number else (DOCUMENTS_OF_MEDICAL if is_medical else DOCUMENTS_OF_PENSION).get(kind)
