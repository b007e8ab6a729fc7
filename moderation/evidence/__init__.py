"""Evidence: referrals to authorities, the packets that are handed over, and legal holds on what must not be erased."""
