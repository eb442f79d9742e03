"""The Nu HTML checker, run on a folder of pages."""

import json
import shutil
import subprocess
from pathlib import Path

HERE = Path(__file__).resolve().parent
JAR = HERE / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar"


def missing() -> str:
    """Return what this machine lacks to run the checker, or ""."""
    if not shutil.which("java"):
        return "no Java found; install the package default-jre-headless"
    return "" if JAR.exists() else "not installed; make test does it"


def faults_in(folder: Path) -> list[str]:
    """Return every error and every warning in a folder's pages, as text."""
    command = ["java", "-jar", str(JAR), "--format", "json", "--stdout", "--exit-zero-always", str(folder)]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return [
        f"{Path(message.get('url', '')).name}, line {message.get('lastLine', '?')}: {message['message']} "
        f"{' '.join(message.get('extract', '').split())[:160]}"
        for message in json.loads(said)["messages"]
    ]
