"""Attacks in a restricted container, as root."""

from attacks.modes import EveryAttack, Mode


class TestAttacks(EveryAttack):
    mode = Mode("L2", "root", "contained")
