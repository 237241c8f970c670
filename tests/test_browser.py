"""What people see in a browser, in a real one: JupyterLab, the feedback page, nbgrader's formgrader. Needs chromium."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from courses import CUBE, REPO, notebook, submit, write_course
from playwright.sync_api import Page, sync_playwright

from autograder import cli
from autograder.course import Course

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
OPTIONS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
MARK = "window.owned = true"
HOSTILE = [
    f"from IPython.display import HTML, SVG, Javascript, display\ndisplay(HTML('<script>{MARK}</script>'))",
    f"display(HTML('<img src=x onerror=\"{MARK}\">'), Javascript('{MARK}'))",
    f"print('<script>{MARK}</script>')\nraise ValueError('<script>{MARK}</script>')",
]


@pytest.fixture
def page() -> Iterator[Page]:
    if CHROMIUM is None:
        if os.environ.get("CI"):
            pytest.fail("the browser tests need chromium, and CI installs it")
        pytest.skip("there is no chromium here; on Debian: apt install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=OPTIONS)
        yield browser.new_page(viewport={"width": 1100, "height": 900})
        browser.close()


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory) -> Course:
    """A course with two graded submissions, one of which would like to run scripts."""
    course = write_course(tmp_path_factory.mktemp("browser"))
    hostile = notebook("def square(x):\n    raise ValueError('<script>" + MARK + "</script>')", CUBE, HOSTILE)
    text = {"cell_type": "markdown", "id": "text", "metadata": {}, "source": f"Hello <script>{MARK}</script>"}
    hostile["cells"].append(text | {"source": text["source"] + f"\n\n<img src=x onerror='{MARK}'>"})
    submit(course, "mallory", hostile)
    submit(course, "ada", notebook())
    nbgrader(course.root, "generate_assignment", "small")
    assert cli.main(["grade", "small", "--course", str(course.root), "--jobs", "1"]) == 0
    nbgrader(course.root, "generate_feedback", "small")
    return course


def environment() -> dict[str, str]:
    return os.environ | {"PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])}


def nbgrader(root: Path, *arguments: str) -> None:
    command = [sys.executable, "-m", "nbgrader", *arguments]
    subprocess.run(command, cwd=root, env=environment(), capture_output=True, check=True)


def test_feedback_shows_the_card_and_runs_nothing_of_the_student_s(graded: Course, page: Page) -> None:
    page.goto((graded.root / "feedback/mallory/small/powers.html").as_uri(), wait_until="domcontentloaded")
    card = page.get_by_text("square multiplies each element by itself.").first
    assert card.is_visible()
    assert page.get_by_text("square raised ValueError").first.is_visible()
    assert page.evaluate("window.owned === undefined")
    assert page.evaluate("document.querySelectorAll('img[onerror]').length") == 0


def test_the_feedback_of_right_work_is_full_of_ticks(graded: Course, page: Page) -> None:
    page.goto((graded.root / "feedback/ada/small/powers.html").as_uri(), wait_until="domcontentloaded")
    assert page.get_by_text("5 of 5 points").first.is_visible()
    assert "(Score: 6.0 / 6.0)" in page.inner_text("body")
    assert "✗" not in page.inner_text("body")


@pytest.fixture(scope="module")
def lab(graded: Course) -> Iterator[str]:
    """The address of JupyterLab with nbgrader's formgrader, run in the course."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", f"--port={port}", "--allow-root"]
    command += ["--IdentityProvider.token=", "--ServerApp.password=", f"--ServerApp.root_dir={graded.root}"]
    command += ["--ServerApp.jpserver_extensions=nbgrader.server_extensions.formgrader=True"]
    command += ["--LabApp.expose_app_in_browser=True"]
    quiet = subprocess.DEVNULL
    server = subprocess.Popen(command, cwd=graded.root, env=environment(), stdout=quiet, stderr=quiet)
    address = f"http://127.0.0.1:{port}"
    deadline = time.monotonic() + 60
    try:
        while True:
            try:
                urllib.request.urlopen(f"{address}/api", timeout=5).close()
                break
            except (urllib.error.URLError, OSError):
                assert server.poll() is None and time.monotonic() < deadline
                time.sleep(0.2)
        yield address
    finally:
        server.terminate()
        server.wait(30)


