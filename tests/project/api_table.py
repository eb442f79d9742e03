"""The names in each response of the API, found by walking its OpenAPI document and its page types."""

from drf_spectacular.generators import SchemaGenerator
from wagtail import blocks
from wagtail.fields import StreamField
from wagtail.models import Page, get_page_models

from cms.core.api.pages import PublicPagesViewSet
from cms.core.blocks import LiveBlock


def document() -> dict:
    """Return the OpenAPI document."""
    return SchemaGenerator(urlconf="cms.api").get_schema(public=True)


def names_by_endpoint() -> dict[str, list[str]]:
    """Return every name in the response body of each endpoint, such as ``items.stages.name``."""
    told = document()
    return {
        path if method == "get" else f"POST {path}": sorted(
            _names(told, response["content"]["application/json"]["schema"])
        )
        for path, methods in told["paths"].items()
        for method, one in methods.items()
        for code, response in one["responses"].items()
        if code in ("200", "201") and "application/json" in response.get("content", {})
    }


def _names(told: dict, schema: dict, before: str = ""):
    if "$ref" in schema:
        schema = told["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]]
    for other in (*schema.get("oneOf", ()), *schema.get("allOf", ())):
        yield from _names(told, other, before)
    if "items" in schema:
        yield from _names(told, schema["items"], before)
    for name, inner in schema.get("properties", {}).items():
        yield f"{before}{name}"
        yield from _names(told, inner, f"{before}{name}.")


def names_by_page_type() -> dict[str, list[str]]:
    """Return the fields of each type of page."""
    models = [model for model in get_page_models() if model is not Page]
    return {model._meta.label: PublicPagesViewSet.get_body_fields_names(model) for model in models}


def names_by_block() -> dict[str, list[str]]:
    """Return the fields of each block that a public stream can have, by path: ``photo`` has image and caption."""
    found: dict[str, list[str]] = {}
    for model in get_page_models():
        for name in PublicPagesViewSet.get_body_fields_names(model):
            field = next((field for field in model._meta.get_fields() if field.name == name), None)
            if isinstance(field, StreamField):
                for child_name, child in field.stream_block.child_blocks.items():
                    _collect(child, child_name, found)
    return found


def _collect(block: blocks.Block, name: str, found: dict[str, list[str]]) -> None:
    if isinstance(block, blocks.ListBlock):
        _collect(block.child_block, f"{name}[]", found)
    elif isinstance(block, blocks.StructBlock) and "image" not in type(block).__name__.lower():
        told = [child for child in block.child_blocks if child not in getattr(block, "not_public", ())]
        found[name] = told + (["shown"] if isinstance(block, LiveBlock) else [])
        for child in told:
            _collect(block.child_blocks[child], f"{name}.{child}", found)
    else:
        found.setdefault(name, [])
