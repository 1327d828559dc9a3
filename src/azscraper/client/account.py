"""The routes of a user and of the organization, written once for both colours."""

from collections.abc import Mapping
from typing import Any

from azscraper.client import models
from azscraper.client.calls import Call, body_of, data, nothing
from azscraper.client.colours import C, Coloured, listing, operation
from azscraper.client.flows import Flow, Items, answered, listed


class Account(Coloured[C]):
    """Who calls, and what the organization has."""

    @operation
    def usage(self) -> Flow[models.Usage]:
        """This month's limits, what was used of them and what is left."""
        return answered(Call("GET", "/usage", data(models.Usage)))

    @operation
    def credits(self) -> Flow[models.Credits]:
        """The balance, and what open jobs hold."""
        return answered(Call("GET", "/credits", data(models.Credits)))

    @listing
    def credit_entries(self, *, most: int | None = None) -> Items[models.CreditEntry]:
        """The credits ledger, newest entry first."""
        return listed("/credits/transactions", models.CreditEntry, most=most, limit="1000")

    @listing
    def audit(self, *, action: str | None = None, most: int | None = None) -> Items[models.AuditEntry]:
        """Who did what, when, from which address; newest first."""
        return listed("/audit", models.AuditEntry, most=most, limit="100", action=action)

    @operation
    def referral(self) -> Flow[models.Referral]:
        """The organization's code and what came of it."""
        return answered(Call("GET", "/referral/me", data(models.Referral)))

    @operation
    def click_referral(self, code: str) -> Flow[None]:
        """Count a click on a referral link."""
        return answered(Call("POST", "/referral/click", nothing, body={"code": code}))

    @listing
    def signups(self, *, most: int | None = None) -> Items[models.Signup]:
        """Who came with the organization's code, newest first."""
        return listed("/referral/signups", models.Signup, most=most, limit="1000")

    @operation
    def register(
        self,
        email: str,
        password: str,
        *,
        name: str | None = None,
        referral_code: str | None = None,
        invitation: str | None = None,
    ) -> Flow[models.Session]:
        """Make an account and speak for it from now on. Raises ForbiddenError where the service asks for an invitation."""
        body = body_of(email=email, password=password, name=name, referralCode=referral_code, invitation=invitation)
        return self._session("/auth/register", body)

    @operation
    def login(self, email: str, password: str) -> Flow[models.Session]:
        """Speak for an account from now on."""
        return self._session("/auth/login", {"email": email, "password": password})

    @operation
    def verify_handoff(self, code: str) -> Flow[models.Session]:
        """Trade a one-time code in, and speak for its account from now on."""
        return self._session("/auth/verify-handoff", {"code": code})

    def _session(self, path: str, body: Mapping[str, Any]) -> Flow[models.Session]:
        session = yield from answered(Call("POST", path, data(models.Session), body=body))
        self.driver.use(session.access_token)
        return session

    @operation
    def login_handoff(self, email: str, password: str) -> Flow[models.Handoff]:
        """A one-time code, good for a minute, for another surface to trade in."""
        body = {"email": email, "password": password}
        return answered(Call("POST", "/auth/login-handoff", data(models.Handoff), body=body))

    @operation
    def logout(self) -> Flow[None]:
        """Revoke the access token."""
        return answered(Call("POST", "/auth/logout", nothing))

    @operation
    def me(self) -> Flow[models.User]:
        """Whom the access token speaks for. Raises ForbiddenError for a project's key."""
        return answered(Call("GET", "/me", data(models.User)))

    @operation
    def change_me(
        self, *, name: str | None = None, current_password: str | None = None, new_password: str | None = None
    ) -> Flow[models.ChangedUser]:
        """Change name or password; a new password revokes all other access tokens, and its fresh one is used from then on."""
        body = body_of(name=name, currentPassword=current_password, newPassword=new_password)
        user = yield from answered(Call("PATCH", "/me", data(models.ChangedUser), body=body))
        if user.access_token is not None:
            self.driver.use(user.access_token)
        return user
