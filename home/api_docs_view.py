"""The page of API documentation for developers, generated from the OpenAPI document."""

import json
from functools import lru_cache

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe
from drf_spectacular.generators import SchemaGenerator

from cms.core.api.openapi import JSON
from cms.core.models.metadata import Metadata, full_address
from cms.core.text.terminology import current_words

TITLE = "Our data for other programs"
# What stands for the parts of an address in an example request.
PARTS = {"{id}": "7", "{slug}": "repairs", "{series}": "2026-03", "{number}": "4"}


@require_safe
def api_page(request: HttpRequest) -> HttpResponse:
    """Show every endpoint: its parameters, an example request and its responses."""
    words = current_words()
    crumbs = [{"title": "Home", "url": "/"}]
    described = "Everything that this website shows, as JSON, with an example of each request and its answer."
    context = {
        "title": TITLE,
        "described": described,
        "groups": groups(words.resident, words.residents),
        "site_address": full_address(request, "/").rstrip("/"),
        "crumbs": crumbs,
        "metadata": Metadata(
            request=request, title=TITLE, address=reverse("api_page"), description=described, crumbs=crumbs
        ),
    }
    return render(request, "home/api.html", context)


@lru_cache(maxsize=8)
def groups(resident: str, residents: str) -> list[tuple[str, list[dict]]]:
    """Return the endpoints by group; call it with the landlord's terminology, which the document uses."""
    document = SchemaGenerator(urlconf="cms.api").get_schema(public=True)
    found: dict[str, list[dict]] = {}
    for path, methods in document["paths"].items():
        for method, one in methods.items():
            found.setdefault(one["tags"][0], []).append(_describe(path, method, one))
    return list(found.items())


def _describe(path: str, method: str, one: dict) -> dict:
    answers = [
        {"code": code, "words": response["description"], "body": response.get("content", {}).get(JSON)}
        for code, response in sorted(one["responses"].items())
    ]
    good = next(answer for answer in answers if answer["code"][0] in "23")
    return {
        "id": one["operationId"],
        "summary": one["summary"],
        "words": one["description"] if one["description"].rstrip(".") != one["summary"] else "",
        "method": method.upper(),
        "path": path,
        "parameters": [
            {"name": given["name"], "words": given["description"], "values": given["schema"].get("enum", [])}
            for given in one.get("parameters", [])
        ],
        "example": _request(path, one),
        "answer": json.dumps(good["body"]["example"], indent=2, ensure_ascii=False)
        if good["body"] and "example" in good["body"]
        else "",
        "answers": answers,
    }


def _request(path: str, one: dict) -> str:
    for part, value in PARTS.items():
        path = path.replace(part, value)
    needed = [given["name"] for given in one.get("parameters", []) if given["in"] == "query" and given.get("required")]
    return f"{path}{'?' if needed else ''}{'&'.join(f'{name}=repairs' for name in needed)}"
