"""Read from a page what a browser would send of its form."""

from html.parser import HTMLParser


def untouched(html):
    """Name → values of the page's own form (not the sign-out button's), as sent when nothing is touched."""
    reader = FormReader()
    reader.feed(html)
    (form,) = [form for form in reader.forms if "csrfmiddlewaretoken" in form and len(form) > 1]
    return form


def shown(client, at):
    """Return what the form of an act carries unseen: the version of what its page shows."""
    answer = client.get(at)
    form = answer.context["form"] if answer.context else {}
    return {name: form[name].value() for name in ("version", "seen", "seen_at") if name in getattr(form, "fields", ())}


class FormReader(HTMLParser):
    """Collects the fields of every form that is posted."""

    def __init__(self):
        super().__init__()
        self.forms = []
        self.fields = {}  # those of the form being read; a form that is not posted is read into nowhere
        self.select = self.textarea = None

    def handle_starttag(self, tag, attributes):
        found = dict(attributes)
        if start := getattr(self, f"start_{tag}", None):
            start(found)

    def start_form(self, found):
        self.fields = {}
        if found.get("method", "").lower() == "post":
            self.forms.append(self.fields)

    def start_select(self, found):
        self.select = found["name"]
        self.first = None

    def start_option(self, found):
        if self.select:
            self.first = found.get("value", "") if self.first is None else self.first
            if "selected" in found:
                self.fields.setdefault(self.select, []).append(found.get("value", ""))

    def start_textarea(self, found):
        self.textarea = found["name"]
        self.fields[self.textarea] = [""]

    def start_input(self, found):
        is_choice = found.get("type") in ("checkbox", "radio")
        if "name" in found and ("checked" in found or not is_choice):
            self.fields.setdefault(found["name"], []).append(found.get("value", "on" if is_choice else ""))

    def handle_data(self, data):
        if self.textarea:
            self.fields[self.textarea] = [self.fields[self.textarea][0] + data]

    def handle_endtag(self, tag):
        if tag == "textarea":
            text = self.fields[self.textarea][0]
            self.fields[self.textarea] = [text.removeprefix("\n")]  # as HTML has it
            self.textarea = None
        elif tag == "select" and self.select:
            if self.select not in self.fields and self.first is not None:
                self.fields[self.select] = [self.first]
            self.select = None
