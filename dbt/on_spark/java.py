"""`python -m on_spark.java`: is there the Java that Spark 4.0 needs? Asked before half a gigabyte is installed, and before a session.

Belongs here: finding Java where Spark's launcher looks for it, and what to do where it is absent. Needs the standard library alone.
"""

import os
import re
import shutil
import subprocess
import sys

OLDEST = 17
WHAT_TO_DO = (
    f"Install a Java runtime of version {OLDEST} or 21 (Debian and Ubuntu: apt-get install openjdk-17-jre-headless; macOS: brew install openjdk@17)"
    " and put it on PATH, or set JAVA_HOME to its folder."
)


def what_is_missing() -> str:
    """Nothing, where Spark would start; else a sentence that says why it would not and what to do."""
    home = os.environ.get("JAVA_HOME")
    found = shutil.which(os.path.join(home, "bin", "java") if home else "java")
    if not found:
        where = f"JAVA_HOME names {home}, in which there is no bin/java" if home else "none is on PATH"
        return f"Spark needs Java, and {where}. {WHAT_TO_DO}"
    told = subprocess.run([found, "-version"], capture_output=True, text=True, check=False).stderr
    version = re.search(r'version "(?:1\.)?(\d+)', told)
    if not version:
        return f"Spark needs Java, and {found} does not tell its version: {told.strip() or 'it says nothing'}. {WHAT_TO_DO}"
    if int(version[1]) < OLDEST:
        return f"Spark 4.0 needs Java {OLDEST} or later, and {found} is version {version[1]}. {WHAT_TO_DO}"
    return ""


if __name__ == "__main__":
    sys.exit(what_is_missing() or 0)
