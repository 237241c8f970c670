"""How much grading costs: `make bench` compares stock nbgrader, this package, and the least that it could cost."""
