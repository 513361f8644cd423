"""Releases: built in a folder of their own, renamed when finished, made current by replacing one symbolic link.

Belongs here: folders, hashes, the swap, the sweep. A reader that resolves `current` once reads one refresh to its end.
Not here: what is in a release (`export`) and whether it may be shown (`audit`).
"""

import hashlib
import json
import os
import shutil
from collections.abc import Mapping
from pathlib import Path

from dagster_project.settings import Home

BUILDING = ".building-"


def begin(home: Home, refresh_id: str) -> Path:
    """An empty folder beside the releases; leftovers of killed runs are swept first."""
    for leftover in home.releases.glob(f"{BUILDING}*"):
        shutil.rmtree(leftover)
    folder = home.releases / f"{BUILDING}{refresh_id}"
    (folder / "parquet").mkdir(parents=True)
    return folder


def finish(folder: Path, facts: Mapping) -> None:
    """Write `manifest.json` with the SHA-256 of every file, and make all files read-only."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    hashes = {str(path.relative_to(folder)): _sha256(path) for path in files}
    (folder / "manifest.json").write_text(
        json.dumps({**facts, "sha256": hashes}, indent=1, sort_keys=True, default=str)
    )
    for path in [*files, folder / "manifest.json"]:
        path.chmod(0o444)


def publish(home: Home, folder: Path, refresh_id: str, keep: int) -> Path:
    """Make a finished folder the current release in one step; returns its final place. Older ones beyond `keep` go."""
    release = home.releases / refresh_id
    os.replace(folder, release)
    link = home.published / f"{BUILDING}current"
    link.unlink(missing_ok=True)
    link.symlink_to(Path("releases") / refresh_id, target_is_directory=True)
    os.replace(link, home.current)
    _prune(home, keep)
    return release


def _prune(home: Home, keep: int) -> None:
    current = home.current.resolve()
    finished = [path for path in home.releases.iterdir() if path.is_dir() and not path.name.startswith(BUILDING)]
    for old in sorted(finished, key=lambda path: path.stat().st_mtime)[:-keep]:
        if old != current:
            shutil.rmtree(old)


def _sha256(path: Path) -> str:
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
