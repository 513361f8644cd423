"""Two refreshes at once: the second ends at once and names the first; a lock left by a killed process frees itself."""

import json
import multiprocessing
import os
import signal
import time
from datetime import date
from pathlib import Path

import pytest

from dagster_project.refresh import RefreshRunning, refresh_lock

DAY = date(2026, 6, 30)


def hold(path: Path, held) -> None:
    with refresh_lock(path, DAY):
        held.set()
        time.sleep(60)


@pytest.fixture
def holder(tmp_path):
    context = multiprocessing.get_context("spawn")
    held = context.Event()
    process = context.Process(target=hold, args=(tmp_path / "refresh.lock", held))
    process.start()
    assert held.wait(30)
    yield process
    process.kill()
    process.join()


def test_the_second_refresh_ends_at_once_and_names_the_first(holder, tmp_path):
    with pytest.raises(RefreshRunning, match=f'"process": {holder.pid}'), refresh_lock(tmp_path / "refresh.lock", DAY):
        pass


def test_a_killed_refresh_leaves_no_lock(holder, tmp_path):
    os.kill(holder.pid, signal.SIGKILL)
    holder.join()
    with refresh_lock(tmp_path / "refresh.lock", DAY):
        assert json.loads((tmp_path / "refresh.lock").read_text())["process"] == os.getpid()
