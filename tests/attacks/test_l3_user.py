"""Attacks at L3, as an ordinary user."""

from attacks.modes import EveryAttack, Mode


class TestAttacks(EveryAttack):
    mode = Mode("L3", "an ordinary user")
