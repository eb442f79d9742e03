"""Optimistic locking by value: digests of the values that a form showed, compared with those saved since.

The form carries a digest of every value that it shows, in its rows too. When it is submitted, the digests are compared
with the current values: only what somebody else changed, and this submission would overwrite, prevents saving.
"""

import base64
import dataclasses
import hashlib
import json
from typing import Any, Self

from django.core import signing
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Model, QuerySet
from django.forms import BooleanField, CharField, Field, HiddenInput, ModelForm
from django.forms.formsets import DELETION_FIELD_NAME, ORDERING_FIELD_NAME
from django.utils.formats import localize
from django.utils.html import strip_tags
from wagtail.admin.rich_text import DraftailRichTextArea
from wagtail.blocks import StreamValue

FIELD = "values_seen"
LONGEST_SHOWN = 1500  # characters of one field
NO_TEXT = (FIELD, DELETION_FIELD_NAME, ORDERING_FIELD_NAME)
FIELD_CHANGED = "Somebody else changed this while you had it open. It is saved now as: {}"
ROW_ADDED = "Somebody else added “{}” while you had this open. It stays when you save."
ROW_GONE = "Somebody else took this row out while you had it open. It comes back if you save."
ROW_CHANGED = "Somebody else changed “{}” while you had this open, and you take it out."
ROWS_MOVED = "Somebody else changed the order while you had this open. It is saved now as: {}"

Digests = dict[str, str]


class HiddenField(CharField):
    """A hidden field with data about the form, which is no part of the record."""

    def __init__(self, initial: str):
        super().__init__(required=False, initial=initial, widget=HiddenInput(attrs={"autocomplete": "off"}))

    def has_changed(self, initial: object, data: object) -> bool:
        """Return False: the field never counts as a change."""
        return False


def _plain(value: object) -> object:
    """Return a JSON-serialisable form of a value, equal whenever it is read from an unchanged row."""
    if isinstance(value, StreamValue):
        return list(value.raw_data)
    if isinstance(value, Model):
        return str(value.pk)
    if isinstance(value, list | tuple | set | QuerySet):
        return [_plain(item) for item in value]
    return value


class _Encoder(DjangoJSONEncoder):
    def default(self, value: object) -> object:
        try:
            return super().default(value)
        except TypeError:
            return str(value)


def _digest(value: object) -> str:
    text = json.dumps(_plain(value), cls=_Encoder, sort_keys=True)
    return base64.b64encode(hashlib.sha256(text.encode()).digest()[:6]).decode()


def _digests(form: ModelForm) -> Digests:
    fields = form.fields.items()
    return {name: _digest(form.get_initial_for_field(field, name)) for name, field in fields if name not in NO_TEXT}


@dataclasses.dataclass(frozen=True)
class Seen:
    """Digests of the values of a form: of each field, and of each field of each row, in the order of the rows."""

    fields: Digests
    rows: dict[str, dict[str, Digests]]

    @classmethod
    def of(cls, form: ModelForm) -> Self:
        """Return the digests of an unbound form."""
        lists = getattr(form, "formsets", {}).items()
        rows = {name: {str(row.instance.pk): _digests(row) for row in rows.initial_forms} for name, rows in lists}
        return cls(_digests(form), rows)

    @classmethod
    def unpacked(cls, text: str, record: Model) -> Self:
        """Return the digests that a form submitted; empty for invalid text, or another record's."""
        try:
            label, fields, rows = signing.loads(text, salt=FIELD)
        except signing.BadSignature:
            return cls({}, {})
        return cls(fields, rows) if label == _label(record) else cls({}, {})

    def packed(self, record: Model) -> str:
        """Return the digests as the signed text that the form carries."""
        return signing.dumps([_label(record), self.fields, self.rows], salt=FIELD, compress=True)


def _label(record: Model) -> str:
    return f"{record._meta.label_lower}:{record.pk}"


def free_lost_rows(data: dict, form: ModelForm) -> dict[str, set[int]]:
    """Remove the keys of deleted rows from the submitted data, so that they can be saved as new rows.

    :param form: the form with the current rows.
    :returns: by formset prefix, the indexes of these rows.
    """
    lost = {}
    for name, rows in getattr(form, "formsets", {}).items():
        key = rows.model._meta.pk.name
        kept = {str(row.instance.pk) for row in rows.initial_forms}
        sent = data.get(f"{rows.prefix}-INITIAL_FORMS", "")
        places = range(min(int(sent), rows.absolute_max)) if sent.isascii() and sent.isdigit() else ()
        gone = {place for place in places if data.get(f"{rows.prefix}-{place}-{key}", "") not in {"", *kept}}
        for place in gone:
            data[f"{rows.prefix}-{place}-{key}"] = ""
        lost[name] = gone
    return lost


