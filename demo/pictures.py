"""`make pictures`: the README's pictures, made from the output of the demonstration in build/demo. Needs chromium."""

from __future__ import annotations

import html
import shutil
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from .__main__ import REPO, ROOT, environment
from .classroom import NOTEBOOK

IMAGES = REPO / "docs" / "images"
ASSIGNMENT, STUDENT, EXERCISE = "c2w1", "emeka", "A batch of grey or of colour images becomes a matrix"
TERMINAL = """
<body style="margin:0;background:#16181d"><pre style="margin:0;padding:22px 26px;color:#d7dae0;
font:14px/1.42 'DejaVu Sans Mono',monospace"><span style="color:#7bd88f">$</span> {command}
{output}</pre></body>
"""


def main() -> None:
    """Take the pictures."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if chromium is None:
        sys.exit("the pictures need chromium; on Debian: apt install chromium")
    if not (ROOT / "feedback").is_dir():
        sys.exit("run make demo first: the pictures show what it made")
    IMAGES.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page(viewport={"width": 1000, "height": 400}, device_scale_factor=1.5)
        terminal(page, f"autograder grade {ASSIGNMENT} --report", IMAGES / "graded-run.png")
        feedback(page, IMAGES / "feedback.png")
        browser.close()


def terminal(page: Page, command: str, path: Path) -> None:
    """Run a command in the demonstration's course and draw what it prints."""
    program, *arguments = command.split()
    done = subprocess.run(
        [str(Path(sys.executable).parent / program), *arguments],
        cwd=ROOT,
        env=environment(),
        capture_output=True,
        text=True,
        check=True,
    )
    page.set_content(TERMINAL.format(command=command, output=html.escape(_shortened(done.stdout))))
    page.locator("pre").screenshot(path=path)


def _shortened(output: str) -> str:
    return output.split("\nfailed most often")[0].replace(str(ROOT), "…")


def feedback(page: Page, path: Path) -> None:
    """Draw the part of a student's feedback page that shows one wrong exercise."""
    page.set_viewport_size({"width": 940, "height": 620})
    page.goto((ROOT / "feedback" / STUDENT / ASSIGNMENT / f"{NOTEBOOK}.html").as_uri(), wait_until="domcontentloaded")
    page.get_by_text(EXERCISE).first.scroll_into_view_if_needed()
    page.evaluate("window.scrollBy(0, 240)")
    page.screenshot(path=path)


if __name__ == "__main__":
    main()
