"""Without the Java that Spark needs, `make spark` says what is missing and what to install, before it installs anything itself."""

import pytest
from on_spark import java


def put_java(folder, version):
    (folder / "bin").mkdir(parents=True)
    (folder / "bin" / "java").write_text(f"""#!/bin/sh\necho 'openjdk version "{version}" 2025-04-15' >&2\n""")
    (folder / "bin" / "java").chmod(0o755)


@pytest.mark.parametrize("version", ["17.0.15", "21.0.2", "21"])
def test_nothing_is_missing_where_java_is_young_enough(tmp_path, monkeypatch, version):
    put_java(tmp_path, version)
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    assert java.what_is_missing() == ""


@pytest.mark.parametrize(("version", "told"), [("11.0.2", "version 11"), ("1.8.0_292", "version 8")])
def test_an_old_java_is_told_with_what_to_install(tmp_path, monkeypatch, version, told):
    put_java(tmp_path, version)
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    assert told in java.what_is_missing()
    assert "apt-get install" in java.what_is_missing()


def test_no_java_at_all_is_told(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("JAVA_HOME", raising=False)
    assert "none is on PATH" in java.what_is_missing()
    monkeypatch.setenv("JAVA_HOME", str(tmp_path / "gone"))
    assert "gone" in java.what_is_missing()
