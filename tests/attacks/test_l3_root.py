"""Every attack at L3, as root."""

from attacks.modes import EveryAttack, Mode


class TestAttacks(EveryAttack):
    mode = Mode("L3", "root", whole=True)
