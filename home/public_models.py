"""Declaration of what the public may see of the site's own rows, besides its pages."""

from cms.core.public_registry import register_part

from .models import Navigation, ProvidedRole

register_part(Navigation, ProvidedRole)
