"""The tests. Each worker has one core: threads that wait in a loop would take it from others.

The libraries read these settings when they are loaded, and the tests' processes inherit them.
"""

import os

from steps.startup import calm_threads

calm_threads()
os.environ.setdefault("OMP_WAIT_POLICY", "passive")
