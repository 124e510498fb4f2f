"""The privacy notice (PIPL, art. 17, 30 and 35): its version, and its sections in the order they are read.

docs/privacy.md says the same with the articles of the law; a change of either is a new version with its day.
"""

from datetime import date

from django.utils.translation import gettext_lazy as _

VERSION = "1.1"
SINCE = date(2026, 11, 22)

SECTIONS = (
    (
        _("Who answers for your information"),
        (
            _("The agency named at the top of every page. It keeps the records of social insurance by law."),
            _("Questions, requests and complaints: the help line and the service windows below."),
        ),
    ),
    (
        _("Why we use it, and on what basis"),
        (
            _(
                "To record what was paid for you and to show it to you, to your employer for the time you worked "
                "there, and to a clerk whom you visit: Social Insurance Law, art. 4 and 74; Regulation 765, art. 11"
                " and 28 to 32."
            ),
            _(
                "This is a duty that the law gives the agency. That is why we do not ask for your consent, and why "
                "we tell you here what we do (Personal Information Protection Law, art. 13 (3), 34, 35 and 37)."
            ),
        ),
    ),
    (
        _("What we use"),
        (
            _(
                "Name, identity number, date of birth, sex, telephone and address; social security card; employers "
                "and registration; wages as contribution base, payments, accounts and benefits; what you marked "
                "as seen or checked."
            ),
            _(
                "For signing in: a hash of your password, your second factor, times and kind of device. For the "
                "log: who opened which page of your record, when, where, in what capacity and why."
            ),
            _(
                "No position, no contacts, no photographs; no cookie but for your session, the safety of forms, "
                "language and text size."
            ),
        ),
    ),
    (
        _("What is sensitive, and what it can mean for you"),
        (
            _(
                "Your identity number, accounts, wages and benefits are sensitive: in wrong hands they help fraud, "
                "or tell others what you earn. We need them because without them a record is nobody's and a payment"
                " has no owner."
            ),
            _(
                "So the number is masked on every page and encrypted in the database, each look is written down "
                "before the page is made, and an employer never sees balances or benefits."
            ),
        ),
    ),
    (
        _("Who gets it"),
        (
            _("You, and whom you authorise. Your employer: registration and payments for the months you worked there."),
            _(
                "Clerks at the window for the length of your visit; operators and auditors for a stated reason. "
                "Courts and authorities where a law names them, in writing. Nobody else; nothing is sold, and no "
                "page loads anything from another company."
            ),
            _("It is stored in China and is not sent abroad."),
        ),
    ),
    (
        _("How long"),
        (
            _(
                "Records of social insurance: as long as the law on its archives says; they are the proof of your "
                "rights."
            ),
            _("The log of who looked: at least three years. Records of sign-ins: at least six months."),
        ),
    ),
    (
        _("What you can ask for"),
        (
            _("See your record at any time and read who looked at it: free of charge, on these pages or at a window."),
            _(
                "A copy of all of it as a file, on these pages or at a window. It can be checked by anybody with the "
                "program that goes with it."
            ),
            _(
                "Have it put right where it is wrong, with your evidence; you get a reason if it is refused. "
                "Nothing is overwritten: you see what was undone and what is right."
            ),
            _(
                "Deletion is possible for what the law does not make the agency keep. Near relatives may ask for "
                "the record of somebody who has died, for their own lawful interest."
            ),
            _("If you do not agree with an answer: administrative review, or the courts."),
        ),
    ),
    (
        _("If something goes wrong"),
        (
            _(
                "If your information is leaked, changed or lost, we tell you what happened, what it can mean, what "
                "we have done and what you can do, unless our measures have kept harm away from you."
            ),
        ),
    ),
)
