"""clipmill completion: a script that lets a shell complete commands and their options."""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Mapping

from pipelines.cli.command import NAMES, Command, Options, load_command

SHELLS = ("bash", "zsh", "fish")

BASH = """\
# clipmill completion for bash: eval "$(clipmill completion bash)"
_clipmill() {{
    local word=${{COMP_WORDS[COMP_CWORD]}} options
    if [ "$COMP_CWORD" = 1 ]; then
        COMPREPLY=($(compgen -W "{commands}" -- "$word"))
        return
    fi
    case ${{COMP_WORDS[1]}} in
{cases}
        *) options= ;;
    esac
    case $word in
        -*) COMPREPLY=($(compgen -W "$options" -- "$word")) ;;
        *) COMPREPLY=($(compgen -f -- "$word")) ;;
    esac
}}
complete -o filenames -F _clipmill clipmill
"""

ZSH = """\
#compdef clipmill
# clipmill completion for zsh: eval "$(clipmill completion zsh)"
_clipmill() {{
    local -a options
    if (( CURRENT == 2 )); then
        compadd -- {commands}
        return
    fi
    case $words[2] in
{cases}
    esac
    if [[ $PREFIX == -* ]]; then compadd -- $options; else _files; fi
}}
compdef _clipmill clipmill
"""


def _add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("shell", choices=SHELLS, help="the shell that is to complete")


def _run(options: Options) -> int:
    sys.stdout.write(script(options.shell, {name: _flags(name) for name in NAMES}))
    return 0


def script(shell: str, flags: Mapping[str, list[tuple[str, str]]]) -> str:
    """The text for a shell, from the options and their help of each command."""
    if shell == "fish":
        return _fish(flags)
    commands = " ".join(flags)
    if shell == "bash":
        cases = (
            f'        {name}) options="{" ".join(flag for flag, _ in known)}" ;;'
            for name, known in flags.items()
        )
        return BASH.format(commands=commands, cases="\n".join(cases))
    cases = (
        f"        {name}) options=({' '.join(flag for flag, _ in known)}) ;;"
        for name, known in flags.items()
    )
    return ZSH.format(commands=commands, cases="\n".join(cases))


def _fish(flags: Mapping[str, list[tuple[str, str]]]) -> str:
    lines = ["# clipmill completion for fish: clipmill completion fish | source"]
    for name in flags:
        about = _quoted(load_command(name).about)
        lines.append(f"complete -c clipmill -n __fish_use_subcommand -a {name} -d {about}")
    for name, known in flags.items():
        condition = f"'__fish_seen_subcommand_from {name}'"
        for flag, about in known:
            option = flag.removeprefix("--")
            lines.append(f"complete -c clipmill -n {condition} -l {option} -d {_quoted(about)}")
    return "\n".join(lines) + "\n"


def _flags(name: str) -> list[tuple[str, str]]:
    """The long options of a command, each with the first sentence of its help."""
    parser = argparse.ArgumentParser(prog=name, allow_abbrev=False)
    load_command(name).add_options(parser)
    return [
        (flag, re.split(r"[.;:]\s|\s?\[|\.$", (action.help or "") % _values(parser, action))[0])
        for action in parser._actions
        for flag in action.option_strings
        if flag.startswith("--")
    ]


def _values(parser: argparse.ArgumentParser, action: argparse.Action) -> dict[str, object]:
    return {"prog": parser.prog, **vars(action)}


def _quoted(text: str) -> str:
    """A text in single quotes, as fish reads it."""
    escaped = text.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"


COMMAND = Command(
    "completion", "Print a script that completes commands in a shell.", _add_options, _run
)
