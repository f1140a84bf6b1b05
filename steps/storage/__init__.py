"""Storage: `open_store(uri)` gives the same small interface over a folder, S3 or memory.

To add a backend: write a class with the methods of `steps.storage.store.Store`, name its scheme in
`steps.storage.schemes`, and add it to the parameters of the suite in tests/steps/storage.
"""

from steps.storage.schemes import locate, open_store
from steps.storage.store import Entry, NotFound, Store

__all__ = ["Entry", "NotFound", "Store", "locate", "open_store"]
