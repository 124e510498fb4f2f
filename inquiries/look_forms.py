from datetime import timedelta

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from registry.models import Agency

from .looked import DEFAULT_MONTHS, PAGE_NAMES
from .models import AccessLog, DelayedDisplay, Inquiry, Purpose
from .operator_forms import NumberForm

DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
LONGEST_PERIOD = 92  # days that an auditor's list looks back over at once
ANYBODY = ("", _("All"))


class WhoLookedForm(forms.Form):
    """Which look-ups the person reads; what cannot be read as one of the choices counts as not chosen."""

    months = forms.ChoiceField(
        label=_("Period"),
        choices=[("3", _("3 months")), ("12", _("12 months")), ("36", _("3 years")), ("0", _("All years"))],
        required=False,
    )
    who = forms.ChoiceField(
        label=_("Who looked"),
        choices=[
            ANYBODY,
            ("others", _("Others")),
            ("staff", _("Offices")),
            ("employers", _("Employers")),
            ("proxies", _("People whom I entrusted")),
            ("self", _("Myself")),
        ],
        required=False,
    )
    kind = forms.ChoiceField(label=_("What was done"), choices=[ANYBODY, *AccessLog.Kind.choices], required=False)

    def __init__(self, data):
        chosen = data.copy()
        chosen.setdefault("months", str(DEFAULT_MONTHS))
        super().__init__(chosen)

    def picked(self):
        self.full_clean()
        months = self.cleaned_data.get("months") or str(DEFAULT_MONTHS)
        return {
            "months": int(months) or None,
            "who": self.cleaned_data.get("who", ""),
            "kind": self.cleaned_data.get("kind", ""),
        }


class AskWhyForm(forms.Form):
    act = forms.UUIDField()
    text = forms.CharField(max_length=300)


class AnswerForm(forms.Form):
    question = forms.IntegerField(min_value=1, max_value=2**53)
    answer = forms.CharField(
        label=_("Answer"),
        max_length=600,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Write the answer, in at most 600 characters.")},
    )


class DelayForm(NumberForm):
    """An order of secrecy: whom it is about, its document, the law, and until when."""

    document_no = forms.CharField(label=_("Document number"), max_length=60)
    law_article = forms.CharField(
        label=_("Law and article"), max_length=120, help_text=_("The article that lets the look-up be kept secret.")
    )
    shown_from = forms.DateField(label=_("The person sees it from"), widget=DAY)


class DecideDelayForm(NumberForm):
    order = forms.IntegerField(min_value=1, max_value=2**53, widget=forms.HiddenInput)
    decision = forms.ChoiceField(choices=DelayedDisplay.Decision.choices)


class LogForm(forms.Form):
    """Which look-ups the auditor reads: the last seven days unless a period is named."""

    since = forms.DateField(label=_("From"), required=False, widget=DAY)
    until = forms.DateField(label=_("To"), required=False, widget=DAY)
    agency = forms.ModelChoiceField(Agency.objects.order_by("code"), label=_("Agency"), required=False)
    office = forms.CharField(label=_("Office"), max_length=60, required=False)
    staff_no = forms.CharField(label=_("Staff number"), max_length=30, required=False)
    capacity = forms.ChoiceField(label=_("Role"), choices=[ANYBODY, *Inquiry.Capacity.choices], required=False)
    purpose = forms.ChoiceField(label=_("Purpose"), choices=[ANYBODY, *Purpose.choices], required=False)
    kind = forms.ChoiceField(label=_("What was done"), choices=[ANYBODY, *AccessLog.Kind.choices], required=False)
    channel = forms.ChoiceField(label=_("Channel"), choices=[ANYBODY, *Inquiry.Channel.choices], required=False)
    page = forms.ChoiceField(label=_("Page"), choices=[ANYBODY, *PAGE_NAMES.items()], required=False)

    def clean(self):
        data = super().clean()
        today = timezone.localdate()
        until = data.get("until") or today
        since = data.get("since") or until - timedelta(days=6)
        if since > until:
            self.add_error("since", _("The period begins before it ends."))
            since = until
        if (until - since).days >= LONGEST_PERIOD:
            self.add_error("since", _("At most 92 days at once."))
            since = until - timedelta(days=LONGEST_PERIOD - 1)
        return data | {"since": since, "until": until}


class ExportForm(LogForm):
    reason = forms.CharField(
        label=_("Reason"), max_length=200, error_messages={"required": _("Say what the file is for.")}
    )
