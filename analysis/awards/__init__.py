"""Which notices are one award, and what the award is: the rules of docs/awards.md as code.

``grouping`` joins notices, ``lots`` and ``resolve`` make one award of a group, ``history`` does so at each instant,
``work`` reads from and writes to the store.
"""

from analysis.awards.work import resolve_all

__all__ = ["resolve_all"]
