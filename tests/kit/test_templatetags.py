"""Tags and filters of every page."""

import datetime

import pytest
from django import forms
from django.core.paginator import Paginator
from django.template import TemplateSyntaxError, engines
from django.test import RequestFactory
from django.utils.translation import override

from tandem.core.findings import Finding, Severity
from tandem.kit.forms import Manners
from tandem.kit.pagination import steps


def render(source: str, address: str = "/de/list?q=Bäume&page=3", **values: object) -> str:
    return engines["django"].from_string(source).render(values, RequestFactory().get(address))


@pytest.fixture(autouse=True)
def _english():
    with override("en"):
        yield


class Question(Manners, forms.Form):
    name = forms.CharField(label="Ihr Name", help_text="Wie im Ausweis")
    rhythm = forms.ChoiceField(label="Wie oft?", choices=[("d", "täglich")], widget=forms.RadioSelect)
    agreed = forms.BooleanField(label="Ich stimme zu", required=False)
    secret = forms.CharField(widget=forms.HiddenInput, required=False)

    def clean(self):
        raise forms.ValidationError("Etwas passt nicht zusammen")


def test_field_has_label_hint_and_error_bound_to_its_control():
    html = render("{% field form.name %}", form=Question({"rhythm": "d"}))

    assert '<label for="id_name">Ihr Name</label>' in html
    assert '<div class="hint" id="id_name_helptext">Wie im Ausweis</div>' in html
    assert 'id="id_name_error"' in html
    assert 'aria-describedby="id_name_helptext id_name_error"' in html
    assert 'aria-invalid="true"' in html
    assert "required" not in html.split("<input")[1]


def test_choices_stand_in_a_fieldset_with_a_legend():
    html = render("{% field form.rhythm %}", form=Question())

    assert "<legend>Wie oft?</legend>" in html


def test_label_of_a_checkbox_follows_it():
    html = render("{% field form.agreed %}", form=Question())

    assert html.index("<input") < html.index('<label for="id_agreed">')
    assert "optional" not in html


def test_form_fields_prints_every_field_and_the_hidden_ones():
    html = render("{% form_fields form %}", form=Question())

    assert [name in html for name in ('name="name"', 'name="rhythm"', 'name="agreed"', 'name="secret"')] == [
        True
    ] * 4


def test_error_summary_leads_to_each_field():
    html = render("{% error_summary form %}", form=Question({}))

    assert '<a href="#id_name">Ihr Name – This field is required.</a>' in html
    assert '<a href="#id_rhythm_0">' in html
    assert "<li>Etwas passt nicht zusammen</li>" in html
    assert "There are 3 problems" in html
    assert "autofocus" in html


def test_error_summary_of_fresh_forms_and_none_is_nothing():
    assert render("{% error_summary form other %}", form=Question(), other=None).strip() == ""


def test_error_summary_takes_formsets():
    formset = forms.formset_factory(Question)({"form-TOTAL_FORMS": 2, "form-INITIAL_FORMS": 2})

    assert '<a href="#id_form-1-name">' in render("{% error_summary formset %}", formset=formset)


def test_whole_form_in_a_template_looks_the_same():
    assert '<div class="field text">' in render("{{ form }}", form=Question())


@pytest.mark.parametrize(
    ("number", "last", "shown"),
    [
        (1, 1, [1]),
        (1, 3, [1, 2, 3]),
        (1, 9, [1, 2, None, 9]),
        (4, 9, [1, 2, 3, 4, 5, None, 9]),
        (5, 9, [1, None, 4, 5, 6, None, 9]),
        (9, 9, [1, None, 8, 9]),
    ],
)
def test_steps_show_the_ends_and_the_surroundings(number, last, shown):
    found = steps(number, last)

    assert [step.number for step in found] == shown
    assert [step.number for step in found if step.current] == [number]


def test_pagination_keeps_the_query():
    html = render("{% pagination page %}", page=Paginator(range(95), 10).page(3))

    assert 'href="?q=B%C3%A4ume&amp;page=2" rel="prev"' in html
    assert 'href="?q=B%C3%A4ume&amp;page=4" rel="next"' in html
    assert '<a href="?q=B%C3%A4ume&amp;page=3" aria-current="page" aria-label="Page 3">3</a>' in html


def test_pagination_of_anything_with_a_number():
    class Sheet:
        number, num_pages = 1, 2

    html = render("{% pagination page 'seite' %}", page=Sheet())

    assert "page=3&amp;seite=2" in html
    assert "prev" not in html


def test_a_single_page_has_no_pagination():
    assert render("{% pagination page %}", page=Paginator([], 10).page(1)).strip() == ""


@pytest.mark.parametrize(
    ("source", "query"),
    [
        ("{% query_string page=None %}", "?q=B%C3%A4ume"),
        ("{% query_string page=None q=None %}", "?"),
        ("{% query_string theme=themes page=None %}", "?q=B%C3%A4ume&theme=a&theme=b"),
        ("{% query_string q='x&y' %}", "?q=x%26y&page=3"),
    ],
)
def test_query_string_changes_what_is_named(source, query):
    assert render(source, themes=["a", "b"]).replace("&amp;", "&") == query


@pytest.mark.parametrize(
    ("texts", "language", "text", "attribute"),
    [
        ({"de": "Bäume", "it": "Alberi"}, "it", "Alberi", ""),
        ({"de": "Bäume", "it": ""}, "it", "Bäume", ' lang="de"'),
        ({"de": "Bäume", "en": "Trees"}, "it", "Trees", ' lang="en"'),
        ({}, "it", "", ""),
        (None, "it", "", ""),
        ("plain", "it", "plain", ""),
    ],
)
def test_texts_in_the_page_s_language_or_marked(texts, language, text, attribute):
    with override(language):
        assert render("{{ texts|in_language }}|{% texts_attr texts %}", texts=texts) == f"{text}|{attribute}"


