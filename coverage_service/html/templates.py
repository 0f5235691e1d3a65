"""The templates of a language: its texts and their parts are written in when they are compiled.

What is left for a page is to put its values between them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, MutableMapping
from typing import Any, Final

from flask.templating import Environment
from jinja2 import nodes
from jinja2.compiler import CodeGenerator, Frame
from jinja2.ext import Extension
from jinja2.lexer import Token, TokenStream
from markupsafe import Markup, escape

PART: Final = re.compile(r'{% include "([\w/.]+)" %}')
BLANK: Final = re.compile(r"%\((\w+)\)s")
DESIGN_SYSTEM: Final = "govuk_frontend_jinja/"
FIXED: Final = [("variable_begin", "{{"), ("name", "fixed"), ("lparen", "(")]
"""How a part begins that is the same for everybody: a call with its name alone."""
OPENS: Final = frozenset({"lparen", "lbracket", "lbrace"})
CLOSES: Final = frozenset({"rparen", "rbracket", "rbrace"})


def html(value: Any) -> str:
    """The value as HTML: as ``escape`` gives it, which is asked only where there is something to escape."""
    if value.__class__ is str:
        plain: str = value
        bare = not ("&" in plain or "<" in plain or ">" in plain or '"' in plain or "'" in plain)
        return plain if bare else escape(plain)
    if value.__class__ is int:
        return str(value)
    return value if value.__class__ is Markup else escape(value)


def called(function: Callable[..., Any], *values: Any, **named: Any) -> Any:
    """What the function gives; jinja first looks whether it wants to know the template: none of ours does."""
    return function(*values, **named)


class Direct(CodeGenerator):
    """Reads an attribute and calls a function as Python does, and writes a value as ``html`` gives it.

    Only in our own templates: those of the design system also look into tables.
    """

    environment: Templates

    @property
    def ours(self) -> bool:
        """Whether the template is one of ours, in a language."""
        return bool(self.environment.text) and not (self.name or "").startswith(DESIGN_SYSTEM)

    def visit_Call(self, node: nodes.Call, frame: Frame, forward_caller: bool = False) -> None:  # noqa: N802
        """A call; one with a block of its own stays with jinja."""
        if forward_caller or not self.ours:
            super().visit_Call(node, frame, forward_caller=forward_caller)
            return
        self.write("environment.called(")
        self.visit(node.node, frame)
        self.signature(node, frame)
        self.write(")")

    def visit_Getattr(self, node: nodes.Getattr, frame: Frame) -> None:  # noqa: N802
        """An attribute; the blocks of a template are none."""
        of_blocks = isinstance(node.node, nodes.Name) and node.node.name == "self"
        if of_blocks or not self.ours:
            super().visit_Getattr(node, frame)
            return
        self.write("(")
        self.visit(node.node, frame)
        self.write(f").{node.attr}")

    def _output_child_pre(self, node: nodes.Expr, frame: Frame, finalize: Any) -> None:
        if frame.eval_ctx.autoescape and not frame.eval_ctx.volatile and finalize.src is None:
            self.write("environment.html(")
        else:
            super()._output_child_pre(node, frame, finalize)


class Templates(Environment):
    """The templates; their globals do not change once the page is set up, so they are one plain table."""

    code_generator_class = Direct
    html = staticmethod(html)
    called = staticmethod(called)
    text: Callable[[str], str] | None = None
    """A message in the language that these are the templates of; None where that is told for each page."""

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """Every import in a template goes through all of them, which a chain of tables makes slow."""
        return {**self.globals, **(d or {})}

    def speaking(self, text: Callable[[str], str], **words: Any) -> Templates:
        """The same templates in one language; ``words`` are at hand in each."""
        found: Templates = self.overlay()
        found.text, found.globals = text, {**self.globals, **words}
        return found


class Written(Extension):
    """Writes parts and texts into the templates of a language."""

    environment: Templates

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:
        """The source with the parts that it includes."""
        if not self.environment.text:
            return source
        loader = self.environment.loader
        assert loader is not None
        return PART.sub(
            lambda found: loader.get_source(self.environment, found[1])[0].removesuffix("\n"), source
        )

    def filter_stream(self, stream: TokenStream) -> Iterator[Token]:
        """The tokens with the part for each ``fixed("…")`` and the message for each ``_("…")``."""
        tokens = list(stream)
        if not self.environment.text:
            return iter(tokens)
        return _told(list(_fixed(tokens, self.environment.globals)), self.environment.text)


def _fixed(tokens: list[Token], words: Mapping[str, Any]) -> Iterator[Token]:
    at = 0
    while at < len(tokens):
        if [(each.type, each.value) for each in tokens[at : at + 3]] == FIXED:
            yield Token(tokens[at].lineno, "data", str(words["fixed"](tokens[at + 3].value)))
            at += 6
        else:
            yield tokens[at]
            at += 1


def _told(tokens: list[Token], text: Callable[[str], str]) -> Iterator[Token]:
    at = 0
    while at < len(tokens):
        end = _end_of_message(tokens, at + 1) if tokens[at].type == "variable_begin" else None
        if end and tokens[end].type == "variable_end":
            yield from _pieces(tokens[at + 1 : end], text)
            at = end + 1
        elif _end_of_message(tokens, at) == at + 4:
            yield Token(tokens[at].lineno, "string", text(tokens[at + 2].value))
            at += 4
        else:
            yield tokens[at]
            at += 1


def _end_of_message(tokens: list[Token], at: int) -> int | None:
    """Where a call of ``_`` with a text ends; None where there is none."""
    head = [(each.type, each.value) for each in tokens[at : at + 3]]
    if len(head) < 3 or head[:2] != [("name", "_"), ("lparen", "(")] or head[2][0] != "string":
        return None
    depth = 0
    for place in range(at + 1, len(tokens)):
        depth += (tokens[place].type in OPENS) - (tokens[place].type in CLOSES)
        if not depth:
            return place + 1
    return None


def _pieces(call: list[Token], text: Callable[[str], str]) -> Iterator[Token]:
    """The message as data, with the value of each blank printed where it stands."""
    line, values = call[0].lineno, _values(call[3:-1])
    for place, piece in enumerate(BLANK.split(text(call[2].value))):
        if place % 2 == 0:
            yield Token(line, "data", piece)
        else:
            yield Token(line, "variable_begin", "")
            yield from values[piece]
            yield Token(line, "variable_end", "")


def _values(tokens: list[Token]) -> dict[str, list[Token]]:
    """The tokens of each value of ``, name=value, name=value``."""
    found: dict[str, list[Token]] = {}
    depth, name = 0, ""
    for place, token in enumerate(tokens):
        depth += (token.type in OPENS) - (token.type in CLOSES)
        if token.type == "comma" and not depth:
            name = tokens[place + 1].value
            found[name] = []
        else:
            found[name].append(token)
    return {name: each[2:] for name, each in found.items()}
