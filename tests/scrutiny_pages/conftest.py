"""Fixtures shared by the tests of people and meetings."""

import pytest
from django.contrib.auth.models import Permission


@pytest.fixture
def staff(client, django_user_model):
    """Return a function that signs in a user with the named permissions only."""

    def sign_in(*permissions: str):
        user = django_user_model.objects.create_user(f"somebody-{len(permissions)}")
        user.user_permissions.add(*Permission.objects.filter(codename__in=["access_admin", *permissions]))
        client.force_login(user)
        return user

    return sign_in
