"""What moderate and detect share: the policy, its classifiers, evidence, and veils."""
