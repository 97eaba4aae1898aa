"""Tags with an end: what lies inside is kept, or framed. The library is built in, like ``kit``."""

from django import template
from django.template.base import FilterExpression, Node, NodeList, Parser, Token
from django.template.context import Context
from django.utils.safestring import SafeString

register = template.Library()


class CaptureNode(Node):
    """Renders its content into a variable; pages' blocks may lie inside."""

    def __init__(self, name: str, nodelist: NodeList) -> None:
        self.name, self.nodelist = name, nodelist

    def render(self, context: Context) -> str:
        """Keep the content in the context, and print nothing."""
        context[self.name] = SafeString(self.nodelist.render(context).strip())
        return ""


@register.tag
def capture(parser: Parser, token: Token) -> CaptureNode:
    """``{% capture name %}…{% endcapture %}``: keep what is printed inside as ``name``."""
    try:
        _tag, name = token.split_contents()
    except ValueError as error:
        raise template.TemplateSyntaxError("capture takes one name") from error
    nodelist = parser.parse(("endcapture",))
    parser.delete_first_token()
    return CaptureNode(name, nodelist)


class IncludeAround(Node):
    """Renders a template with what lies inside as ``content``."""

    def __init__(self, name: str, arguments: dict[str, FilterExpression], nodelist: NodeList) -> None:
        self.name, self.arguments, self.nodelist = name, arguments, nodelist

    def render(self, context: Context) -> str:
        """Return the template, filled."""
        values = {name: value.resolve(context) for name, value in self.arguments.items()}
        content = SafeString(self.nodelist.render(context).strip())
        found = context.template.engine.get_template(self.name)  # type: ignore[union-attr]
        with context.push(**values, content=content):
            return str(found.render(context))


def _around(tag: str, file: str, names: tuple[str, ...]) -> None:
    def compile_tag(parser: Parser, token: Token) -> IncludeAround:
        _tag, *bits = token.split_contents()
        if len(bits) > len(names):
            raise template.TemplateSyntaxError(f"{tag} takes at most: {', '.join(names)}")
        arguments = {name: parser.compile_filter(bit) for name, bit in zip(names, bits, strict=False)}
        nodelist = parser.parse((f"end{tag}",))
        parser.delete_first_token()
        return IncludeAround(file, arguments, nodelist)

    register.tag(tag, compile_tag)


_around("notice", "kit/parts/notice.html", ("kind", "title"))
_around("empty", "kit/parts/empty.html", ("title",))
_around("table_region", "kit/parts/table_region.html", ("label",))
