"""The language of the code: standard words in names and docstrings, British spelling in what people read.

``make check`` runs this. A word that is banned here had a private meaning once; the word to use stands beside it.
"""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

from .reading import ROOT, sources

APPS = ("cms", "home", "forms", "scrutiny_pages")
OPENERS = {
    *("Give", "Gives", "Say", "Says", "Tell", "Tells", "Lead", "Leads", "Ask", "Asks", "Something"),
    *("What", "Whether", "Where", "How", "Who", "When", "Which", "Why", "By"),
}
MODULES = {
    "told": "block_serializers",
    "streams": "streamfield_builder",
    "prose": "rich_text_markup",
    "words": "terminology",
    "paper": "pdf",
    "press": "renderer",
    "outside": "outbound_http",
    "freshness": "conditional_requests",
    "timed": "registry",
    "sheets": "xlsx",
    "standing": "status",
    "lateness": "overdue",
    "turns": "timeline",
    "stories": "presenters",
    "turnout": "quorum",
    "taking": "base",
    "refused": "exceptions",
    "crumbs": "breadcrumbs",
    "journey": "views",
    "way": "wizard",
    "later": "draft_views",
    "sealing": "encryption",
    "leftovers": "cleanup",
    "places": "urls",
    "found": "search",
    "planting": "site_setup",
    "receivers": "signal_handlers",
    "utils": "a name that says its job",
}
NAMES = {
    "Teller": "ReferenceResolver",
    "Begun": "FormDraft",
    "Watched": "ChangeSource",
    "NotSent": "DeliveryError",
    "Said": "Quote",
    "Turn": "TimelineEntry",
    "Happened": "StageProgress",
    "Whereabouts": "ReviewStatus",
    "Misshapen": "InvalidAnswers",
    "PaperCopy": "PagePdf",
    "PaperEdition": "PdfGeneration",
    "PaperPage": "PdfMixin",
    "RegisterAdmin": "PrivateModelAdmin",
    "StepRefused": "TransitionNotAllowed",
    "stranger": "anonymous",
    "take_stock": "detect_changes",
    "lead_to": "see_other",
    "hand_over": "set_draft_cookie",
    "forget_all": "invalidate_pdfs",
    "boxes_of": "form_data_of",
    "asked_of": "visible_questions",
}
# The beginnings of functions' names that say nothing of what comes back.
BEGINNINGS = {"say": "format", "plant": "create", "tell": "add or return"}
SPELLINGS = re.compile(
    r"\b(organiz|recogniz|apologiz|summariz|prioritiz|behavior|color\b|colors\b|center\b|favorite|labor\b|catalog\b"
    r"|canceled|canceling|traveled|fulfill\b|judgment|neighbor|honor\b|license to)\w*",
    re.IGNORECASE,
)


@cache
def modules() -> list[Path]:
    """Return the product's own modules, without migrations."""
    found = [path for app in APPS for path in sorted((ROOT / app).rglob("*.py"))]
    return [path for path in found if "migrations" not in path.parts and "node_modules" not in path.parts]


@cache
def definitions(path: Path) -> list[ast.AST]:
    """Return the module and all classes and functions in it."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    kinds = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    return [node for node in ast.walk(tree) if isinstance(node, kinds)]


def opener(docstring: str) -> str:
    """Return the first word of a docstring."""
    return re.split(r"\W", docstring.strip(), maxsplit=1)[0]


def place(path: Path, node: ast.AST) -> str:
    """Return where a definition stands, for a message."""
    return f"{path.relative_to(ROOT)}:{getattr(node, 'lineno', 1)}"


def test_a_docstring_begins_as_the_field_writes_it():
    wrong = [
        f"{place(path, node)}: {docstring.splitlines()[0]}"
        for path in modules()
        for node in definitions(path)
        if (docstring := ast.get_docstring(node)) and opener(docstring) in OPENERS
    ]
    assert not wrong, "\n".join(wrong)


def test_a_module_has_a_standard_name():
    wrong = [f"{path.relative_to(ROOT)}: {MODULES[path.stem]}" for path in modules() if path.stem in MODULES]
    assert not wrong, "\n".join(wrong)


def test_a_class_or_function_has_a_standard_name():
    wrong = []
    for path in modules():
        for node in definitions(path):
            name = getattr(node, "name", "")
            better = NAMES.get(name) or (None if isinstance(node, ast.ClassDef) else BEGINNINGS.get(name.split("_")[0]))
            if better:
                wrong.append(f"{place(path, node)}: {name}, better {better}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("name", sources())
def test_people_read_british_spelling(name):
    found = [sentence for sentence in sources()[name] if SPELLINGS.search(sentence)]
    assert not found


def test_the_checks_find_what_they_are_for():
    assert opener("What is asked.") in OPENERS
    assert opener("Return the day.") not in OPENERS
    assert SPELLINGS.search("Our organization")
    assert not SPELLINGS.search("Our organisation")
