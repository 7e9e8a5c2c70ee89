"""A browser that signs in: it keeps cookies, and sends along what pages of ours send along."""

from typing import Any

import httpx

from orouter.api.access import XSRF_COOKIE, XSRF_HEADER
from tests.people import PASSWORD


class Browser:
    """One client with a jar of its own, from an address of its own."""

    def __init__(self, app: Any, ip: str = "192.0.2.1", base: str = "http://test") -> None:
        transport = httpx.ASGITransport(app, client=(ip, 1234))
        self.client = httpx.AsyncClient(transport=transport, base_url=base)

    @property
    def cookies(self) -> dict[str, str]:
        return {cookie.name: cookie.value or "" for cookie in self.client.cookies.jar}

    async def ask(self, method: str, path: str, **options: Any) -> httpx.Response:
        """One request, as axios sends it."""
        headers = {XSRF_HEADER: self.cookies.get(XSRF_COOKIE, "")} | options.pop("headers", {})
        return await self.client.request(method, f"/api/v1{path}", headers=headers, **options)

    async def sign_in(self, email: str, password: str = PASSWORD) -> httpx.Response:
        """``POST /session``."""
        return await self.ask("POST", "/session", json={"email": email, "password": password})
