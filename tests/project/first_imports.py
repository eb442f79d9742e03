"""Import each of some modules first, each in a process of its own, and print those that fail.

A fresh interpreter for each would load Django hundreds of times over. This one loads it once, with every third-party
app, and forks for each module. In the child nothing is loaded of the module's own app, nor of those above: only the
layers below, where each module was tried before, and which import nothing from above (a contract in
``pyproject.toml``).

The rest of the setup is left out. A module's imports are loaded with it completely, so the next import can only fail as
it does in a process of its own.
"""

import ast
import gc
import importlib
import json
import os
import sys
from collections.abc import Iterable
from pathlib import Path

from django.apps import AppConfig, apps
from django.conf import settings

APPS = ("cms", "home", "forms", "scrutiny_pages")


def is_ours(module: str) -> bool:
    return module.split(".")[0] in APPS


def load_others(root: Path) -> None:
    """Load every third-party app, as `django.setup()` does, and the third-party imports of our modules."""
    for entry in settings.INSTALLED_APPS:
        config = AppConfig.create(entry)
        apps.app_configs[config.label], config.apps = config, apps
        config.models = apps.all_models[config.label]
    apps.apps_ready = True
    kept = set(sys.modules)
    for config in apps.get_app_configs():
        if not is_ours(config.name):
            config.import_models()
    apps.models_ready = True
    for name in sorted(imported_from_others(root)):
        importlib.import_module(name)
    # A setting names some of ours to those of others, which have loaded them by now.
    for name in [name for name in sys.modules if is_ours(name) and name not in kept]:
        del sys.modules[name]


def imported_from_others(root: Path) -> set[str]:
    """Return the names of the third-party modules that our modules import at their top."""
    names: set[str] = set()
    for path in (path for app in APPS for path in (root / app).rglob("*.py")):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.Import):
                names.update(alias.name for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                names.add(node.module)
    # What needs libraries that a machine may lack, and what would load our hooks.
    left_out = {"weasyprint", "weasyprint.urls", "pydyf"}
    return {name for name in names if not is_ours(name)} - left_out


def import_in_child(name: str) -> tuple[int, int]:
    """Fork a process that imports a module first; return its id and the pipe of its error."""
    reader, writer = os.pipe()
    process = os.fork()
    if process:
        os.close(writer)
        return process, reader
    gc.disable()
    try:
        importlib.import_module(name)
    except BaseException as error:
        os.write(writer, f"{type(error).__name__}: {error}"[:500].encode())
    os._exit(0)


def failures(names: Iterable[str]) -> dict[str, str]:
    """Return what went wrong by the name of the module, for each that cannot be imported first."""
    running: dict[int, tuple[str, int]] = {}
    failed: dict[str, str] = {}

    def finish() -> None:
        process, _ = os.wait()
        name, reader = running.pop(process)
        with os.fdopen(reader) as file:
            if words := file.read():
                failed[name] = words

    for name in names:
        if len(running) >= (os.cpu_count() or 1):
            finish()
        process, reader = import_in_child(name)
        running[process] = name, reader
    while running:
        finish()
    return failed


def main(groups: list[list[str]]) -> None:
    """Try the modules of each group, those of the lowest layer first, and print the failures as JSON."""
    load_others(Path(__file__).resolve().parents[2])
    failed: dict[str, str] = {}
    for names in groups:
        gc.freeze()
        failed |= failures(names)
        for name in (name for name in names if name not in failed):
            importlib.import_module(name)
    print(json.dumps(failed))


if __name__ == "__main__":
    main([group.split(",") for group in sys.argv[1:]])
