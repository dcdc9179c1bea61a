"""Which notices are one award, and what the award is: the rules of docs/awards.md as code.

``components`` finds the notices that can belong together, ``reading`` reads them, ``grouping`` joins those of one
project, ``lots``, ``prices`` and ``resolve`` make one award of a group, ``history`` does so at each instant, and
``batches`` writes the result to the store.
"""

from analysis.awards.batches import resolve_all
from analysis.awards.components import update_blocks

__all__ = ["resolve_all", "update_blocks"]
