"""The forms of the local rules: which rules to list, and one generic form to propose a rule of any table."""

from datetime import date, timedelta
from decimal import Decimal

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.db.backends.postgresql.psycopg_any import DateRange, NumericRange
from django.utils.translation import gettext_lazy as _

from registry.models import Area
from registry.months import parse_month
from registry.templatetags import words

from .local_rules import columns_of
from .models.dated import DatedRule
from .rules import BY_DAY, TABLES

CODE_WIDGET = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"})
FIGURE_WIDGET = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
RATE_HINT = _("A fraction: 0.08 means 8 percent.")


def table_choices():
    return [(table, model._meta.verbose_name_plural) for table, model in TABLES.items()]


class AreaField(forms.CharField):
    """The code of an area that the register knows."""

    def __init__(self, **kwargs):
        super().__init__(label=_("Area"), help_text=_("Six digits (GB/T 2260)."), widget=CODE_WIDGET, **kwargs)

    def clean(self, value):
        code = super().clean(value)
        if code and not Area.objects.filter(code=code).exists():
            raise ValidationError(_("No area has the code %(code)s."), params={"code": code})
        return code


class RuleListForm(forms.Form):
    """Which rules to list: of one table, perhaps of one area and state."""

    table = forms.ChoiceField(label=_("Kind of rule"), choices=table_choices)
    area = AreaField(required=False)
    state = forms.ChoiceField(label=_("State"), choices=[("", _("All")), *DatedRule.State.choices], required=False)

    def __init__(self, asked):
        super().__init__({"table": next(iter(TABLES))} | asked.dict())

    def asked(self):
        """(table, rows) to show; what could not be read is left out beside its message."""
        self.is_valid()
        table = self.cleaned_data.get("table") or next(iter(TABLES))
        rows = TABLES[table].objects.all()
        if area := self.cleaned_data.get("area"):
            rows = rows.filter(area_code=area)
        if state := self.cleaned_data.get("state"):
            rows = rows.filter(state=state)
        return table, rows.order_by("state", "origin", "area_code", "key", "-version")


class StartField(forms.CharField):
    """A month like 2026-10, or a day like 2026-10-15 where the table is kept by the day."""

    def __init__(self, *, by_day, **kwargs):
        self.by_day = by_day
        hint = _("Like 2026-10, or a day like 2026-10-15.") if by_day else _("Like 2026-10.")
        help_text = f"{kwargs.pop('hint', '')} {hint}".strip() if "hint" in kwargs else hint
        super().__init__(help_text=help_text, widget=CODE_WIDGET, **kwargs)

    def to_python(self, value):
        text = super().to_python(value).strip()
        if not text:
            return None
        try:
            if self.by_day and len(text) == len("2026-10-15"):
                return date.fromisoformat(text)
            return parse_month(text)
        except ValueError:
            raise ValidationError(_("Write the month like 2026-10."), code="month") from None


class RuleForm(forms.ModelForm):
    """A draft of a rule: area, period, what the table says, source. `for_model` makes it for a table."""

    def __init__(self, data=None):
        super().__init__(data)
        by_day = self._meta.model in BY_DAY
        self.fields["since"] = StartField(label=_("In force from"), by_day=by_day)
        self.fields["until"] = StartField(label=_("No longer in force from"), by_day=by_day, required=False)
        if "ages" in self.fields:
            self.fields.pop("ages")
            self.fields["from_age"] = forms.IntegerField(label=_("From age"), min_value=0, widget=CODE_WIDGET)
            self.fields["until_age"] = forms.IntegerField(
                label=_("Below age"), min_value=1, required=False, widget=CODE_WIDGET
            )
        first, last = ["area_code", "since", "until"], ["source", "note"]
        middle = [name for name in self.fields if name not in {*first, *last}]
        self.order_fields([*first, *middle, *last])

    def clean(self):
        data = super().clean()
        since, until = data.get("since"), data.get("until")
        if since and until and until <= since:
            self.add_error("until", _("It must come after the first month."))
        elif since:
            self.instance.period = DateRange(since, until)
        if "from_age" in data:
            lower, upper = data["from_age"], data.get("until_age")
            if upper is not None and upper <= lower:
                self.add_error("until_age", _("It must lie above the first age."))
            else:
                self.instance.ages = NumericRange(lower, upper)
        return data

    def refuse(self, error):
        """Show the reasons of a ValidationError that the rule as a whole met, each at its field where it has one."""
        told = error.message_dict if hasattr(error, "error_dict") else {None: error.messages}
        for name, sentences in told.items():
            for sentence in sentences:
                self.add_error(name if name in self.fields else None, sentence)


def form_for(model):
    """The RuleForm of a table."""
    names = [field.name for field in columns_of(model)]
    return forms.modelform_factory(
        model, form=RuleForm, fields=["area_code", *names, "source", "note"], formfield_callback=_form_field
    )


def _form_field(column, **kwargs):
    if column.name == "area_code":
        return AreaField()
    if column.name == "ages":
        return forms.Field()
    field = column.formfield(**kwargs)
    if isinstance(column, models.TextField):
        field.widget.attrs["rows"] = 3
    elif isinstance(column, models.DecimalField):
        field.widget = forms.TextInput(attrs=FIGURE_WIDGET.attrs)
        if column.decimal_places > 2:
            field.help_text = RATE_HINT
    elif isinstance(column, models.DateField):
        field = StartField(label=column.verbose_name, by_day=False)
    elif isinstance(column, models.IntegerField) and not column.choices:
        field.widget = forms.TextInput(attrs=CODE_WIDGET.attrs)
    if isinstance(column, models.BooleanField):
        field.required = False
    return field


def said(rule, columns=None):
    """What a rule says, as (column's words, value) for the page; a rate as a percentage, nothing for what is empty.

    `columns`: of these alone; None: of all in which the tables differ.
    """
    for column in columns_of(type(rule)) if columns is None else columns:
        value = getattr(rule, column.name)
        if value is None or value == "":
            continue
        if column.choices:
            yield column.verbose_name, getattr(rule, f"get_{column.name}_display")()
        elif isinstance(column, models.BooleanField):
            yield column.verbose_name, _("yes") if value else _("no")
        elif isinstance(column, models.DecimalField) and column.decimal_places > 2:
            yield column.verbose_name, f"{(value * 100).normalize():f} %"
        elif isinstance(value, Decimal):
            yield column.verbose_name, f"{value:,.2f}"
        elif isinstance(value, NumericRange):
            yield column.verbose_name, f"{value.lower}–{'' if value.upper is None else value.upper - 1}"
        elif isinstance(value, list):
            yield column.verbose_name, ", ".join(f"{part.normalize():f}" for part in value)
        elif isinstance(value, date):
            yield column.verbose_name, f"{value:%Y-%m}"
        else:
            yield column.verbose_name, str(value)


def ends(rule):
    """First and last month, or day, that the rule holds for, as shown; the last is empty where it has no end."""
    write = words.day if type(rule) in BY_DAY else words.month
    last = rule.period.upper and rule.period.upper - timedelta(days=1)
    return write(rule.period.lower), write(last)
