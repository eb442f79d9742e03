"""Readability of the product's own texts, and their sources: for ``test_reading_age.py``.

Reading age is the Flesch-Kincaid grade plus five: the age of the pupils in that grade when autumn begins. The formula
counts words in sentences and syllables in words, so it makes no sense for two words. Each source is judged as a whole,
and each longer sentence alone, more mildly: the formula was made for a page.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pyphen
import textstat
import yaml
from django.db.models import Choices

from forms import enums as form_enums
from scrutiny_pages import enums

ROOT = Path(__file__).parent.parent.parent
SYLLABLES = pyphen.Pyphen(lang="en_GB")
SHORT = 30  # words
FEWEST_WORDS = 3  # below that a string is a name, a key or a label
# Modules whose strings people read: what the site says of records, asks in forms, and answers when something is wrong.
SPEAKING = [
    *("cms/core/views.py", "cms/core/dates/working_days.py", "cms/core/middleware.py", "home/search.py"),
    *(
        "scrutiny_pages/rules/deadlines.py",
        "scrutiny_pages/presenters/landlord_response.py",
        "scrutiny_pages/presenters/panels.py",
    ),
    *(
        "scrutiny_pages/presenters/review_progress.py",
        "scrutiny_pages/rules/stage_dates.py",
    ),
    *(
        "scrutiny_pages/rules/recommendation_status.py",
        "scrutiny_pages/presenters/recommendations.py",
        "scrutiny_pages/rules/quorum.py",
    ),
    *(
        "forms/questions/fields.py",
        "forms/submission/views.py",
        "forms/submission/services.py",
        "forms/builder/definition.py",
        "forms/answers/forms.py",
    ),
    *(
        "forms/submission/section_views.py",
        "forms/submission/draft_views.py",
        "forms/answers/throttling.py",
        "forms/submission/staff_entry.py",
        "forms/answers/emails.py",
    ),
    *(
        "forms/models/form_page.py",
        "scrutiny_pages/rules/transitions.py",
        "scrutiny_pages/forms/recommendation_forms.py",
    ),
    *(
        str(path.relative_to(ROOT))
        for folder in ("forms/questions", "scrutiny_pages/rules/rule_types")
        for path in sorted((ROOT / folder).glob("*.py"))
    ),
]


def words_of(text: str) -> list[str]:
    """Return the words of a text, without numbers and punctuation."""
    return re.findall(r"[A-Za-z][A-Za-z'’-]*", text)


def sentences_of(text: str) -> list[str]:
    """Return the sentences of a text, which end with a full stop, a colon or a line."""
    return [part.strip() for part in re.split(r"(?<=[.!?:;])\s+|\n+", text) if words_of(part)]


def syllables_in(word: str) -> int:
    """Count a word's syllables, from textstat's dictionary or by a rule."""
    try:
        return max(textstat.syllable_count(word.replace("’", "'")), 1)
    except KeyError:
        return len(SYLLABLES.positions(word)) + 1


def reading_age(sentences: list[str]) -> float:
    """Return the reading age of sentences."""
    words, syllables = 0, 0
    for sentence in sentences:
        first, *others = words_of(sentence)
        words += 1 + len(others)
        # The name of a job or a body is as long as it is: nobody can say it more plainly.
        syllables += syllables_in(first) + sum(1 if word[0].isupper() else syllables_in(word) for word in others)
    return 0.39 * words / len(sentences) + 11.8 * syllables / words - 15.59 + 5


def sources() -> dict[str, list[str]]:
    """Return every source of text with its sentences."""
    told = {"labels": _labels(), "explanations": [str(words) for words in enums.EXPLANATIONS.values()]}
    told |= {name: list(_strings_in(ROOT / name)) for name in SPEAKING}
    for folder in ("", "home", "scrutiny_pages", "forms", "forms/questions", "components", "components/form", "blocks"):
        for path in sorted((ROOT / "templates" / folder).glob("*.html")):
            told[str(path.relative_to(ROOT))] = list(_words_of_template(path.read_text(encoding="utf-8")))
    for path in sorted((ROOT / "templates" / "emails").glob("*.txt")):
        told[str(path.relative_to(ROOT))] = list(_words_of_template(path.read_text(encoding="utf-8")))
    starters = (ROOT / "scrutiny_pages" / "starters" / "data", ROOT / "forms" / "starters" / "data")
    for path in [
        ROOT / "home" / "site_setup" / "starter_pages.yaml",
        *(path for folder in starters for path in folder.glob("*.yaml")),
    ]:
        told[str(path.relative_to(ROOT))] = list(_strings_of(yaml.safe_load(path.read_text(encoding="utf-8"))))
    split: dict[str, list[str]] = {}
    for name, texts in told.items():
        parts = [part for text in texts for part in sentences_of(text)]
        # A few words alone say nothing of how hard they are: those of one folder are read together.
        short = sum(len(words_of(part)) for part in parts) < SHORT
        split.setdefault(f"short ones of {Path(name).parent}" if short else name, []).extend(parts)
    return {name: parts for name, parts in split.items() if parts}


def _labels() -> list[str]:
    """Return the labels of every status and kind."""
    found: list[str] = []
    for module in (enums, form_enums):
        for choices in vars(module).values():
            if isinstance(choices, type) and issubclass(choices, Choices):
                found += map(str, choices.labels)
    return found


def _strings_in(path: Path) -> Iterator[str]:
    """Yield the strings of a module that are sentences, without docstrings; placeholders are read as "it"."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    skipped = set()
    for node in ast.walk(tree):
        match node:
            case ast.Expr(value=ast.Constant(value=str())):
                skipped.add(node.value)
            case ast.JoinedStr():
                skipped |= set(node.values)
    for node in ast.walk(tree):
        if node in skipped:
            continue
        text = ""
        if isinstance(node, ast.JoinedStr):
            text = "".join(str(part.value) if isinstance(part, ast.Constant) else "it" for part in node.values)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            text = re.sub(r"\{[A-Za-z]+\}", "people", node.value)
        if len(words_of(text)) >= FEWEST_WORDS and " " in text.strip() and not re.search(r"[<>=_\\|]|%s", text):
            yield text


def _words_of_template(text: str) -> Iterator[str]:
    """Yield the fixed text of a template; variables are read as "it"."""
    text = re.sub(r"{% comment %}.*?{% endcomment %}|{#.*?#}|<svg.*?</svg>|<title.*?</title>", "\n", text, flags=re.S)
    text = re.sub(r"{{.*?}}", "it", text)
    text = re.sub(r"{%.*?%}", " ", text, flags=re.S)
    text = re.sub(r"</?(a|strong|b|em|span|abbr)\b[^>]*>", " ", text)
    for part in re.split(r"<[^>]*>", text):
        line = " ".join(part.split())
        if len(words_of(line)) >= FEWEST_WORDS:
            yield line


def _strings_of(data: object) -> Iterator[str]:
    """Yield the sentences in nested data."""
    if isinstance(data, str):
        if len(words_of(data)) > FEWEST_WORDS:
            yield re.sub(r"^\s*[-*#]+ ", "", re.sub(r"\{(\w+)\}", "people", data), flags=re.M)
    elif isinstance(data, dict):
        for value in data.values():
            yield from _strings_of(value)
    elif isinstance(data, list):
        for value in data:
            yield from _strings_of(value)
