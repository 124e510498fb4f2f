"""Templates whose constants are written in once for each language (constant folding).

Django makes `{% translate "…" %}`, `{% static '…' %}` and `{% url 'name' %}` anew for every page, though nothing but
the language changes them: a fourth of what the templates of a page cost (docs/decisions/021-constants-are-folded.md).
"""

from django.template import Context, Node
from django.template.base import TextNode, TokenType
from django.template.defaulttags import IfNode, URLNode
from django.template.loaders import cached
from django.templatetags.i18n import BlockTranslateNode, TranslateNode
from django.templatetags.static import StaticNode
from django.urls import NoReverseMatch, get_script_prefix
from django.utils.html import conditional_escape
from django.utils.translation import get_language

from .addresses import address_of


class Loader(cached.Loader):
    """Django's cached loader, which keeps a folded template for each language."""

    def cache_key(self, template_name, skip=None):
        return f"{get_language()} {get_script_prefix()} {super().cache_key(template_name, skip)}"

    def get_template(self, template_name, skip=None):
        template = super().get_template(template_name, skip)
        if not getattr(template, "is_folded", False):
            fold(template)
            template.is_folded = True
        return template


class KeptAs(Node):
    """Puts a constant into the context, as `… as name` does."""

    child_nodelists = ()

    def __init__(self, name, value):
        self.name, self.value = name, value

    def render(self, context):
        context[self.name] = self.value
        return ""


class Address(Node):
    """`{% url %}` with arguments: an address is made once, for the same few come again on every page."""

    child_nodelists = ()

    def __init__(self, node):
        self.node = node

    def render(self, context):
        args = tuple(arg.resolve(context) for arg in self.node.args)
        kwargs = tuple((name, arg.resolve(context)) for name, arg in self.node.kwargs.items())
        return conditional_escape(address_of(self.node.view_name.var, args, kwargs))


def fold(template):
    """Replace the nodes of a template that say the same whatever the page, by what they say in the present language."""
    context = Context()
    with context.bind_template(template):
        _fold(template.nodelist, context)


def _fold(nodelist, context):
    for place, node in enumerate(nodelist):
        if is_constant(node):
            nodelist[place] = _folded(node, context)
            continue
        if isinstance(node, URLNode) and _is_fixed_name(node) and not node.asvar:
            nodelist[place] = Address(node)
            continue
        inner = [getattr(node, name, None) for name in getattr(node, "child_nodelists", ())]
        if isinstance(node, IfNode):  # its own `nodelist` is made anew each time it is asked for
            inner = [branch for _condition, branch in node.conditions_nodelists]
        for each in filter(None, inner):
            _fold(each, context)


def is_constant(node):
    """Whether a node depends on no variable of the page."""
    if isinstance(node, TranslateNode):
        return _is_text(node.filter_expression) and _is_nothing_or_text(node.message_context)
    if isinstance(node, BlockTranslateNode):
        is_plain = all(token.token_type == TokenType.TEXT for token in node.singular)
        is_alone = not (node.extra_context or node.plural or node.countervar)
        return is_plain and is_alone and _is_nothing_or_text(node.message_context)
    if isinstance(node, StaticNode):
        return _is_text(node.path)
    if isinstance(node, URLNode):
        return _is_fixed_name(node) and not (node.args or node.kwargs)
    return False


def _is_fixed_name(node):
    """Whether `{% url %}` names its page in quotes; a name of a namespace depends on where the page itself lies."""
    return _is_text(node.view_name) and ":" not in str(node.view_name.var)


def _is_text(expression):
    """Whether an expression is a text in quotes, without filters."""
    var = expression.var
    return not expression.filters and (isinstance(var, str) or (var.lookups is None and isinstance(var.literal, str)))


def _is_nothing_or_text(expression):
    return expression is None or _is_text(expression)


def _folded(node, context):
    try:
        text = node.render(context)
    except NoReverseMatch:  # The page may never come to this place.
        return node
    name = getattr(node, "asvar", None) or getattr(node, "varname", None)
    return KeptAs(name, context[name]) if name else TextNode(text)
