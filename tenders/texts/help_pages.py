"""The help pages of the commands in another language, and the option that asks for it on each of them."""

from __future__ import annotations

import copy
from typing import Any

from typer import rich_utils

from tenders.texts.translator import Translator

_TITLES = {
    name: getattr(rich_utils, name)
    for name in (
        "OPTIONS_PANEL_TITLE",
        "ARGUMENTS_PANEL_TITLE",
        "COMMANDS_PANEL_TITLE",
        "DEFAULT_STRING",
        "REQUIRED_LONG_STRING",
        "ENVVAR_STRING",
    )
}
_USAGE = "Usage: "
_PLACEHOLDERS = ("[OPTIONS]", "COMMAND [ARGS]...")  # what Typer writes after the name of a command


def add_language_option(group: Any) -> None:
    """Let every command take ``--lang``, as ``tenders`` itself does: it may follow the command."""
    option = copy.copy(next(param for param in group.params if param.name == "lang"))
    option.expose_value = False
    for command in group.commands.values():
        if all(param.name != "lang" for param in command.params):
            command.params.append(option)


def set_titles(translator: Translator | None) -> None:
    """Let the help pages have their headings in a language; None is English. Typer keeps them for all commands."""
    for name, english in _TITLES.items():
        setattr(rich_utils, name, translator.title(english) if translator else english)


def translate(group: Any, translator: Translator) -> None:
    """Replace the help texts of a group of commands. Texts without a translation stay English."""
    for command in (group, *group.commands.values()):
        command.help = translator.help(command.help or "")
        command.params = [_translated(param, translator) for param in command.params]
        _translate_usage(command, translator)


def _translated(param: Any, translator: Translator) -> Any:
    copied = copy.copy(param)
    copied.help = translator.help(param.help or "")
    if copied.metavar:
        copied.metavar = translator.title(copied.metavar)
    _name_types(copied, translator)
    return copied


def _name_types(param: Any, translator: Translator) -> None:
    """Replace the type that Typer writes beside a parameter without a name for its value, such as <bool>."""
    shown = param.display_type_rich

    def translated_type(**keywords: Any) -> Any:
        text = shown(**keywords)
        return translator.title(text) if isinstance(text, str) else text

    param.display_type_rich = translated_type


def _translate_usage(command: Any, translator: Translator) -> None:
    """Replace what Typer itself says on the help page of a command."""
    usage, help_option = command.get_usage, command.get_help_option

    def translated_help_option(context: Any) -> Any:
        option = help_option(context)
        if option is not None:
            option.help = translator.title(option.help)
            _name_types(option, translator)
        return option

    def translated_usage(context: Any) -> str:
        text: str = usage(context)
        for words in (_USAGE, *_PLACEHOLDERS):
            text = text.replace(words, translator.title(words), 1)
        return text

    command.get_usage = translated_usage
    command.get_help_option = translated_help_option
