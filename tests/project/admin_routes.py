"""Every URL pattern of the admin, with existing rows as arguments: views that nothing links to are tested too."""

import re
from collections.abc import Iterator
from inspect import unwrap
from itertools import product
from typing import Any, cast

from django.apps import apps
from django.db.models import Model
from django.urls import URLPattern, get_resolver
from wagtail.admin.views.bulk_action.registry import bulk_action_registry
from wagtail.contrib.settings.registry import registry as settings_registry
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import Collection, Page, Revision, Site, Task, TaskState, UploadedFile, Workflow, WorkflowState
from wagtail.snippets.models import get_snippet_models

from cms.core.admin.private_models import PrivateModelAdmin
from forms.cases import actions as case_steps
from forms.enums import CaseState, FormKind
from forms.models import FormPage, PublicEntry, Submission, Upload
from scrutiny_pages.models import ImportJob, ReviewPage

ARGUMENT = re.compile(r"<(?:\w+:)?(\w+)>|\(\?P<(\w+)>(?:\[[^]]*\]|[^()\[\]])*\)")
# What an argument of this name is a key of, wherever it stands.
KEYS_OF = {
    "image_id": get_image_model(),
    "document_id": get_document_model(),
    "doc_id": get_document_model(),
    "collection_id": Collection,
    "uploaded_file_id": UploadedFile,
    "task_id": Task,
    "task_state_id": TaskState,
    "workflow_pk": Workflow,
    "workflow_state_id": WorkflowState,
    "redirect_id": apps.get_model("wagtailredirects", "Redirect"),
}
PAGES = {"page_id", "parent_page_id", "page_to_move_id", "page_pk"}
# Whose key ``pk`` is, where the view does not say.
ROWS_AT = {
    "api/main/pages/": Page,
    "api/main/images/": get_image_model(),
    "api/main/documents/": get_document_model(),
    "collections/": Collection,
    "workflows/tasks/": Task,
    "workflows/": Workflow,
    "received-for-somebody/": FormPage,
    "reviews/": ReviewPage,
    "pages/": Page,
    "settings/": Site,
    "documents/": get_document_model(),
    "public-entries/": PublicEntry,
}
# What else an address can name.
WORDS = {
    "revision_id_a": ["earliest"],
    "revision_id_b": ["latest"],
    "action_name": ["approve", "publish"],
    "filter_spec": ["width-100"],
    "session_id": ["1"],
    "object_id": ["1"],
    "uidb64": ["MQ"],
    "token": ["x"],
    "ending": ["csv", "xlsx"],
    "kind": [str(kind) for kind in FormKind],
    "step": [step.name for step in vars(case_steps).values() if isinstance(step, case_steps.CaseStep)]
    + [f"{case_steps.MOVE}{state}" for state in CaseState],
    "number": ["1"],
}


def leaves(resolver, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    """Yield each pattern with its whole route."""
    for pattern in resolver.url_patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLPattern):
            yield route, pattern
        else:
            yield from leaves(pattern, route)


def admin_patterns() -> Iterator[tuple[str, URLPattern]]:
    """Yield each pattern of the admin except the final catch-all, which answers 404."""
    for route, pattern in leaves(get_resolver()):
        if route.startswith("admin/") and not route.endswith(".*/$"):
            yield route, pattern


def of_each_kind(model: type[Model]) -> list[Model]:
    """Return one row, or one page of each type."""
    if model is Page:
        pages = cast("Any", Page).objects.filter(depth__gt=1).order_by("-latest_revision", "pk").specific()
        return list({type(page): page for page in reversed(pages)}.values())
    return list(model._default_manager.all()[:1])


def register_of(pattern: URLPattern) -> PrivateModelAdmin | None:
    """Return the private register that a pattern belongs to, or None."""
    owner = getattr(unwrap(pattern.callback), "__self__", None)
    return owner if isinstance(owner, PrivateModelAdmin) else None


