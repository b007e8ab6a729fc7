"""Widgets written out in Python: Django renders a template for each part of one, which is dear on pages that are opened all day."""

from typing import Any

from django import forms
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString


class PlainSelect(forms.Select):
    """A choice without groups."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        chosen = self.format_value(value)
        options = (
            (flatatt({"value": str(key), "selected": str(key) in chosen}), label)
            for key, label in self.choices
        )
        return format_html(
            '<select name="{}"{}>{}</select>',
            name,
            flatatt(self.build_attrs(self.attrs, attrs)),
            format_html_join("", "<option{}>{}</option>", options),
        )


class PlainCheckbox(forms.CheckboxInput):
    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        given = {**self.build_attrs(self.attrs, attrs), "checked": self.check_test(value)}
        return format_html('<input type="checkbox" name="{}"{}>', name, flatatt(given))


class PlainTextarea(forms.Textarea):
    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        return format_html(
            '<textarea name="{}"{}>\n{}</textarea>',
            name,
            flatatt(self.build_attrs(self.attrs, attrs)),
            self.format_value(value) or "",
        )
