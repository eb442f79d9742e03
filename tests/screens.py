"""The data that a browser submits of a form before anybody types in it."""

from html.parser import HTMLParser


class _Fields(HTMLParser):
    """Collects the fields of the submitted form, except those in templates that only a script uses."""

    def __init__(self, html: str):
        super().__init__()
        self.fields: dict[str, str | list[str]] = {}
        self._in_form = self._templates = 0
        self._name: str | None = None  # of the text area or the select that is open
        self._is_multiple = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._in_form = given.get("method", "").lower() == "post" and "logout" not in given.get("action", "")
        self._templates += tag == "template"
        if not self._in_form or self._templates:
            return
        name, kind = given.get("name", ""), given.get("type", "text")
        if tag == "input" and name and (kind not in ("checkbox", "radio", "submit") or "checked" in given):
            self._add(name, given.get("value", "on" if kind == "checkbox" else ""), many=kind == "checkbox")
        elif tag == "textarea":
            self._name, self.fields[name] = name, ""
        elif tag == "select":
            self._name, self._is_multiple = name, "multiple" in given
        elif tag == "option" and self._name and "selected" in given:
            self._add(self._name, given.get("value", ""), many=self._is_multiple)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._in_form = False
        self._templates -= tag == "template"
        if tag in ("textarea", "select"):
            self._name = None

    def handle_data(self, data: str) -> None:
        if self._name and isinstance(before := self.fields.get(self._name), str) and self.lasttag == "textarea":
            self.fields[self._name] = before + data

    def _add(self, name: str, value: str, *, many: bool) -> None:
        if many:
            self.fields[name] = [*self.fields.get(name, []), value]
        else:
            self.fields[name] = value


def filled_in(html: str) -> dict[str, str | list[str]]:
    """Return the values of the fields of a view's form, by name."""
    fields = _Fields(html).fields
    # HTML leaves out the line end right after the tag.
    return {name: value.removeprefix("\n") if isinstance(value, str) else value for name, value in fields.items()}
