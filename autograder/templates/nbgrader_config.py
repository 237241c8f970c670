"""nbgrader's settings for this course. https://nbgrader.readthedocs.io/en/stable/configuration/config_options.html"""

from autograder.preprocessors import configure

c = get_config()  # noqa: F821  (nbgrader provides it)

# Grade with tf-autograder: points come from the checks, releases get the visible checks, `nbgrader autograde` runs
# submissions in a process of their own. autograder/preprocessors.py lists the settings; set your own below.
configure(c)

# nbgrader's exchange needs a name for the course:
# c.CourseDirectory.course_id = "c2"