def rows_at(route: str, pattern: URLPattern) -> list[Model]:
    """Return rows that are valid arguments of a pattern.

    :raises LookupError: for an unknown pattern: add it to ``ROWS_AT``.
    """
    if register := register_of(pattern):
        return list(register.rows()[:1])
    view = pattern.callback
    for declared in (
        getattr(view, "view_initkwargs", {}).get("model"),
        getattr(getattr(view, "view_class", None), "model", None),
    ):
        if isinstance(declared, type):
            return of_each_kind(declared)
    short = route.removeprefix("admin/").replace("^", "")
    if snippet := re.match(r"snippets/(\w+)/(\w+)/", short):
        return of_each_kind(apps.get_model(snippet[1], snippet[2]))
    for beginning, model in ROWS_AT.items():
        if short.startswith(beginning):
            return of_each_kind(model)
    raise LookupError(f"Whose rows are at {route}?")


def _models_named(route: str) -> list[tuple[str, str]]:
    """Return the pairs of app and model that a route can name."""
    if "settings/" in route:
        models = list(settings_registry)
    elif "tasks/add/" in route:
        models = [apps.get_model("wagtailcore", "GroupApprovalTask")]
    elif "tag-autocomplete" in route:
        models = [apps.get_model("taggit", "Tag")]
    elif "editing-sessions" in route:
        models = [Page, *get_snippet_models()[:1]]
    else:
        models = [type(page) for page in of_each_kind(Page)]
    return [(model._meta.app_label, model._meta.model_name) for model in models]


def fillings(route: str, pattern: URLPattern) -> Iterator[dict[str, object]]:
    """Yield the arguments with which to try a route: existing rows, one of each kind.

    :raises LookupError: for an unknown argument.
    """
    names = [first or second for first, second in ARGUMENT.findall(route)]
    if "bulk/<str:app_label>" in route:
        bulk_action_registry._scan_for_bulk_actions()
        for app, models in bulk_action_registry.actions.items():
            for model, actions in models.items():
                yield from ({"app_label": app, "model_name": model, "action": action} for action in actions)
        return
    choices: dict[str, list] = {}
    pairs: list[dict] = [{}]
    for name in names:
        if name.endswith(("app_label", "app_name")):
            other = name.replace("app_label", "model_name").replace("app_name", "model_name")
            pairs = [{name: app, other: model} for app, model in _models_named(route)]
        elif name in PAGES:
            choices[name] = of_each_kind(Page)
        elif name in KEYS_OF:
            choices[name] = of_each_kind(KEYS_OF[name])
        elif name == "destination_id":
            choices[name] = [Site.objects.get().root_page]
        elif name == "reference":
            choices[name] = [row.reference for row in Submission.objects.all()[:1]]
        elif name == "form_key":
            choices[name] = [row.version.form_key for row in Submission.objects.all()[:1]]
        elif name == "key":
            choices[name] = of_each_kind(ImportJob)
        elif name == "token" and "/files/" in route:
            choices[name] = [row.token for row in Upload.objects.all()[:1]]
        elif name in ("pk", "instance_pk"):
            bulk = "/bulk/" in route
            choices[name] = ["mine", "again", "release"] if bulk else rows_at(route, pattern)
        elif name in WORDS:
            choices[name] = WORDS[name]
        elif not name.endswith(("model_name",)) and name != "revision_id":
            raise LookupError(f"What is {name} in {route}?")
    for pair in pairs:
        for values in product(*choices.values()):
            given = dict(zip(choices, values, strict=True)) | pair
            if "revision_id" in names:
                row = given.get("page_id") or given.get("pk")
                revision = Revision.objects.for_instance(row).first() if row else None
                if revision is None:
                    continue
                given["revision_id"] = revision
            yield given


def _filled_in(route: str, texts: dict[str, str]) -> str:
    return ARGUMENT.sub(lambda match: texts[match[1] or match[2]], route)


def addresses(*, each_kind: bool) -> dict[str, str]:
    """Return URLs of every view of the admin, with the route of each; by default one for each route."""
    found: dict[str, str] = {}
    for route, pattern in admin_patterns():
        for given in fillings(route, pattern):
            texts = {name: str(value.pk if isinstance(value, Model) else value) for name, value in given.items()}
            path = "/" + _filled_in(route, texts).replace("^", "").replace("$", "").replace("\\.", ".")
            if "/bulk/" in path and "modeladmin" not in path and "app_label" in given:
                model = apps.get_model(texts["app_label"], texts["model_name"])
                path += "?" + "&".join(f"id={row.pk}" for row in of_each_kind(model)[:1])
            found[path] = route
            if not each_kind:
                break
    return found