def test_formgrader_lists_the_class_and_shows_a_submission(graded: Course, page: Page, lab: str) -> None:
    page.goto(f"{lab}/formgrader/gradebook/small/powers", wait_until="domcontentloaded")
    page.wait_for_selector("text=Submission #1", timeout=30_000)
    table = page.inner_text("table")
    assert "6 / 6" in table
    assert "1 / 6" in table
    page.get_by_text("Submission #1").first.click()
    page.wait_for_selector("text=check", timeout=30_000)
    assert page.evaluate("window.owned === undefined")


# The contrast (1 to 21) of each piece of text in the cards, with what is behind it; translucent colours are mixed.
CONTRASTS = """
cards => cards.flatMap(card => [...card.querySelectorAll("*")].filter(part => [...part.childNodes].some(
    node => node.nodeType === 3 && node.textContent.trim())).map(part => {
  const parse = text => { const n = text.match(/[0-9.]+/g).map(Number); return n.length === 4 ? n : [...n, 1]; };
  const mix = (over, under, alpha) => over.slice(0, 3).map((c, i) => alpha * c + (1 - alpha) * under[i]);
  const light = rgb => rgb.map(c => c / 255).map(c => c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
    .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0.05);
  let behind = [255, 255, 255], opacity = 1;
  const around = [];
  for (let node = part; node; node = node.parentElement) around.unshift(getComputedStyle(node));
  for (const style of around) {
    const colour = parse(style.backgroundColor);
    behind = mix(colour, behind, colour[3]);
    opacity *= Number(style.opacity);
  }
  const colour = parse(getComputedStyle(part).color);
  const [a, b] = [light(mix(colour, behind, colour[3] * opacity)), light(behind)];
  return [part.textContent.slice(0, 40), Math.max(a, b) / Math.min(a, b)];
}))
"""


def test_a_student_works_in_jupyterlab(graded: Course, page: Page, lab: str) -> None:
    handed_out = graded.root / "handed-out"
    shutil.copytree(REPO / "release/c2w1", handed_out)
    file = handed_out / "basic_tensors.ipynb"
    node = json.loads(file.read_text())
    wanted = {"setup", "to-cents-solution", "to-cents", "last-values-solution", "last-values"}
    node["cells"] = [cell for cell in node["cells"] if cell["id"] in wanted]
    node["cells"][1]["source"] = "def to_cents(euros):\n    return tf.cast(100 * euros, tf.int32)"
    file.write_text(json.dumps(node))
    page.goto(f"{lab}/lab/tree/handed-out/basic_tensors.ipynb", wait_until="domcontentloaded")
    page.wait_for_selector(".jp-CodeCell", timeout=60_000)
    page.wait_for_function(
        "window.jupyterapp?.shell.currentWidget?.sessionContext?.session?.kernel?.status === 'idle'", timeout=60_000
    )
    page.evaluate("void jupyterapp.commands.execute('notebook:run-all-cells')")
    page.get_by_text("Write your code, run its cell, then this one.").wait_for(
        timeout=120_000
    )  # a class, left as it was
    assert page.locator("[data-mime-type='application/vnd.jupyter.stderr']").count() == 0, "log messages in red"
    assert "the cast cuts off, it does not round" in page.inner_text(".jp-Notebook")
    for theme in ("JupyterLab Light", "JupyterLab Dark"):
        page.evaluate("theme => void jupyterapp.commands.execute('apputils:change-theme', {theme})", theme)
        page.wait_for_selector(f"body[data-jp-theme-name='{theme}']", state="attached")
        found = page.eval_on_selector_all(".jp-OutputArea-output div[style*='border-left']", CONTRASTS)
        assert len(found) > 8
        assert not [piece for piece in found if piece[1] < 4], theme
