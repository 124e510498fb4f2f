"""Who is at the window: the forms that start a visit of a proxy, a guardian, an employer's agent; and the quota's."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from registry.identity import IdentityError, check_credit_code, compact
from registry.models import Employer

from .forms import NUMBER_MESSAGES, NUMBER_WIDGET, StartVisitForm, clean_number
from .models import Purpose
from .models.visits import Actor

NAME_REQUIRED = {"required": _("Enter the name as on the document.")}


def day_field(**options):
    return forms.DateField(
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), input_formats=["%Y-%m-%d"], **options
    )


class ProxyVisitForm(StartVisitForm):
    """A proxy with a written mandate: the person's number as ever, and who has come."""

    visitor_name = forms.CharField(label=_("Name of the visitor"), max_length=60, error_messages=NAME_REQUIRED)
    visitor_number = forms.CharField(
        label=_("Identity number of the visitor"),
        max_length=30,
        widget=NUMBER_WIDGET,
        help_text=_("Of the resident identity card in your hand."),
        error_messages={"required": NUMBER_MESSAGES["empty"]},
    )

    def clean_visitor_number(self):
        return clean_number("citizen", self.cleaned_data["visitor_number"])


class GuardianVisitForm(ProxyVisitForm):
    """A guardian with proof: until the ward is of age, or the day the papers name."""

    last_day = day_field(
        label=_("Last day of the guardianship"),
        required=False,
        help_text=_("Only where the papers name one; else the ward's 18th birthday ends it."),
        error_messages={"invalid": _("Enter a day of the calendar.")},
    )

    def clean_last_day(self):
        last_day = self.cleaned_data["last_day"]
        if last_day and last_day < timezone.localdate():
            raise forms.ValidationError(_("This day is over."))
        return last_day


class UnitVisitForm(forms.Form):
    """An employer's agent with a stamped letter: the code typed twice, the letter's number, the agent's name."""

    papers = forms.MultipleChoiceField(
        label=_("Papers seen"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Tick the papers you have in hand.")},
    )
    number = forms.CharField(
        label=_("Unified social credit code"),
        max_length=30,
        widget=NUMBER_WIDGET,
        error_messages={"required": _("Enter the unified social credit code.")},
    )
    again = forms.CharField(
        label=_("Unified social credit code again"),
        max_length=30,
        widget=NUMBER_WIDGET,
        error_messages={"required": _("Enter the code a second time.")},
    )
    letter_no = forms.CharField(
        label=_("Number of the letter"), max_length=60, error_messages={"required": _("Enter the letter's number.")}
    )
    visitor_name = forms.CharField(label=_("Name of the agent"), max_length=60, error_messages=NAME_REQUIRED)
    queue_no = forms.CharField(label=_("Queue number"), max_length=20, required=False)

    clean_papers = StartVisitForm.clean_papers

    def __init__(self, required_papers, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.required_papers = list(required_papers)
        self.fields["papers"].choices = [(str(p.pk), p.document) for p in self.required_papers]
        self.employer = None

    def clean_number(self):
        try:
            return check_credit_code(self.cleaned_data["number"])
        except IdentityError as error:
            raise forms.ValidationError(_("This is no unified social credit code. Compare it again.")) from error

    def clean(self):
        data = super().clean()
        if "number" in data and "again" in data and data["number"] != compact(data["again"]):
            self.add_error("again", _("The two codes differ. Type the code from the letter again."))
        if not self.errors:
            self.employer = Employer.objects.filter(credit_code=data["number"]).first()
            if self.employer is None:
                self.add_error("number", _("No employer has this code. Compare it with the letter again."))
        return data


FORMS = {
    Actor.SELF: StartVisitForm,
    Actor.PROXY: ProxyVisitForm,
    Actor.GUARDIAN: GuardianVisitForm,
    Actor.UNIT: UnitVisitForm,
}


def facts_of(actor, form):
    """What `window.start_visit` is told of a valid form beside papers and proxy."""
    data = form.cleaned_data
    if actor == Actor.UNIT:
        about = {"employer": form.employer, "letter_no": data["letter_no"], "visitor_name": data["visitor_name"]}
        return about | {"purpose": Purpose.PAYMENT_LIST, "queue_no": data["queue_no"]}
    return {"person_id": form.person_id, "purpose": data["purpose"], "queue_no": data["queue_no"]}


class ReleaseForm(forms.Form):
    """Why a clerk may look up more persons today."""

    clerk = forms.CharField(max_length=30)
    reason = forms.CharField(
        label=_("Reason"), max_length=200, error_messages={"required": _("Say why more look-ups are needed.")}
    )
