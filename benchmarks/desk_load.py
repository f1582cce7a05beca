"""The desk under load and under kills, on the shipped case with the most reports.

    python benchmarks/desk_load.py [--seconds 120] [--readers 200] [--writers 10] [--kills 50] [--case karabakh]

Prints: the load of the machine; for every view seconds to its first paint in headless Chromium, after a change of the
reports and with all kept; how long a story takes to be drawn and other pages meanwhile; seconds to save a report, with
the processor time that the desk spends on it; then errors, lost reports and pages while so many readers and writers are
at it; then, over so many kills at random moments while saving, saves that were confirmed, reports lost, and saves of
which only a part is there.
"""

from __future__ import annotations

import argparse
import http.client
import os
import re
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from hashlib import blake2b
from itertools import count
from pathlib import Path
from shutil import which
from urllib.parse import urlencode

from safeconduct.desk.case import rowfile
from safeconduct.desk.case.casefile import CaseFile
from safeconduct.desk.case.journal import standing
from safeconduct.desk.case.workspace import Workspace
from safeconduct.desk.kept import Kept

SAVER = """
import sys
from pathlib import Path
from safeconduct.desk.case.casefile import CaseFile
from safeconduct.desk.case.workspace import Workspace
from safeconduct.desk.kept import Kept
file = CaseFile(Workspace(Path(sys.argv[1])).find(sys.argv[2]), Kept(8))
n = 0
while True:
    n += 1
    row = {"reporter": "a bench", "source_title": f"kill {sys.argv[3]} no {n}", "words": f"one {n}"}
    print(*file.save([row, {**row, "words": f"two {n}"}], "Ana", "", ""), flush=True)
"""


PAINTED = "(performance.getEntriesByName('first-contentful-paint')[0] || {startTime: 0}).startTime"


class Client:
    """Somebody with a cookie, over one connection that is kept."""

    def __init__(self, link: str) -> None:
        self.host = link.split("/")[2]
        self.line = http.client.HTTPConnection(self.host, timeout=120)
        _, headers, _ = self.ask("GET", "/start" + link.split("/start")[1])
        self.cookie = headers["set-cookie"].split(";")[0]
        self.csrf = re.search(r'name="csrf" value="([^"]+)"', self.ask("GET", "/")[2])[1]
        self.post("/name", {"name": "Ana"})

    def ask(self, method: str, path: str, body: str | None = None, **more: str) -> tuple[int, dict[str, str], str]:
        """One request."""
        headers = {"Host": self.host, **more, **({"Cookie": self.cookie} if hasattr(self, "cookie") else {})}
        self.line.request(method, path, body, headers)
        answer = self.line.getresponse()
        text = answer.read().decode()
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}, text

    def post(self, path: str, form: dict[str, str]) -> tuple[int, dict[str, str], str]:
        """One form."""
        kind = {"Content-Type": "application/x-www-form-urlencoded", "Origin": f"http://{self.host}"}
        return self.ask("POST", path, urlencode({**form, "csrf": self.csrf}), **kind)


def report(number: int) -> dict[str, str]:
    """A report of its own."""
    return {"kind": "statement", "reporter": "a bench", "source_title": f"bench {number}", "words": f"number {number}"}


VIEWS = ("", "story", "changes", "reports", "report/{report}", "inbox", "inbox/text", "inbox/files", "inbox/check",
         "jobs", "send", "send/brief.html", "monitor.html", "setup", "setup/file/agreement.csv", "log")  # fmt: skip
REPEATS = 4


