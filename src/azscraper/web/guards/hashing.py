"""Threads that do nothing but hash passwords: whatever else the process does in threads can't hold up a log-in.

A module of its own because both ways in, the API's and the dashboard's, share one set of threads a process.
"""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from azscraper.tenants import accounts, credentials
from azscraper.tenants.accounts import User

_LOG_INS_AT_A_TIME = 4
"""Passwords compared at once by one process: each takes 64 MiB. It also bounds the log-ins that are counted but not over."""
_SIGN_UPS_AT_A_TIME = 1
"""Strangers can sign up as often as they like: theirs wait in a row of their own, and leave the processors to log-ins."""


class Hashing:
    """Of one process. Threads start with the first password."""

    def __init__(self) -> None:
        self.log_ins = asyncio.Semaphore(_LOG_INS_AT_A_TIME)
        """Held by a log-in from the moment it is counted until its password was compared."""
        self._log_ins = ThreadPoolExecutor(_LOG_INS_AT_A_TIME, "log-in")
        self._sign_ups = ThreadPoolExecutor(_SIGN_UPS_AT_A_TIME, "sign-up")

    async def check(self, login: tuple[User, str] | None, password: str) -> tuple[User, str]:
        """The login, if the password is right. Raises UnauthenticatedError, after as long, when it is wrong."""
        compare = partial(accounts.check_password, login, password)
        return await asyncio.get_running_loop().run_in_executor(self._log_ins, compare)

    async def hash_changed(self, password: str) -> str:
        """The hash of a new password of somebody who is logged in."""
        return await asyncio.get_running_loop().run_in_executor(self._log_ins, credentials.hash_password, password)

    async def hash_first(self, password: str) -> str:
        """The hash of a new account's password."""
        return await asyncio.get_running_loop().run_in_executor(self._sign_ups, credentials.hash_password, password)
