"""Postprocessing of the OpenAPI document: descriptions and examples of responses, and closed objects."""

from collections.abc import Iterator
from typing import Any

DESCRIPTIONS = {
    "200": "What was asked for.",
    "201": "It was done. This is how things stand now.",
    "400": "A parameter or a value that is not known. The message names those that are.",
    "403": "You may not do this. Sign in first, with an account that may.",
    "404": "There is no such thing, or it is not public.",
    "405": "This address has no such method.",
    "409": "The rules do not allow this now. The message says why.",
    "422": "Something in it is missing or wrong. Each error is filed under the id of its question.",
    "415": "Send JSON, with the header Content-Type: application/json.",
    "429": "There were too many from you. Try again later.",
}
MESSAGES = {
    "400": "Unknown parameter: colour. Known: limit, offset.",
    "403": "Sign in first.",
    "404": "There is none, or it is not public.",
    "405": "Method “POST” not allowed.",
    "409": "Nobody has asked for more time.",
    "415": "Unsupported media type “text/plain” in request.",
    "422": "Some of this is missing or wrong.",
    "429": "Try again later.",
}
PARTS = {
    "id": "Its number.",
    "token": "The secret that came back when it was sent.",
    "slug": "Its short name, as a list gives it.",
    "series": "The part of the reference before the /, such as 2026-03.",
    "number": "The part of the reference after the /, such as 4.",
}
# What these names hold in the examples. A name that is not here has an example of its kind.
SAMPLES = {
    "answer": "accepted",
    "delivery": "started",
    "detail_url": "https://example.org/api/v2/pages/7/",
    "html_url": "https://example.org/reviews/damp-and-mould/report/",
    "from": "/old-address/",
    "kind": "report",
    "label": "What we found",
    "name": "Repairs",
    "next": "https://example.org/api/v2/panels/?limit=20&offset=20",
    "number": 4,
    "owner": "Head of Repairs",
    "panel": "scrutiny-panel",
    "previous": None,
    "ref": "2026-03/4",
    "report": 7,
    "series": "2026-03",
    "slug": "repairs",
    "standing": "progress",
    "status": "In progress",
    "title": "Tell people when a visit moves",
    "to": "/what-we-found/",
    "type": "text",
    "url": "/recommendations/2026-03/4/",
    "when": "Thursday 3 December 2026, 6:30pm to 8pm",
}
BY_FORMAT = {
    "date": "2026-06-30",
    "date-time": "2026-06-30T09:00:00+01:00",
    "uri": "https://example.org/",
    "email": "team@example.org",
}
OPEN = ("PageInBrief", "PageMeta")  # each kind of page has more than what all have
JSON = "application/json"


def complete(result: dict, generator: Any, request: Any, public: bool) -> dict:
    """Add the description and an example of every response, and close every object against additional properties."""
    for name, schema in result.get("components", {}).get("schemas", {}).items():
        if "properties" in schema and name not in OPEN:
            schema["additionalProperties"] = False
    for one in operations(result):
        one.setdefault("description", f"{one['summary']}.")
        for parameter in one.get("parameters", ()):
            parameter.setdefault("description", PARTS.get(parameter["name"], ""))
        for code, response in one["responses"].items():
            response["description"] = response.get("description") or DESCRIPTIONS[code]
            body = response.get("content", {}).get(JSON)
            if body and body.get("schema") is None:
                del response["content"]  # it only leads on
                continue
            if body and code in MESSAGES:
                body["example"] = {"message": MESSAGES[code]}
            elif body and not body.get("examples"):
                body["example"] = example(result, body["schema"])
    return result


def operations(document: dict) -> Iterator[dict]:
    """Yield each operation of each path."""
    for methods in document["paths"].values():
        yield from methods.values()


def example(document: dict, schema: dict, name: str = "") -> Any:
    """Return an example value of a schema."""
    if "$ref" in schema:
        return example(document, document["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]], name)
    for choice in (*schema.get("oneOf", ()), *schema.get("allOf", ())):
        return example(document, choice, name)
    if "const" in schema or "enum" in schema:
        return schema.get("const", next(iter(schema.get("enum", ())), None))
    kinds = schema.get("type", "object")
    kind = kinds[0] if isinstance(kinds, list) else kinds
    match kind:
        case "array":
            return [example(document, schema["items"], name)]
        case "object":
            return {key: example(document, inner, key) for key, inner in schema.get("properties", {}).items()}
        case "string" if schema.get("format") in BY_FORMAT and name not in ("next", "previous"):
            return BY_FORMAT[schema["format"]]
        case "string":
            return SAMPLES.get(name, "Words.") if not isinstance(SAMPLES.get(name), int) else "Words."
        case "integer" | "number":
            return SAMPLES[name] if isinstance(SAMPLES.get(name), int) else 1
        case "boolean":
            return True
    return None