def first_paints(link: str, pid: int, key: str, report_id: str, change: Callable[[], None]) -> None:
    """Print for each view seconds to the first contentful paint: after a change of the reports, then with all kept."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=which("chromium"), args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page(viewport={"width": 1400, "height": 900})
        page.goto(link)
        page.wait_for_load_state("networkidle")

        def painted(path: str) -> float:
            page.goto(link.split("/start")[0] + path)
            while not (at := page.evaluate(PAINTED)):
                page.wait_for_timeout(50)
            return float(at) / 1000

        for view in ("/", "/new", *(f"/case/{key}/{one}" for one in VIEWS)):
            path = view.format(report=report_id)
            change()
            before = processor_seconds(pid)
            first, used = painted(path), processor_seconds(pid) - before
            again = [painted(path) for _ in range(REPEATS)]
            print(f"first paint of {path}: {first:.2f} s after a change ({used:.2f} s of the processor at the desk), "
                  f"then median {statistics.median(again):.2f} s")  # fmt: skip
        browser.close()


def beside_a_story(link: str, key: str) -> None:
    """Print how long other pages take while a story is drawn, and how long until it is there."""
    reader, other = Client(link), Client(link)
    took, start = list[float](), time.monotonic()
    drawn = threading.Thread(target=lambda: reader.ask("GET", f"/case/{key}/story?save=1"))
    drawn.start()
    while drawn.is_alive():
        at = time.monotonic()
        other.ask("GET", f"/case/{key}/reports?q=road")
        took.append(time.monotonic() - at)
    whole = time.monotonic() - start
    print(f"a story after a change is there after {whole:.2f} s; meanwhile {len(took)} pages of reports, "
          f"slowest {max(took):.2f} s")  # fmt: skip


def processor_seconds(pid: int) -> float:
    """What a process has used of the processor."""
    used = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:13]
    return sum(map(int, used)) / os.sysconf("SC_CLK_TCK")


def under_load(link: str, key: str, n_readers: int, n_writers: int, seconds: float) -> None:
    """So many readers and writers at once."""
    pages = [f"/case/{key}/", f"/case/{key}/reports", f"/case/{key}/log", "/", f"/case/{key}/inbox"]
    errors, read, saved = [], [0] * n_readers, []
    took: list[float] = []
    all_in = threading.Barrier(n_readers + n_writers)  # the clock starts when everybody has come in

    def reader(number: int) -> None:
        client = Client(link)
        all_in.wait()
        ends = time.monotonic() + seconds
        while time.monotonic() < ends:
            status, _, text = client.ask("GET", pages[(number + read[number]) % len(pages)])
            read[number] += 1
            if status != 200 or "</html>" not in text:
                errors.append(f"reader {number}: {status}")

    def writer(number: int) -> None:
        client, n = Client(link), 0
        all_in.wait()
        ends = time.monotonic() + seconds
        while time.monotonic() < ends:
            n += 1
            start = time.monotonic()
            status, headers, _ = client.post(f"/case/{key}/inbox/save", report(number * 100_000 + n))
            took.append(time.monotonic() - start)
            if status == 303:
                saved.append((headers["location"].split("=")[1].split("&")[0], number * 100_000 + n))
            else:
                errors.append(f"writer {number}: {status}")

    def guarded(work, number: int) -> None:
        try:
            work(number)
        except Exception as error:  # a bench counts what goes wrong, of whatever kind
            errors.append(repr(error)[:200])

    threads = [threading.Thread(target=guarded, args=(reader, n)) for n in range(n_readers)]
    threads += [threading.Thread(target=guarded, args=(writer, n)) for n in range(n_writers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    rows = rows_of(ROOT / key)
    lost = [name for name, number in saved if rows.get(name, {}).get("words") != f"number {number}"]
    middle = statistics.median(took) if took else float("nan")
    print(f"{n_readers} readers, {n_writers} writers, {seconds:g} s: {sum(read):,} pages, {len(saved):,} reports saved "
          f"(median {middle:.2f} s), {len(errors)} errors, {len(lost)} reports lost")  # fmt: skip
    for error in errors[:5]:
        print("  ", error)


def rows_of(folder: Path) -> dict[str, dict[str, str]]:
    """The rows of claims.csv by name."""
    return {
        row["id"]: dict(row) for _, row in rowfile.rows((folder / "claims.csv").read_text("utf-8")) if row.get("id")
    }


def under_kills(key: str, n_kills: int) -> None:
    """Killed at moments that are spread over the second after the first save."""
    torn = lost = n_confirmed = 0
    for kill in range(n_kills):
        saver = subprocess.Popen(
            [sys.executable, "-c", SAVER, str(ROOT), key, str(kill)], stdout=subprocess.PIPE, text=True
        )
        confirmed = [saver.stdout.readline().split()]
        time.sleep(int.from_bytes(blake2b(str(kill).encode(), digest_size=2).digest(), "big") / 65536)
        saver.send_signal(signal.SIGKILL)
        confirmed += [line.split() for line in saver.stdout.read().split("\n")[:-1]]
        saver.wait()
        file = CaseFile(Workspace(ROOT).find(key), Kept(8))
        file.catch_up()
        rows, found = rows_of(ROOT / key), standing(file.journal.entries())
        n_confirmed += len(confirmed)
        lost += sum(name not in rows for pair in confirmed for name in pair)
        own = [row["words"].split() for row in rows.values() if row["source_title"].startswith(f"kill {kill} no ")]
        torn += sum([n for _, n in own].count(n) != 2 for n in {n for _, n in own}) + len(found.open)
    print(f"{n_kills} kills: {n_confirmed} saves confirmed, {lost} reports lost, {torn} saves torn or left open")


if __name__ == "__main__":
    options = argparse.ArgumentParser()
    for name, value in {"seconds": 120, "readers": 200, "writers": 10, "kills": 50}.items():
        options.add_argument(f"--{name}", type=int, default=value)
    options.add_argument("--case", default="karabakh")
    asked = options.parse_args()
    ROOT = Path(tempfile.mkdtemp(prefix="desk-bench-"))
    command = [sys.executable, "-m", "safeconduct", "desk", str(ROOT), "--no-browser"]
    desk = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONUNBUFFERED": "1"})
    try:
        link = re.search(r"http\S+", desk.stdout.readline())[0]
        client = Client(link)
        client.post("/copy", {"shipped": asked.case})
        time.sleep(8)  # the desk loads what pages need in its first seconds
        numbers = count(80_000_000)

        def change() -> None:
            assert Client(link).post(f"/case/{asked.case}/inbox/save", report(next(numbers)))[0] == 303

        print(f"load of the last minute: {os.getloadavg()[0]:.1f}")
        first_paints(link, desk.pid, asked.case, "R1", change)
        change()
        beside_a_story(link, asked.case)
        client, first = Client(link), []
        for path in (f"/case/{asked.case}/", f"/case/{asked.case}/", f"/case/{asked.case}/inbox"):
            start = time.monotonic()
            assert client.ask("GET", path)[0] == 200
            first.append(time.monotonic() - start)
        times, spent = [], processor_seconds(desk.pid)
        for number in range(10):
            start = time.monotonic()
            assert client.post(f"/case/{asked.case}/inbox/save", report(90_000_000 + number))[0] == 303
            times.append(time.monotonic() - start)
        print(f"monitor, first and again: {first[0]:.2f} s, {first[1]:.2f} s; inbox {first[2]:.2f} s; "
              f"saving a report: median {statistics.median(times):.2f} s of 10, "
              f"processor time {(processor_seconds(desk.pid) - spent) / 10:.2f} s each")  # fmt: skip
        under_load(link, asked.case, asked.readers, asked.writers, asked.seconds)
    finally:
        desk.terminate()
        desk.wait()
    under_kills(asked.case, asked.kills)
