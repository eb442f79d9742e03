"""Imports between the product's modules."""

import ast
import json
import os
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TypeGuard

import pytest

from tests.project.first_imports import APPS, is_ours

ROOT = Path(__file__).resolve().parents[2]


def module_paths() -> dict[str, Path]:
    """Return the product's modules without migrations, by name."""
    paths = [path for app in APPS for path in sorted((ROOT / app).rglob("*.py"))]
    own = [path for path in paths if {"migrations", "node_modules"}.isdisjoint(path.parts)]
    names = (".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__") for path in own)
    return dict(zip(names, own, strict=True))


MODULES = module_paths()


# The layers of the product, the lowest first.
LAYERS = [("cms.core",), ("scrutiny_pages",), ("home", "forms"), ("cms",)]
# They start Django or are read by it, before anything else of ours: each has a test of its own.
STARTS = ("cms.settings", "cms.wsgi")


def by_layer(modules: Iterable[str]) -> list[list[str]]:
    """Return the modules of each layer."""
    left = [name for name in modules if not name.startswith(STARTS)]
    groups = []
    for layer in LAYERS:
        groups.append([name for name in left if f"{name}.".startswith(tuple(f"{app}." for app in layer))])
        left = [name for name in left if name not in groups[-1]]
    assert not left
    return groups


def failures(groups: list[list[str]], folder: Path = ROOT) -> dict[str, str]:
    """Return the error of each module that cannot be the first one imported."""
    command = [sys.executable, "-m", "tests.project.first_imports", *(",".join(names) for names in groups)]
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "cms.settings.test",
        "PYTHONPATH": os.pathsep.join([str(ROOT), str(folder)]),
    }
    ran = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    return json.loads(ran.stdout)


def test_every_module_can_be_the_first_one_imported():
    assert failures(by_layer(MODULES)) == {}


def test_a_circle_of_imports_is_found(tmp_path):
    """Two modules that need a name of each other, and a third that imports one of them."""
    package = tmp_path / "circle"
    package.mkdir()
    (package / "__init__.py").touch()
    (package / "first.py").write_text("from circle.second import two\none = 1\n")
    (package / "second.py").write_text("from circle.first import one\ntwo = 2\n")
    (package / "third.py").write_text("import circle.first\n")
    (package / "alone.py").write_text("alone = 0\n")
    names = [f"circle.{name}" for name in ("first", "second", "third", "alone")]
    found = failures([names], tmp_path)
    assert set(found) == set(names[:3])
    assert all("partially initialized module" in words for words in found.values())


LONGEST_MODULE = 400  # lines
LARGEST_FOLDER = 25  # modules
LABELS = ("core", "scrutiny_pages", "forms", "home")  # of the apps that have models
# They work on the models as a migration knows them, which no import has.
HISTORICAL_MODELS = ROOT / "home/site_setup/roles.py"


def test_no_module_is_too_long_to_read():
    lengths = {name: len(path.read_text(encoding="utf-8").splitlines()) for name, path in MODULES.items()}
    assert {name: length for name, length in lengths.items() if length > LONGEST_MODULE} == {}


def test_no_folder_holds_too_many_modules():
    modules = [path.parent for path in MODULES.values() if path.name != "__init__.py"]
    numbers = {str(folder.relative_to(ROOT)): modules.count(folder) for folder in set(modules)}
    assert {folder: number for folder, number in numbers.items() if number > LARGEST_FOLDER} == {}


def dodges(source: str, *, is_app_config: bool = False) -> Iterator[str]:
    """Yield what a module does to reach another one of ours without importing it at its top.

    :param is_app_config: whether it is an app's ``apps.py``, whose ``ready()`` imports what needs the models.
    """
    tree = ast.parse(source)
    at_start = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) and node.name == "ready"]
    allowed = {node for ready in at_start if is_app_config for node in ast.walk(ready)}
    for function in (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)):
        for node in ast.walk(function):
            if node not in allowed and _imports_ours(node):
                yield f"{node.lineno}: an import in {function.name}()"
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Attribute(attr="get_model"), args=[ast.Constant(value=str() as label), *_]):
                if label.split(".")[0] in LABELS:
                    yield f"{node.lineno}: get_model() of {label}"
            case ast.Attribute(attr="related_model", value=ast.Call(func=ast.Attribute(attr="get_field"))):
                yield f"{node.lineno}: the related_model of a field"
            case ast.Call(func=ast.Attribute(attr="import_module") | ast.Name(id="import_module")):
                if node not in allowed:
                    yield f"{node.lineno}: import_module()"


def _imports_ours(node: ast.AST) -> TypeGuard[ast.Import | ast.ImportFrom]:
    match node:
        case ast.Import(names=names):
            return any(is_ours(alias.name) for alias in names)
        case ast.ImportFrom(module=module, level=level):
            return bool(level) or is_ours(module or "")
    return False


# WeasyPrint needs libraries that a machine may lack, so what imports it is loaded only where it can be.
OPTIONAL = {"cms.core.pdf.availability": ["import_module()"]}


def test_no_module_dodges_a_circle_of_imports():
    found = {}
    for name, path in MODULES.items():
        if path != HISTORICAL_MODELS:
            source = path.read_text(encoding="utf-8")
            lines = [
                line
                for line in dodges(source, is_app_config=path.name == "apps.py")
                if line.partition(": ")[2] not in OPTIONAL.get(name, ())
            ]
            found |= {name: lines} if lines else {}
    assert found == {}


@pytest.mark.parametrize(
    "source",
    [
        "def view():\n    from forms.models import Case\n",
        "def view():\n    from .models import Case\n",
        "class View:\n    def get(self):\n        import home.models\n",
        'apps.get_model("forms", "Case")',
        'apps.get_model("core.SiteSettings")',
        'import_module("forms.models")',
        'importlib.import_module(".models", "forms")',
        'Case._meta.get_field("submission").related_model.objects',
        "class Other:\n    def ready(self):\n        from .models import Case\n",
    ],
)
def test_each_dodge_is_found(source):
    assert list(dodges(source))


@pytest.mark.parametrize(
    "source",
    [
        "from forms.models import Case",
        "def view():\n    import json\n",
        'apps.get_model("wagtailsearch", "IndexEntry")',
        "def key(field):\n    return field.related_model\n",
    ],
)
def test_what_dodges_nothing_is_left_alone(source):
    assert not list(dodges(source))


def test_an_app_imports_what_needs_its_models_when_they_are_ready():
    source = "class FormsConfig(AppConfig):\n    def ready(self):\n        from . import signal_handlers\n"
    assert not list(dodges(source, is_app_config=True))
