"""The product's roles, as groups that every site has once it is migrated.

``ProvidedRole`` records the rights that were assigned. So a later version can add new ones, while a right that an
administrator removed, and a group that was renamed or deleted, stay as the administrator left them.
"""

from typing import Any

from django.apps import apps as global_apps
from django.apps.registry import Apps
from django.contrib.auth.management import create_permissions
from django.db import DEFAULT_DB_ALIAS, transaction
from wagtail.snippets.models import create_extra_permissions

from .role_rights import RIGHTS, WAGTAIL_GROUPS, WAGTAIL_WORKFLOW, WORKFLOW


def provide_roles_after_migrate(
    sender: Any, using: str = DEFAULT_DB_ALIAS, apps: Apps = global_apps, **kwargs: Any
) -> None:
    """Create the roles' groups, or assign new rights to them; connected to ``post_migrate`` of this app.

    Other apps' permissions may not exist yet at that moment, so they are created first. A database whose migrations end
    before this app's own is left alone.
    """
    try:
        apps.get_model("home", "ProvidedRole")
    except LookupError:
        return
    for config in global_apps.get_app_configs():
        create_permissions(config, verbosity=0, interactive=False, using=using, apps=apps)
    create_extra_permissions(global_apps.get_app_config("wagtailsnippets"), using=using, apps=apps)
    with transaction.atomic(using=using):
        for name in RIGHTS:
            _provide(name, using, apps)
        _rename_workflow(using, apps)


def _provide(name: str, using: str, apps: Apps) -> None:
    """Create one role's group, or add the rights that it was not assigned before."""
    roles = apps.get_model("home", "ProvidedRole").objects.using(using)
    role: Any = roles.filter(name=name).first()
    if role is None:
        role = _new_role(name, using, apps)
    if role.group is None:
        return
    given = _give(role.group, RIGHTS[name] - set(role.rights), using, apps)
    if given:
        role.rights = sorted({*role.rights, *given})
        role.save(using=using)


def _new_role(name: str, using: str, apps: Apps) -> Any:
    """Return a role's record with its group: a new one, or Wagtail's unused group that it replaces.

    An existing group of the same name keeps its rights.
    """
    groups = apps.get_model("auth", "Group").objects.using(using)
    existing = groups.filter(name=name).first()
    wagtails = groups.filter(name=WAGTAIL_GROUPS.get(name, ""), user=None).first()
    if existing is None and wagtails is not None:
        wagtails.name = name
        wagtails.save(using=using)
    group = existing or wagtails or groups.create(name=name)
    rights = sorted(RIGHTS[name]) if existing else []
    return apps.get_model("home", "ProvidedRole").objects.using(using).create(name=name, group=group, rights=rights)


def _give(group: Any, rights: set[str], using: str, apps: Apps) -> set[str]:
    """Assign rights to a group; return those assigned: the others' permissions or roots do not exist."""
    permissions = apps.get_model("auth", "Permission").objects.using(using).select_related("content_type")
    known = {f"{found.content_type.app_label}.{found.codename}": found for found in permissions}
    root = apps.get_model("wagtailcore", "Page").objects.using(using).filter(depth=1).first()
    collection = apps.get_model("wagtailcore", "Collection").objects.using(using).filter(depth=1).first()
    given = set()
    for right in rights:
        place, _, name = right.rpartition(":")
        permission = known.get(name)
        if permission is None or (place == "page" and root is None) or (place == "collection" and collection is None):
            continue
        if place == "page":
            rows = apps.get_model("wagtailcore", "GroupPagePermission").objects.using(using)
            rows.get_or_create(group=group, page=root, permission=permission)
        elif place == "collection":
            rows = apps.get_model("wagtailcore", "GroupCollectionPermission").objects.using(using)
            rows.get_or_create(group=group, collection=collection, permission=permission)
        else:
            group.permissions.add(permission)
        given.add(right)
    return given


def _rename_workflow(using: str, apps: Apps) -> None:
    """Name Wagtail's approval workflow after the role that approves, if it has its original name."""
    for model in ("Workflow", "Task"):
        apps.get_model("wagtailcore", model).objects.using(using).filter(name=WAGTAIL_WORKFLOW).update(name=WORKFLOW)
