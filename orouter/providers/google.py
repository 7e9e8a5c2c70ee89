"""Google's Gemini API (Developer API). The key goes into a header, never into the URL."""

from orouter.dialects import google_generate
from orouter.providers.base import Provider

GOOGLE = Provider(
    type="google",
    dialect=google_generate,
    base_url="https://generativelanguage.googleapis.com/v1beta",
    auth_header="x-goog-api-key",
    auth_prefix="",
    recalls=True,
    models_path="/models?pageSize=1000",
)
