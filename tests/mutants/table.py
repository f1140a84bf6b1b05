"""The mutants, by part of the product. Each bug adds one: the edit that brings it back."""

from tests.mutants import contract, pipelines, stages, storage

MUTANTS = (*contract.MUTANTS, *storage.MUTANTS, *pipelines.MUTANTS, *stages.MUTANTS)