@pytest.mark.parametrize(
    ("size", "de", "en"),
    [
        (0, "0 Bytes", "0 bytes"),
        (999, "999 Bytes", "999 bytes"),
        (1_000, "1,0 kB", "1.0 kB"),
        (1_234_567, "1,2 MB", "1.2 MB"),
        (999_600, "1,0 MB", "1.0 MB"),
        (123_456_789, "123 MB", "123 MB"),
        (5 * 10**15, "5,0 PB", "5.0 PB"),
        (None, "–", "–"),
        (-1, "–", "–"),
        ("x", "–", "–"),
    ],
)
def test_filesize_in_powers_of_a_thousand(size, de, en):
    with override("en"):
        assert render("{{ size|filesize }}", size=size) == en
    with override("de"):
        assert render("{{ size|filesize }}", size=size) == de


@pytest.mark.parametrize(
    ("kind", "tone"),
    [
        ("draft", "neutral"),
        ("published", "success"),
        ("failed", "error"),
        ("info", "info"),
        ("new-word", "neutral"),
    ],
)
def test_status_has_its_word_and_a_tone(kind, tone):
    assert (
        render("{% status kind word %}", kind=kind, word="A & B")
        == f'<span class="status {tone}">A &amp; B</span>'
    )


def test_blocks_keep_their_markup_and_escape_their_arguments():
    html = render('{% notice "warning" title %}<p>{{ text }}</p>{% endnotice %}', title="1 < 2", text="3 > 2")

    assert '<p class="notice-title">1 &lt; 2</p>' in html
    assert "<p>3 &gt; 2</p>" in html


def test_too_many_arguments_are_a_mistake_of_the_template():
    with pytest.raises(TemplateSyntaxError, match="kind, title"):
        render("{% notice 'a' 'b' 'c' %}{% endnotice %}")


def test_capture_keeps_blocks_of_the_page_and_prints_nothing():
    assert (
        render("{% capture name %} <b>{{ text }}</b> {% endcapture %}[{{ name }}]", text="<")
        == "[<b>&lt;</b>]"
    )


def test_findings_show_the_worst_first_and_count():
    found = [
        Finding(Severity.INFO, "a.note", "line 1", "Known <tag>"),
        Finding(Severity.ERROR, "a.broken", "", "Broken"),
    ]
    html = render("{% findings found %}", found=found)

    assert html.index("a.broken") < html.index("a.note")
    assert "Known &lt;tag&gt;" in html
    assert [word in html for word in ("1 error", "0 warnings", "1 note")] == [True] * 3


def test_facet_folds_what_goes_beyond():
    options = [{"label": f"Thema {number}", "count": number, "url": f"?t={number}"} for number in range(10)]
    html = render("{% facet 'Thema' options shown=8 %}", options=options)

    assert html.index("Thema 7") < html.index("<details>") < html.index("Thema 8")
    assert "2 more" in html


def test_tabs_mark_the_page_that_is_shown():
    html = render("{% tabs 'x' entries %}", address="/de/a?v=2", entries=[("A", "/de/a"), ("B", "/de/b")])

    assert '<a href="/de/a" aria-current="page">A</a>' in html
    assert html.count("aria-current") == 1


def test_of_tabs_of_one_page_the_one_with_its_whole_address_is_the_current_one():
    entries = [("A", "/de/a"), ("B", "/de/a?v=2")]

    for address, current in (("/de/a?v=2", "B"), ("/de/a", "A"), ("/de/a?v=3", "A")):
        html = render("{% tabs 'x' entries %}", address=address, entries=entries)
        assert f'aria-current="page">{current}</a>' in html
        assert html.count("aria-current") == 1


def test_progress_is_kept_between_nothing_and_all():
    assert 'value="100"' in render("{% progress 1.7 'x' %}")
    assert 'value="0"' in render("{% progress -1 'x' %}")


@pytest.mark.urls("tests.kit.look_urls")
def test_breadcrumb_is_a_link_or_the_page_itself():
    with override("it"):
        assert (
            render("{% breadcrumb label 'fail' 'crash' %}", label="<A>")
            == '<li><a href="/it/fail/crash">&lt;A&gt;</a></li>'
        )
        assert render("{% breadcrumb 'A' 'fail' kind='x' %}") == '<li><a href="/it/fail/x">A</a></li>'
    assert render("{% breadcrumb 'A' '/de/x' %}") == '<li><a href="/de/x">A</a></li>'
    assert render("{% breadcrumb 'A' %}") == '<li aria-current="page">A</li>'


def test_formats_of_dates_and_numbers():
    when = datetime.datetime(2026, 3, 5, 9, 7)
    shown = {}
    for language in ("de", "it", "en"):
        with override(language):
            shown[language] = render(
                "{{ w|date:'DATE_FORMAT' }}|{{ w|date:'SHORT_DATE_FORMAT' }}|{{ n }}", w=when, n=1234567.5
            )

    assert {language: text.lower() for language, text in shown.items()} == {
        "de": "5. märz 2026|05.03.2026|1.234.567,5",
        "it": "5 marzo 2026|05/03/2026|1.234.567,5",
        "en": "5 march 2026|05/03/2026|1,234,567.5",
    }
