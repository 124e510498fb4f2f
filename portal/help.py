"""The eight questions that people ask, each answered in few words with its articles and the way to one's own data.

`BASIS` names articles of portal/law_texts.py. `WAYS` are URL names: of pages of a record, which open to whoever is
signed in and may see them, and of pages that are open to all.
"""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

LONGEST_ANSWER = 300  # characters, in Chinese


@dataclass(frozen=True)
class Question:
    """One question of the help. `answer`: sentences. `basis`: (law, article). `ways`: (URL name, label, arguments)."""

    key: str
    title: str
    answer: tuple
    basis: tuple
    ways: tuple


QUESTIONS = (
    Question(
        "sources",
        _("Where does the balance come from?"),
        (
            _("Old-age insurance: what is taken from your wage goes into your personal account."),
            _("What the employer pays goes into the pooled fund. It is not in your account."),
            _("Employee medical insurance: your own share goes into the personal account too."),
            _("Interest is added every year. A subsidy is added where the rules give one."),
            _("Unemployment, work injury and maternity have no personal account."),
        ),
        (("sil", 11), ("sil", 12), ("sil", 33), ("sil", 44), ("sil", 53)),
        (
            ("balance_sources", _("Where my balance comes from"), {"insurance": "pension"}),
            ("insurance", _("My old-age insurance"), {"insurance": "pension"}),
            ("insurance", _("My medical insurance"), {"insurance": "medical"}),
        ),
    ),
    Question(
        "reckoning",
        _("How is the balance reckoned?"),
        (
            _("Balance = opening + own contributions + subsidy + interest + transferred in − paid out."),
            _("Interest is reckoned by the rate that the state publishes for each year."),
            _("Until the rate is published we reckon with the last one and say so; afterwards it is put right."),
            _("The rate is never below that of a bank deposit, and the interest is free of tax."),
            _("The money cannot be taken out early. After death it goes to the heirs."),
        ),
        (("sil", 14), ("sil", 15)),
        (
            ("account_interest", _("My interest"), {"insurance": "pension"}),
            ("public_rules", _("All rules and rates"), {}),
            ("prospects", _("When do I retire, and how much?"), {}),
        ),
    ),
    Question(
        "zero",
        _("Why is the balance 0?"),
        (
            _("Perhaps you looked at a cash machine. It shows the bank account on the card, which is another account."),
            _("Perhaps the insurance has no personal account, as unemployment, work injury and maternity."),
            _("Perhaps nothing has arrived yet, the employer has not paid, or the account was moved or used up."),
            _("Sign in: under My accounts stands the reason in your own case, and what to do."),
        ),
        (("sil", 12), ("sil", 58), ("sil", 63)),
        (("my_accounts", _("My accounts"), {}), ("my_card", _("My card and its two accounts"), {})),
    ),
    Question(
        "looking",
        _("How can I look it up?"),
        (
            _("Here, at a touch screen in a hall, at a window, or by telephone 12333. All show the same figures."),
            _("Here you need your identity number, your password and a second proof."),
            _("No smartphone? A window gives you codes on paper."),
            _("For the first sign-in get an activation code at a window, with your identity card."),
            _("Looking up and checking is free of charge."),
        ),
        (("sil", 4), ("sil", 74), ("r765", 29), ("r765", 32)),
        (("my_accounts", _("My accounts"), {}), ("halls", _("Window addresses"), {})),
    ),
    Question(
        "printing",
        _("How can I print it?"),
        (
            _("Print your list or your yearly statement here or at a window. It costs nothing."),
            _("At the window bring your identity card; nothing else may be asked for without a basis in law."),
            _("On a public computer do not save files. Take the paper with you and sign out."),
        ),
        (("sil", 74), ("r765", 31), ("r765", 32)),
        (
            ("my_list", _("Print my list"), {}),
            ("statements", _("Yearly statements"), {}),
            ("halls", _("Window addresses"), {}),
        ),
    ),
    Question(
        "proxy",
        _("Can somebody else ask for me?"),
        (
            _("Yes. Name the person here, say what may be seen and until when. You can end it at any time."),
            _("At a window the proxy brings the power of attorney and both identity cards."),
            _("A second clerk checks the papers. Every look stands in your list with the name of the proxy."),
            _("Who cannot come can ask for a visit at home: call 12333."),
        ),
        (("r765", 30), ("r765", 31)),
        (
            ("my_mandates", _("Let somebody else ask for you"), {}),
            ("who_looked", _("See who looked at your records"), {}),
        ),
    ),
    Question(
        "unpaid",
        _("The employer does not pay. What can I do?"),
        (
            _("First look which months are missing, and up to when the data reach."),
            _("Ask the employer: it must tell you every month what it has paid."),
            _("If nothing happens, report it to the collecting agency: 12366, or 12333."),
            _("The collector sets a term and adds a late fee for each day. The employer pays it, not you."),
            _("Months in arrears do not count until they are paid."),
        ),
        (("sil", 4), ("sil", 60), ("sil", 63), ("sil", 82), ("sil", 86)),
        (("payment_records", _("My payment records"), {}), ("my_accounts", _("My accounts"), {})),
    ),
    Question(
        "moving",
        _("What happens when I move elsewhere?"),
        (
            _("Old-age insurance: the personal account moves whole, a part of the pooled money with it."),
            _("Medical and unemployment insurance: the relationship moves. All years are added up."),
            _("Work injury and maternity do not move; you are insured anew at the new place."),
            _("Money sent is not yet money received: each step is shown with its day."),
        ),
        (("sil", 19), ("sil", 32), ("sil", 52), ("r765", 12), ("r765", 15), ("r765", 16)),
        (
            ("transfers", _("My moves between areas"), {}),
            ("registration_status", _("See where you are registered"), {}),
        ),
    ),
)
BY_KEY = {question.key: question for question in QUESTIONS}

# The causes of ux.md §3.1 in general words, for readers who are not signed in.
CAUSES = (
    (_("Unemployment, work injury, maternity"), _("These insurances have no personal account.")),
    (_("Resident medical insurance, or pool-only tariff"), _("Costs are reimbursed; there is no personal account.")),
    (_("Not registered"), _("An employer must register you within 30 days of your start.")),
    (_("Newly registered"), _("The first payment usually arrives by the 15th of the next month.")),
    (_("The employer has not paid"), _("Months in arrears do not count until they are paid.")),
    (_("Moved to another place"), _("The money is there now; ask there.")),
    (_("Used up"), _("All that came in was spent. Costs are still reimbursed.")),
    (_("Account closed"), _("After settling abroad, inheritance or refund.")),
    (_("Account sealed"), _("Paying has stopped; the balance goes on earning interest.")),
    (_("Data not here yet"), _("What happened after the day shown has not arrived.")),
)
