"""Attacks in a restricted container, as an ordinary user."""

from attacks.modes import EveryAttack, Mode


class TestAttacks(EveryAttack):
    mode = Mode("L2", "an ordinary user", "contained")
