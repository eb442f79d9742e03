"""Public declaration of the models of home that are no pages."""

from cms.core.public_registry import register_part

from .models import Navigation, ProvidedRole

register_part(Navigation, ProvidedRole)
