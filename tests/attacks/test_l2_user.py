"""Every attack at L2, as an ordinary user."""

from attacks.modes import EveryAttack, Mode


class TestAttacks(EveryAttack):
    mode = Mode("L2", "an ordinary user", whole=True)
