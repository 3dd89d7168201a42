"""exchange backup, exchange restore"""

from pathlib import Path

import click

from exchange.backups.archive import BackupError, Manifest
from exchange.config import Settings, load


def _said(manifest: Manifest) -> str:
    return (
        f"{len(manifest.rows)} tables, {manifest.total_rows} rows, {len(manifest.files)} files, "
        f"{manifest.database} {manifest.server}, migration {', '.join(manifest.migrations)}"
    )


@click.command()
@click.argument("target", type=click.Path(path_type=Path), default=".")
@click.option("--keep", type=click.IntRange(1), help="Then delete all but the newest KEEP there.")
def backup(target: Path, keep: int | None) -> None:
    """Save database and files into one archive, while the program runs.

    TARGET is a new file, or a folder (this one) where the archive gets its instant as its name. It
    holds all data and the secret key: keep it where only few can read it.
    """
    from exchange.backups.making import forget_old, make  # late: --help needs no database

    try:
        path, manifest = make(load(), target)
    except (BackupError, OSError) as problem:
        raise click.ClickException(str(problem)) from None
    click.echo(f"{path}: {_said(manifest)}; {path.stat().st_size} bytes")
    for gone in forget_old(path.parent, keep) if keep else ():
        click.echo(f"{gone}: deleted, {keep} newer ones are there")


@click.command()
@click.argument("archive", type=click.Path(path_type=Path))
@click.option("--check", is_flag=True, help="Only compare the archive with its checksums.")
@click.option("--force", is_flag=True, help="Also in place of a database that is there.")
def restore(archive: Path, *, check: bool, force: bool) -> None:
    """Put a backup in its place: database, files and secret key.

    Stop the program first. An older backup is brought up to the present migrations; a newer one is
    refused.
    """
    from exchange.backups import restoring  # late: the same

    settings = load()
    try:
        if check:
            click.echo(f"{archive}: whole; {_said(restoring.verify(archive))}")
            return
        if not force:
            _nobody_works(settings)
        done = restoring.restore(settings, archive, force=force)
    except (BackupError, OSError) as problem:
        raise click.ClickException(str(problem)) from None
    click.echo(f"restored: {_said(done.manifest)}; as of {done.manifest.made_at}")
    if done.aside:
        click.echo(f"what was there before is {done.aside}: delete it when you need it no longer")
    _bring_up(settings, older=done.older)


def _nobody_works(settings: Settings) -> None:
    """:raises BackupError: the program runs."""
    from exchange.backups.databases import others_at_work
    from exchange.commands.up import answers

    others = 0 if settings.uses_sqlite else others_at_work(settings.database_url)
    if others or answers(settings):
        raise BackupError(
            "the program runs"
            + (f" ({others} connections to the database)" if others else "")
            + ": stop web, worker and scheduler first, or say --force"
        )


def _bring_up(settings: Settings, *, older: bool) -> None:
    import flask_migrate

    from exchange import prepared
    from exchange.app import create_app
    from exchange.extensions import db

    prepared.forget(settings)
    if older:
        with create_app(settings).app_context():
            flask_migrate.upgrade()
            db.engine.dispose()  # no connection outlives the command
        click.echo("brought up to the migrations of this program")
