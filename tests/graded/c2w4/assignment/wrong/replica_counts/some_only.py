"""Answers some of the questions only.

Fails: test_replica_counts_rest
"""

replica_counts = {"share": 8, "last_share": 4, "steps": 3, "copies": 4, "for_full_shares": 128}
