"""A group of commands that are read when one of them is asked for."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Any

import click


class OnDemand(click.Group):
    """A group whose ``places`` say where each command is: name → ``module:attribute``.

    A command then starts without what only the others need (a spreadsheet library, say); the
    list of all commands reads them all, for their help.
    """

    def __init__(self, *args: Any, places: Mapping[str, str], **attrs: Any) -> None:
        super().__init__(*args, **attrs)
        self.places = places

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names of all commands, in the order of the alphabet."""
        return sorted({*super().list_commands(ctx), *self.places})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """A command, or None for a name that is none."""
        if cmd_name not in self.places:
            return super().get_command(ctx, cmd_name)
        module, _, attribute = self.places[cmd_name].partition(":")
        found: click.Command = getattr(import_module(module), attribute)
        return found
