"""The steps of clipmill: one package per stage, and the nouns that they share."""
