"""Who is at the desk: the start link's secret, sessions, passwords, and how often a password may be guessed."""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
import threading
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

from safeconduct.terms import UsageError, write_whole

ROLES = ("reader", "reporter", "checker")  # each may do what the one before it may
KEPT_SECONDS = 12 * 3600  # a working day, assumed: a session that was not used for so long ends
MOST_FAILURES, LOCKED_SECONDS = 5, 15 * 60  # assumed
SHORTEST_PASSWORD = 12  # characters, assumed
MOST_SESSIONS = 1000  # held at once; the longest unused goes first
PEOPLE_FILE = "people.json"


@dataclass(frozen=True, slots=True)
class Session:
    """A person who signed in: a name once it is known, what they may do, and the secret that their forms carry."""

    key: str
    csrf: str
    name: str
    role: str
    used: float  # seconds of the monotonic clock

    def may(self, role: str) -> bool:
        """Whether this role's work is open to them."""
        return ROLES.index(self.role) >= ROLES.index(role)


@dataclass(frozen=True, slots=True)
class Person:
    """A name with its role and the scrypt hash of its password."""

    name: str
    role: str
    salt: str
    digest: str


def digest_of(password: str, salt: str) -> str:
    """The scrypt hash of a password: 16 MB and some 50 ms a guess (RFC 7914, N = 2^14, r = 8)."""
    return hashlib.scrypt(password.encode(), salt=bytes.fromhex(salt), n=2**14, r=8, p=1).hex()


def read_people(folder: Path) -> dict[str, Person]:
    """The people of a folder of cases by name; none where no person was added."""
    file = folder / PEOPLE_FILE
    if not file.exists():
        return {}
    try:
        rows = json.loads(file.read_text("utf-8"))
        return {row["name"]: Person(row["name"], row["role"], row["salt"], row["digest"]) for row in rows}
    except (ValueError, KeyError, TypeError) as wrong:
        raise UsageError(f"{file} cannot be read ({wrong}); expected the file that --add-person writes.") from None


def check_person(name: str, role: str) -> None:
    """Raise UsageError for an unfit name or role."""
    if role not in ROLES:
        raise UsageError(f'the role is "{role[:80]}"; expected one of {", ".join(ROLES)}; write NAME:ROLE.')
    if not name.strip() or len(name) > 80 or not name.isprintable():
        raise UsageError("the name is empty or too long; expected up to 80 letters; write NAME:ROLE.")


def add_person(folder: Path, name: str, role: str, password: str) -> None:
    """Add a person, or give them another role and password. Raises UsageError for an unfit name, role or password."""
    check_person(name, role)
    if len(password) < SHORTEST_PASSWORD:
        raise UsageError(f"the password is too short; expected at least {SHORTEST_PASSWORD} characters; take a longer.")
    folder.mkdir(parents=True, exist_ok=True)
    salt = secrets.token_hex(16)
    people = read_people(folder) | {name.strip(): Person(name.strip(), role, salt, digest_of(password, salt))}
    rows = [{"name": p.name, "role": p.role, "salt": p.salt, "digest": p.digest} for p in people.values()]
    write_whole(folder / PEOPLE_FILE, json.dumps(rows, ensure_ascii=False, indent=1) + "\n")
    (folder / PEOPLE_FILE).chmod(0o600)


@dataclass
class Door:
    """Lets people in and knows them again. Safe to use from several threads."""

    people: dict[str, Person] = field(default_factory=dict)  # empty: every holder of the start link is let in
    clock: Callable[[], float] = time.monotonic
    token: str = field(default_factory=lambda: secrets.token_urlsafe(32))
    sessions: dict[str, Session] = field(default_factory=dict)
    failures: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    lock: threading.Lock = field(default_factory=threading.Lock)

    def enter_by_token(self, token: str) -> Session | None:
        """A new session for the holder of the start link; None for another token, or where people have passwords."""
        if self.people or not hmac.compare_digest(token.encode(), self.token.encode()):
            return None
        return self._begin("", "checker")

    def enter_by_password(self, name: str, password: str, source: str) -> Session | None:
        """A new session for a person who knows their password; None otherwise. Every failure counts."""
        if self.is_locked(name, source):
            return None
        person = self.people.get(name)
        stand_in = Person("", "reader", "00" * 16, "")  # so that an unknown name takes as long as a known one
        found = person or stand_in
        fits = hmac.compare_digest(digest_of(password, found.salt), found.digest)
        if not fits or person is None:
            with self.lock:
                for key in (f"name {name}", f"from {source}"):
                    self.failures[key].append(self.clock())
            return None
        return self._begin(person.name, person.role)

    def is_locked(self, name: str, source: str) -> bool:
        """Whether this name or this address has failed too often of late."""
        since = self.clock() - LOCKED_SECONDS
        with self.lock:
            for key in [key for key, times in self.failures.items() if times[-1] < since]:
                del self.failures[key]
            keys = (f"name {name}", f"from {source}")
            return any(sum(at >= since for at in self.failures.get(key, ())) >= MOST_FAILURES for key in keys)

    def known(self, key: str) -> Session | None:
        """The session of a cookie, used now; None where there is none or it has ended."""
        with self.lock:
            found = self.sessions.get(key)
            if found is None or self.clock() - found.used > KEPT_SECONDS:
                self.sessions.pop(key, None)
                return None
            self.sessions[key] = found = replace(found, used=self.clock())
            return found

    def call(self, key: str, name: str) -> None:
        """Give the holder of a session their name, where names have no passwords."""
        with self.lock:
            if key in self.sessions and not self.people:
                self.sessions[key] = replace(self.sessions[key], name=name)

    def leave(self, key: str) -> None:
        """End a session."""
        with self.lock:
            self.sessions.pop(key, None)

    def _begin(self, name: str, role: str) -> Session:
        session = Session(secrets.token_urlsafe(32), secrets.token_urlsafe(32), name, role, self.clock())
        with self.lock:
            if len(self.sessions) >= MOST_SESSIONS:
                del self.sessions[min(self.sessions, key=lambda key: self.sessions[key].used)]
            self.sessions[session.key] = session
        return session
