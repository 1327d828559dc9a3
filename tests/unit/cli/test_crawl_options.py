"""Every option of a kind of page is an option of its commands."""

import pytest
import typer.main
from pydantic.alias_generators import to_camel

from azscraper.cli import app
from azscraper.cli.remote import run, schedules
from azscraper.cli.remote.given.crawl_options import takes_options
from azscraper.kinds.registry import kinds
from azscraper.records.options import RESERVED, Options


@pytest.mark.parametrize("group", ["run", "schedules"])
@pytest.mark.parametrize("kind", kinds().values(), ids=list(kinds()))
def test_a_command_has_all_options_of_its_kind(group, kind):
    root = typer.main.get_command(app)
    commands = root.commands[group]
    command = commands.get_command(typer.Context(commands), kind.name)
    assert kind.name in commands.list_commands(typer.Context(commands))
    options = kind.options
    there = {one.name: one for one in command.params}
    wanted = [name for name in options.model_fields if to_camel(name) not in RESERVED]
    assert there.keys() >= set(wanted)
    assert all(there[name].help for name in wanted)


@pytest.mark.parametrize(
    ("arguments", "config"),
    [
        (["run", "details", "B0DEMO0001", "--variant", "auto", "--weight", "3"], {"variant": "auto", "weight": 3}),
        (["run", "search", "mug", "--pages", "2", "--min-price", "1.5"], {"pages": 2, "min_price": 1.5}),
        (
            ["schedules", "search", "@daily", "mug", "--sort", "newest", "--max-age", "60"],
            {"sort": "newest", "max_age": 60},
        ),
        (["schedules", "details", "@daily", "B0DEMO0001", "-m", "de"], {"marketplace": "de"}),
    ],
)
def test_what_is_given_reaches_the_job(monkeypatch, arguments, config):
    sent = []
    monkeypatch.setattr(run, "_run", lambda _kind, _source, given, *_, **__: sent.append(given))
    monkeypatch.setattr(schedules, "_create", lambda _cron, _kind, _source, given, **__: sent.append(given))
    typer.main.get_command(app)(arguments, standalone_mode=False)
    assert {key: value for key, value in sent[0].items() if value not in (None, ())} == config


class Shades(Options):
    """What only a plug-in may ask for."""

    dark: bool | None = None
    """Dark ones too."""
    shades: tuple[str, ...] | None = None
    """Their names."""


@pytest.mark.parametrize(
    ("arguments", "config"),
    [
        ([], {}),
        (["--dark"], {"dark": True}),
        (["--shades", "red", "--shades", "blue"], {"shades": ["red", "blue"]}),
    ],
)
def test_switches_and_lists_are_options(arguments, config):
    sent = []

    @takes_options(Shades)
    def command(**given):
        sent.append(given)

    app = typer.Typer()
    app.command()(command)
    typer.main.get_command(app)(arguments, standalone_mode=False)
    assert {key: value for key, value in sent[0].items() if value is not None} == config
