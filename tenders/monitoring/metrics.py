"""The status for Prometheus: ``metrics.prom`` in the data folder, for node_exporter's textfile collector."""

from __future__ import annotations

from datetime import datetime

from prometheus_client import CollectorRegistry, Gauge, generate_latest

from pipelines.common.atomic_files import replace_text
from tenders.data_folder import DataFolder
from tenders.monitoring.status import CONCERN_CODES, Status

_STATES = ("running", "none", "stopped", "dead")


def metrics_text(status: Status) -> str:
    """Return the status in Prometheus' text format. Instants are seconds since 1970; what is not known is left out."""
    registry = CollectorRegistry()

    def gauge(name: str, meaning: str, *labels: str) -> Gauge:
        return Gauge(f"tenders_{name}", meaning, labels, registry=registry)

    def instant(name: str, meaning: str, at: datetime | None) -> None:
        if at is not None:
            gauge(name, meaning).set(at.timestamp())

    instant("status_timestamp_seconds", "When this file was written", status.at)
    instant("scheduler_timestamp_seconds", "When the scheduler was last alive", status.scheduler_alive_at)
    instant("last_load_timestamp_seconds", "When the last successful load ended", status.last_load)
    instant("last_publish_timestamp_seconds", "When the published database was last written", status.last_publish)
    states = gauge("scheduler_state", "1 for the state that the scheduler is in", "state")
    for state in _STATES:
        states.labels(state).set(state == status.scheduler)
    if status.disk_free_mb is not None:
        gauge("disk_free_bytes", "Free space where the data folder is").set(status.disk_free_mb * 1e6)
    gauge("archive_bytes", "Size of the archive").set(status.archive_bytes)
    gauge("pending_segments", "Parts of the spool that wait for the next load").set(status.waiting_segments)
    if status.quarantine is not None:
        gauge("quarantine", "Lines and pages in quarantine").set(status.quarantine.count)
    needs = gauge("needs_person", "How many troubles of a kind need a person", "code")
    for code in CONCERN_CODES:
        needs.labels(code).set(sum(concern.code == code for concern in status.concerns))
    complete = gauge("portal_last_complete_timestamp_seconds", "When the portal was last crawled completely", "portal")
    for health in status.portals:
        if health.last_complete_at:
            complete.labels(health.portal).set(health.last_complete_at.timestamp())
    return generate_latest(registry).decode()


def write_metrics(folder: DataFolder, status: Status) -> None:
    """Replace the file. A folder that does not exist or cannot be written is left alone: status says so itself."""
    if not folder.private.exists():
        return
    try:
        replace_text(folder.metrics, metrics_text(status))
    except OSError:
        return
