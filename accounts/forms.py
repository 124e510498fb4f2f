from django import forms
from django.utils.translation import gettext_lazy as _

from registry.insurance import Scheme
from registry.months import parse_month

from .corrections import RIGHT_KINDS, RightEntry
from .models import Batch, Entry

MONTH_WORDS = _("Write the month like 2026-10.")
RIGHT_ROWS = 3


class MonthField(forms.Field):
    """A month as `2026-10`, cleaned to the date of its first day."""

    def to_python(self, value):
        if value in self.empty_values:
            return None
        try:
            return parse_month(value.strip())
        except ValueError:
            raise forms.ValidationError(MONTH_WORDS, code="month") from None


class BatchesForm(forms.Form):
    """Which batches are listed; what cannot be read is left out beside its message."""

    kind = forms.ChoiceField(label=_("Kind"), choices=[("", _("All")), *Batch.Kind.choices], required=False)
    scheme = forms.ChoiceField(label=_("Scheme"), choices=[("", _("All")), *Scheme.choices], required=False)
    area = forms.RegexField(
        r"^\d{6}$",
        label=_("Area code"),
        required=False,
        error_messages={"invalid": _("An area code has 6 digits.")},
    )
    month = MonthField(
        label=_("Booked month"), required=False, widget=forms.TextInput(attrs={"placeholder": "2026-10"})
    )
    file = forms.IntegerField(label=_("Feed file no."), required=False, min_value=1, max_value=2**53)
    before = forms.IntegerField(required=False, min_value=1, max_value=2**53, widget=forms.HiddenInput)

    COLUMNS = {
        "kind": "kind",
        "scheme": "scheme",
        "area": "area_code",
        "month": "booked_month",
        "file": "feed_file_id",
        "before": "pk__lt",
    }

    def conditions(self):
        """The filter of Batch that was asked for."""
        self.is_valid()
        asked = {column: self.cleaned_data.get(name) for name, column in self.COLUMNS.items()}
        return {column: value for column, value in asked.items() if value}


class ProposeForm(forms.Form):
    """A correction of one account: entries to be undone, up to three right entries, the reason and the document."""

    undone = forms.MultipleChoiceField(
        label=_("Entries to be undone"), required=False, widget=forms.CheckboxSelectMultiple
    )
    reason = forms.CharField(
        label=_("Reason"),
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The insured person reads it beside the entries."),
        error_messages={"required": _("Say why.")},
    )
    document_ref = forms.CharField(
        label=_("Document reference"),
        max_length=60,
        error_messages={"required": _("Enter the document reference.")},
    )

    def __init__(self, undoable, *args, **kwargs):
        """`undoable`: the entries that may be chosen; each gets its `.choice`, the value of its box."""
        super().__init__(*args, **kwargs)
        self.entries = {}
        for entry in undoable:
            entry.choice = f"{entry.booked_month:%Y%m}-{entry.kind}-{entry.batch_id}-{entry.line}"
            self.entries[entry.choice] = entry
        self.fields["undone"].choices = [(choice, choice) for choice in self.entries]
        kinds = [("", _("None"))] + [(kind.value, kind.label) for kind in RIGHT_KINDS]
        for row in range(1, RIGHT_ROWS + 1):
            self.fields[f"kind_{row}"] = forms.ChoiceField(label=_("Kind"), choices=kinds, required=False)
            self.fields[f"period_{row}"] = MonthField(label=_("Month covered"), required=False)
            self.fields[f"amount_{row}"] = forms.DecimalField(
                label=_("Amount (yuan)"), required=False, max_digits=18, decimal_places=2
            )

    def right_rows(self):
        """The bound fields of each right entry."""
        return [[self[f"{name}_{row}"] for name in ("kind", "period", "amount")] for row in range(1, RIGHT_ROWS + 1)]

    def clean(self):
        data = super().clean()
        for row in range(1, RIGHT_ROWS + 1):
            names = [f"{name}_{row}" for name in ("kind", "period", "amount")]
            given = [name for name in names if data.get(name) not in (None, "")]
            if given and len(given) < len(names) and not any(name in self.errors for name in names):
                missing = next(name for name in names if name not in given)
                self.add_error(missing, _("A right entry needs its kind, its month and its amount."))
        return data

    def undone_keys(self):
        """(booked month, kind, batch id, line) of each entry that was chosen."""
        chosen = [self.entries[choice] for choice in self.cleaned_data["undone"]]
        return [(e.booked_month, e.kind, e.batch_id, e.line) for e in chosen]

    def rights(self):
        data = self.cleaned_data
        rows = [
            tuple(data[f"{name}_{row}"] for name in ("kind", "period", "amount")) for row in range(1, RIGHT_ROWS + 1)
        ]
        return [RightEntry(Entry.Kind(kind), period, amount) for kind, period, amount in rows if kind]


class DecideForm(forms.Form):
    """What the second person says to a request; a word is needed either way."""

    decision_reason = forms.CharField(
        label=_("Reason of the decision"),
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("What you compared, or why it cannot be."),
        error_messages={"required": _("Say what you compared, or why it cannot be.")},
    )