def in_words(field: Field, value: object) -> str:
    """Return a field's saved value as text that can be read and copied."""
    if value in (None, "", [], ()):
        return "(empty)"
    if isinstance(field, BooleanField):
        return "Yes" if value else "No"
    if isinstance(value, StreamValue):
        return _cut(" / ".join(str(part) for part in value.stream_block.get_searchable_content(value)))
    if isinstance(value, list | tuple | set | QuerySet):
        return ", ".join(in_words(field, item) for item in value)
    if not isinstance(value, Model) and (queryset := getattr(field, "queryset", None)) is not None:
        value = queryset.model._default_manager.filter(pk=value).first() or value
    text = _choices(field).get(str(value)) or str(localize(value))
    return _cut(strip_tags(text) if isinstance(field.widget, DraftailRichTextArea) else text)


def _cut(text: str) -> str:
    return text[:LONGEST_SHOWN] or "(no words)"


def _choices(field: Field) -> dict[str, str]:
    if hasattr(field, "queryset"):
        return {}
    choices = getattr(field, "choices", ())
    groups = [label if isinstance(label, list | tuple) else [(value, label)] for value, label in choices]
    return {str(value): str(label) for group in groups for value, label in group}


def initial_in_words(form: ModelForm, name: str) -> str:
    """Return the saved value of one field as text."""
    return in_words(form.fields[name], form.get_initial_for_field(form.fields[name], name))


def _row_in_words(row: ModelForm) -> str:
    shown = [name for name in row.fields if name not in (*NO_TEXT, row._meta.model._meta.pk.name)]
    words = [initial_in_words(row, name) for name in shown if row.get_initial_for_field(row.fields[name], name)]
    return _cut(", ".join(words))


class Comparison:
    """Comparison of a submitted form with the values it showed when opened and with those saved now."""

    def __init__(self, before: Seen, now_form: Any, lost: dict[str, set[int]]):
        self.before, self.now, self.now_form, self.lost = before, Seen.of(now_form), now_form, lost

    def add_conflicts(self, form: ModelForm) -> bool:
        """Add to each field and formset what somebody else saved in it; return whether saving would overwrite any."""
        told = self._tell_fields(form, self.before.fields, self.now.fields)
        lists = [self._tell_list(name, rows) for name, rows in getattr(form, "formsets", {}).items()]
        return told or any(lists)

    def _tell_fields(self, form: ModelForm, before: Digests, now: Digests) -> bool:
        stale = [name for name in form.changed_data if name in now and before.get(name) != now[name]]
        for name in stale:
            form.add_error(name, FIELD_CHANGED.format(initial_in_words(form, name)))
        return bool(stale)

    def _tell_list(self, name: str, rows: Any) -> bool:
        before, now = self.before.rows.get(name, {}), self.now.rows.get(name, {})
        now_forms = {str(row.instance.pk): row for row in self.now_form.formsets[name].initial_forms}
        told = []
        for place, row in enumerate(rows.initial_forms):
            key, is_deleted = str(row.instance.pk), rows._should_delete_form(row)
            if place in self.lost.get(name, ()):
                if not is_deleted:
                    row.add_error(None, ROW_GONE)
                    told.append("")
            elif before.get(key) != now.get(key) and is_deleted:
                told.append(ROW_CHANGED.format(_row_in_words(now_forms[key])))
            elif self._tell_fields(row, before.get(key, {}), now.get(key, {})):
                told.append("")
        if told or any(row.has_changed() and not rows._should_delete_form(row) for row in rows.extra_forms):
            told += [ROW_ADDED.format(_row_in_words(now_forms[key])) for key in now.keys() - before.keys()]
        if self._is_moved(rows, [key for key in before if key in now], [key for key in now if key in before]):
            told.append(ROWS_MOVED.format(" / ".join(_row_in_words(row) for row in now_forms.values())))
        rows.non_form_errors().extend(filter(None, told))
        return bool(told)

    def _is_moved(self, rows: Any, before: list[str], now: list[str]) -> bool:
        """Return whether somebody else reordered the rows, and this submission would reorder them again."""
        if before == now or not rows.can_order:
            return False
        sent = sorted(rows.initial_forms, key=lambda row: int(row["ORDER"].value() or 0))
        keys = [str(row.instance.pk) for row in sent if not rows._should_delete_form(row)]
        return [key for key in keys if key in now] != [key for key in now if key in keys]
