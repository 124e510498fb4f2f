"""What a template says whatever the page is written in once for each language, and says the same as before."""

import pytest
from django.template import Context, Engine, TemplateDoesNotExist, engines
from django.template.base import TextNode
from django.urls import get_script_prefix, set_script_prefix
from django.utils import translation

from portal.folded_templates import fold, is_constant

LIBRARIES = {"i18n": "django.templatetags.i18n", "static": "django.templatetags.static"}
CONSTANT = [
    '{% translate "Payments" context "menu" %}',
    '{% translate "Month" %}',
    '{% translate "Month" as label %}{{ label }}',
    "{% static 'img/logo.svg' %}",
    "{% static 'img/logo.svg' as logo %}{{ logo }}",
    "{% url 'home' %}",
    "{% url 'home' as home %}{{ home }}",
    "{% blocktranslate %}Your accounts at a glance{% endblocktranslate %}",
]
OF_THE_PAGE = [
    "{% translate word %}",
    '{% translate "Month"|upper %}',
    "{% static picture %}",
    "{% url 'insurance' insurance='pension' %}",
    "{% url page %}",
    "{% blocktranslate %}Help line {{ help_line }}{% endblocktranslate %}",
    "{% blocktranslate count count=count %}{{ count }} month{% plural %}{{ count }} months{% endblocktranslate %}",
]
PAGE = {"word": "Month", "picture": "img/logo.svg", "page": "home", "help_line": "12333", "count": 2}


def compiled(source):
    return Engine(libraries=LIBRARIES).from_string("{% load i18n static %}" + source)


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("source", CONSTANT + OF_THE_PAGE)
def test_folded_it_says_the_same(source, language):
    with translation.override(language):
        plain, folded = compiled(source), compiled(source)
        fold(folded)
        assert folded.render(Context(PAGE)) == plain.render(Context(PAGE))


@pytest.mark.parametrize("source", CONSTANT)
def test_constants_are_found(source):
    assert is_constant(compiled(source).nodelist[1])


@pytest.mark.parametrize("source", OF_THE_PAGE)
def test_what_the_page_decides_is_left(source):
    assert not is_constant(compiled(source).nodelist[1])


@pytest.mark.parametrize(
    "around",
    [
        "{{% if asked %}}{0}{{% else %}}{0}{{% endif %}}",
        "{{% for each in many %}}{0}{{% empty %}}{0}{{% endfor %}}",
        "{{% with a=1 %}}{0}{{% endwith %}}",
        "{{% block content %}}{0}{{% endblock %}}",
    ],
)
def test_constants_within_other_tags_are_folded(around):
    template = compiled(around.format("{% static 'img/logo.svg' %}"))
    before = template.render(Context())
    fold(template)
    assert before and template.render(Context()) == before
    assert "StaticNode" not in str([type(node) for node in nodes_of(template.nodelist[1])])


def nodes_of(node):
    branches = [branch for _condition, branch in getattr(node, "conditions_nodelists", ())]
    branches += [getattr(node, name, None) or () for name in getattr(node, "child_nodelists", ()) if not branches]
    return [inner for branch in branches for inner in branch]


def test_an_address_that_is_not_there_is_said_by_the_page_that_comes_to_it():
    template = compiled("{% if asked %}{% url 'no_such_page' %}{% endif %}")
    fold(template)
    assert template.render(Context({"asked": False})) == ""


def test_each_language_has_a_template_of_its_own():
    engine = engines["django"].engine
    texts = {}
    for language in ("zh-hans", "en", "zh-hans"):
        with translation.override(language):
            template = engine.get_template("includes/_navigation.html")
            assert template is engine.get_template("includes/_navigation.html")
            texts.setdefault(language, set()).add(template)
    assert [len(found) for found in texts.values()] == [1, 1]
    assert not texts["en"] & texts["zh-hans"]
    [english] = texts["en"]
    assert any(isinstance(node, TextNode) and "Main navigation" in node.s for node in english.nodelist)


def test_a_portal_under_a_path_has_its_own_addresses():
    engine = engines["django"].engine
    before = get_script_prefix()
    assert "/portal/" not in words_of(engine.get_template("includes/_footer.html"))
    try:
        set_script_prefix("/portal/")
        assert 'href="/portal/' in words_of(engine.get_template("includes/_footer.html"))
    finally:
        set_script_prefix(before)


def words_of(template):
    return "".join(node.s for node in template.nodelist.get_nodes_by_type(TextNode))


def test_a_template_that_is_not_there_is_said_so():
    with pytest.raises(TemplateDoesNotExist):
        engines["django"].engine.get_template("no/such/template.html")
