"""Test every form of the portal: what it says is wrong, where that leads, and in which order it asks."""

from datetime import date

import django_filters
from django import forms

from partnership.generic.renderer import ErrorLink, FilterForm, PortalForm


class ShareForm(PortalForm, forms.Form):
    fieldsets = (("What it costs", "In the year the share begins.", ("percent", "basis")),)

    reason = forms.CharField(label="Why?", error_messages={"required": "Say why"}, help_text="One sentence.")
    note = forms.CharField(required=False)
    percent = forms.DecimalField(label="Delivered %", widget=forms.TextInput({"data-suffix": "%"}), help_text="Of 100.")
    basis = forms.ChoiceField(choices=[("a", "Agreed"), ("p", "Provisional")], widget=forms.RadioSelect)
    started_on = forms.DateField(widget=forms.TextInput)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)


def test_groups_follow_the_fieldsets_then_the_rest_then_the_reason():
    form = ShareForm()
    first, rest = form.groups
    assert [field.name for field in first.fields] == ["percent", "basis"]
    assert [field.name for field in rest.fields] == ["note", "started_on"]
    html = str(form)
    names = [name for name in form.fields if f'name="{name}"' in html]
    assert sorted(names, key=lambda name: html.index(f'name="{name}"')) == [
        "version",
        "percent",
        "basis",
        "note",
        "started_on",
        "reason",
    ]


def test_error_summary_links_to_each_field_in_the_order_of_the_page():
    form = ShareForm({"percent": "lots", "basis": "z", "started_on": "31/02/2026", "version": "two"})
    assert form.error_summary == [
        ErrorLink("“Version” must be a number", ""),
        ErrorLink("“Delivered %” must be a number", "id_percent"),
        ErrorLink("“z” is not a choice for “Basis”", "id_basis_0"),
        ErrorLink("“31/02/2026” is not a date: February 2026 has 28 days.", "id_started_on"),
        ErrorLink("Say why", "id_reason"),
    ]
    html = str(form)
    assert all(f'id="{link.target}"' in html for link in form.error_summary if link.target)


def test_figure_field_is_a_short_text_box_that_keeps_what_was_mistyped():
    class YearsForm(PortalForm, forms.Form):
        years = forms.IntegerField(min_value=1)

    html = str(YearsForm({"years": "two"})["years"])
    assert 'type="text"' in html
    assert 'inputmode="numeric"' in html
    assert 'value="two"' in html
    assert "govuk-input--width-10" in html


def test_a_field_added_after_the_start_is_named_in_its_errors_too():
    form = ShareForm({})
    form.fields["percent_occ"] = forms.DecimalField(label="OCC’s share")
    assert ErrorLink("Fill in “OCC’s share”", "id_percent_occ") in form.error_summary


def test_an_empty_choice_says_what_it_means():
    class KindFilter(FilterForm):
        kind = django_filters.fields.ChoiceField(choices=[("a", "A")], required=False)
        is_open = forms.NullBooleanField()

    class KindForm(PortalForm, forms.Form):
        kind = forms.ChoiceField(choices=[("", "---------"), ("a", "A")])

    assert '<option value="" selected>Any</option>' in str(KindFilter()["kind"])
    assert '<option value="unknown" selected>Any</option>' in str(KindFilter()["is_open"])
    assert '<option value="" selected>Choose one</option>' in str(KindForm()["kind"])


def test_date_is_shown_as_the_portal_writes_it_and_kept_as_typed():
    class DayForm(PortalForm, forms.Form):
        on = forms.DateField()

    assert 'value="1 October 2018"' in str(DayForm(initial={"on": date(2018, 10, 1)})["on"])
    assert 'value="1/10/18"' in str(DayForm({"on": "1/10/18"})["on"])


def test_names_in_a_tuple_of_their_own_stand_side_by_side():
    class DayForm(PortalForm, forms.Form):
        fieldsets = (("When", "", (("on", "precision"),)),)
        on = forms.DateField()
        precision = forms.CharField()

    (row,) = DayForm().groups[0].rows
    assert [field.name for field in row] == ["on", "precision"]
    assert str(DayForm()).count('class="portal-row"') == 1


def test_error_summary_is_empty_when_nothing_is_wrong():
    assert ShareForm().error_summary == []


def test_an_empty_answer_is_asked_for_by_the_name_of_its_field():
    messages = {link.target: link.message for link in ShareForm({}).error_summary}
    assert messages["id_percent"] == "Fill in “Delivered %”"
    assert messages["id_basis_0"] == "Choose an answer for “Basis”"


def test_a_control_is_described_by_its_hint_and_its_error():
    html = str(ShareForm({"percent": "lots"})["percent"].as_field_group())
    assert 'aria-describedby="id_percent_helptext id_percent_error"' in html
    assert 'id="id_percent_helptext"' in html
    assert 'id="id_percent_error"' in html
    assert "govuk-input--error" in html
    assert '<div class="govuk-input__suffix" aria-hidden="true">%</div>' in html


def test_radios_stand_in_a_fieldset_and_carry_no_aria_invalid():
    html = str(ShareForm({})["basis"].as_field_group())
    assert "<legend" in html
    assert 'aria-describedby="id_basis_error"' in html
    assert "aria-invalid" not in html


def test_only_forms_that_write_mark_what_is_optional():
    class WordsFilter(FilterForm):
        words = forms.CharField(required=False)

    assert "(optional)" in str(ShareForm()["note"].as_field_group())
    assert "(optional)" not in str(ShareForm()["percent"].as_field_group())
    assert "(optional)" not in str(WordsFilter()["words"].as_field_group())


def test_nothing_in_a_form_is_at_odds_with_the_content_security_policy():
    html = str(ShareForm({}))
    assert " style=" not in html
    assert " on" not in "".join(part for part in html.split("<") if part.startswith(("input", "select", "textarea")))
