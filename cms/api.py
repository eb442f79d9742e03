"""Every endpoint of the API, on one screen."""

urlpatterns: list = []
