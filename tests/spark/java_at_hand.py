"""Is there a Java that Spark runs on? If not, say what to install, and that this was not tried."""

import re
import shutil
import subprocess
import sys

LEAST = 17


def version() -> int:
    """Return the version of the Java that is found; 0 without one."""
    java = shutil.which("java")
    if java is None:
        return 0
    told = subprocess.run([java, "-version"], capture_output=True, text=True, check=False).stderr
    found = re.search(r'version "(\d+)', told)
    return int(found.group(1)) if found else 0


if __name__ == "__main__":
    if version() < LEAST:
        found = f"Java {version()}" if version() else "no Java"
        sys.exit(
            f"Spark was not tried: it needs Java {LEAST} or newer, and {found} was found."
            " Install one (Debian: openjdk-17-jre-headless), then run `make spark`."
        )
