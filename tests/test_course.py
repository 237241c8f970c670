"""Where a course keeps its files, what its settings may say, and the seed that students never see."""

from __future__ import annotations

import dataclasses
import os
import sys
from pathlib import Path

import pytest

from autograder.course import Course, release_seed
from autograder.errors import CourseError, StorageError, UsageError
from autograder.sandbox import MOST, Limits


def settings(course: Course, text: str | bytes) -> Path:
    path = course.root / "tests/graded/small/settings.toml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


# ---- finding -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("below", [".", "source", "tests/graded/small/powers"])
def test_a_course_is_found_from_within(course: Course, below: str) -> None:
    assert Course.find(course.root / below) == Course(course.root.resolve())


def test_the_nearest_course_is_found(course: Course) -> None:
    inner = course.root / "source" / "inner"
    inner.mkdir()
    (inner / "nbgrader_config.py").touch()
    assert Course.find(inner).root == inner.resolve()
    assert Course.find(inner.parent).root == course.root.resolve()


def test_a_course_is_found_from_a_relative_path_and_through_a_link(
    course: Course, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(course.root / "source")
    assert Course.find(Path()).root == course.root.resolve()
    (tmp_path / "link").symlink_to(course.root)
    assert Course.find(tmp_path / "link" / "source").root == course.root.resolve()


def test_no_course(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"lies in no course \(a folder with nbgrader_config.py\)"):
        Course.find(tmp_path)


def test_assignments_and_notebooks_are_sorted(course: Course) -> None:
    for path in ("zebra/b.ipynb", "zebra/a.ipynb", "apple/one.ipynb", "empty/data.csv"):
        (course.root / "source" / path).parent.mkdir(exist_ok=True)
        (course.root / "source" / path).write_text("{}")
    assert course.assignments() == ("apple", "small", "zebra")
    assert course.notebooks("zebra") == ("a", "b")


def test_a_course_without_sources_has_no_assignments(tmp_path: Path) -> None:
    assert Course(tmp_path).assignments() == ()
    with pytest.raises(UsageError, match=r"no assignment 'x' .*\(there: none\)"):
        Course(tmp_path).notebooks("x")


@pytest.mark.parametrize("name", ["big", "", "..", "small/powers", "../source/small"])
def test_an_unknown_assignment_is_a_usage_error(course: Course, name: str) -> None:
    with pytest.raises(UsageError, match=r"\(there: small\)"):
        course.notebooks(name)


def test_an_unknown_notebook_is_a_usage_error(course: Course) -> None:
    with pytest.raises(UsageError, match=r"assignment small has no notebook 'roots' \(it has: powers\)"):
        course.read_source("small", "roots")


def test_the_source_is_read(course: Course) -> None:
    assert course.read_source("small", "powers").exercises == ("square", "cube")


def test_a_damaged_source_is_the_instructors(course: Course) -> None:
    path = course.source("small", "powers")
    path.write_text("{")
    with pytest.raises(CourseError, match=r"powers\.ipynb"):
        course.read_source("small", "powers")


def test_probes_are_optional(course: Course) -> None:
    assert course.probes("small", "powers") == ""
    (course.checks("small", "powers") / "probes.py").write_text("# µ\n", encoding="utf-8")
    assert course.probes("small", "powers") == "# µ\n"


def test_submissions(course: Course) -> None:
    submitted = course.root / "submitted"
    for path in ("zoe/small", "amy/small", "bob/other"):
        (submitted / path).mkdir(parents=True)
    (submitted / "README").touch()
    (submitted / "eve").symlink_to(submitted / "amy")  # would count amy's work twice
    assert course.submissions("small") == (("amy", submitted / "amy/small"), ("zoe", submitted / "zoe/small"))


def test_no_submissions(course: Course) -> None:
    (course.root / "submitted").rmdir()
    assert course.submissions("small") == ()


# ---- limits ------------------------------------------------------------------------------------------

BOUNDS = sorted((name, most) for name, most in dataclasses.asdict(MOST).items() if not isinstance(most, bool))


def test_limits_have_defaults(course: Course) -> None:
    settings(course, "").unlink()
    assert course.limits("small") == Limits()


def test_settings_replace_defaults(course: Course) -> None:
    settings(course, "devices = 4\ncell_seconds = 2.5\nrequest_seconds = 3\nmemory_mb = 512\n")
    assert course.limits("small") == Limits(devices=4, cell_seconds=2.5, request_seconds=3, memory_mb=512)


def test_a_notebook_may_have_settings_of_its_own(course: Course) -> None:
    settings(course, "devices = 4\ncell_seconds = 7\n")
    own = course.checks("small", "powers") / "settings.toml"
    own.write_text("devices = 8\n")
    assert course.limits("small", "powers") == Limits(devices=8, cell_seconds=7)
    assert course.limits("small", "roots") == course.limits("small") == Limits(devices=4, cell_seconds=7)
    own.write_text("devices = 0\n")
    with pytest.raises(CourseError, match=f"^{own}: devices is a positive number"):
        course.limits("small", "powers")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("devices = ", "Invalid value"),
        (b"\xff\xfe", "can't decode"),
        ("device = 4", "there is no setting 'device' (there are: cell_seconds, request_seconds, "),
        ("[limits]\ndevices = 4", "there is no setting 'limits'"),
        ("devices = 0", "devices is a positive number, not 0"),
        ("devices = -1", "devices is a positive number, not -1"),
        ("devices = 1.5", "devices is a positive number, not 1.5"),
        ("devices = true", "devices is a positive number, not True"),
        ('devices = "4"', "devices is a positive number, not '4'"),
        ("cell_seconds = 0.0", "cell_seconds is a positive number, not 0.0"),
        ("cell_seconds = nan", "cell_seconds is a positive number, not nan"),
        ("cell_seconds = inf", "cell_seconds is a positive number, not inf"),
        ("cell_seconds = [1]", "cell_seconds is a positive number, not [1]"),
        *((f"{name} = {int(most) + 1}", f"{name} is at most {most:.0f}, not {int(most) + 1}") for name, most in BOUNDS),
        ("submission_seconds = 1e300", "submission_seconds is at most 86400, not 1e+300"),
        ("memory_mb = 9223372036854775808", "memory_mb is at most 1048576, not 9223372036854775808"),
        ("devices = 1" + "0" * 5000, "digits"),
    ],
)
def test_wrong_settings_name_the_file_and_the_setting(course: Course, text: str | bytes, words: str) -> None:
    path = settings(course, text)
    with pytest.raises(CourseError) as caught:
        course.limits("small")
    assert str(caught.value).startswith(f"{path}: ")
    assert words in str(caught.value)


