"""What tests of people and meetings share."""

import pytest
from django.contrib.auth.models import Permission


@pytest.fixture
def staff(client, django_user_model):
    """Sign somebody in who may do what is named, and nothing else."""

    def sign_in(*permissions: str):
        user = django_user_model.objects.create_user(f"somebody-{len(permissions)}")
        user.user_permissions.add(*Permission.objects.filter(codename__in=["access_admin", *permissions]))
        client.force_login(user)
        return user

    return sign_in