def test_every_setting_may_be_as_large_as_its_bound(course: Course) -> None:
    settings(course, "".join(f"{name} = {most}\n" for name, most in BOUNDS))
    assert course.limits("small") == MOST


# ---- seed --------------------------------------------------------------------------------------------


def test_the_seed_stays_the_same(course: Course) -> None:
    assert (
        course.seed("small", "powers") == course.seed("small", "powers") == Course(course.root).seed("small", "powers")
    )


@pytest.mark.skipif(sys.platform == "win32", reason="there is no limit on the size of files")
def test_a_key_that_finds_no_room_leaves_nothing(course: Course) -> None:
    import resource

    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (8, limits[1]))
    try:
        with pytest.raises(StorageError, match=r"cannot write .*\.autograder/key: File too large\. Make room"):
            course.seed("small", "powers")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert list((course.root / ".autograder").iterdir()) == []


def test_each_notebook_and_each_course_has_a_seed_of_its_own(course: Course, tmp_path: Path) -> None:
    other = Course(tmp_path)
    seeds = {
        course.seed("small", "powers"),
        course.seed("small", "roots"),
        course.seed("big", "powers"),
        other.seed("small", "powers"),
        release_seed("small", "powers"),
        release_seed("small", "roots"),
        release_seed("big", "powers"),
    }
    assert len(seeds) == 7
    assert all(0 <= seed < 2**48 for seed in seeds)


def test_the_seed_of_a_release_is_known_to_all() -> None:
    assert release_seed("c2w1", "assignment") == 253447761602630


@pytest.mark.skipif(os.name != "posix", reason="POSIX permissions")
def test_the_key_is_the_owners_alone(course: Course) -> None:
    before = os.umask(0)
    try:
        course.seed("small", "powers")
    finally:
        os.umask(before)
    key = course.root / ".autograder" / "key"
    assert key.stat().st_mode & 0o777 == 0o600
    assert len(key.read_bytes()) == 32
    assert [path.name for path in key.parent.iterdir()] == ["key"]


def test_a_lost_key_gives_another_seed(course: Course) -> None:
    before = course.seed("small", "powers")
    (course.root / ".autograder" / "key").unlink()
    assert course.seed("small", "powers") != before
