"""Saved pages read by Spark: the same reading as in the pool, on all machines of a cluster (docs/scale.md).

Executors read the files themselves and write notices and archive records into the data folder, which all machines
share. Only counts and problems come back to the driver.
"""

from __future__ import annotations

import os
import re
import shutil
import sys
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from pipelines.classify import lexicon as lexicons
from pipelines.common.safe_text import first_line
from pipelines.storage.spool import SpoolWriter, reread_line
from pipelines.storage.store import PageKeys
from tenders.data_folder import DataFolder
from tenders.files.spreadsheets import is_sheet
from tenders.jobs.engines import UnreadableInputError
from tenders.jobs.file_shares import FileShare, Task, read_share, share_out, staging_folder, take_in
from tenders.jobs.reading import Progress, ReadReport
from tenders.jobs.saved_pages import spool_files

DEFAULT_MASTER = "local[*]"
_MASTER = re.compile(r"local(?:\[.+\])?|yarn|(?:spark|k8s)://.+")  # local[2], spark://host:7077, k8s://host:443
_LOG_SETTINGS = Path(__file__).with_name("spark_log4j2.properties").resolve()
# The last line of a Python traceback inside Spark's message: FileNotFoundError: /data/… is not on every machine
_PYTHON_ERROR = re.compile(r"^\s*(?:\w+\.)*\w*(?:Error|Exception): (.+)$", re.M)


class SparkError(ValueError):
    """Spark is missing, cannot start or gave up; nothing was published. The message says what to do."""


class Spark:
    """Reads saved pages with Spark. Tables of awards, which are small, are read by this process.

    ``master`` is the address of the cluster as Spark writes it, or ``local[N]`` for N processes of this machine. Raises
    SparkError if it is no such address, or if Spark or Java is missing.
    """

    def __init__(self, master: str = DEFAULT_MASTER) -> None:
        if not _MASTER.fullmatch(master):
            raise SparkError(f"--master is local[N], spark://HOST:PORT, yarn or k8s://HOST:PORT, not {master}")
        if find_spec("pyspark") is None:
            raise SparkError("--engine spark needs Spark: pip install 'tenders[spark]'")
        home = os.environ.get("JAVA_HOME")
        if shutil.which("java", path=str(Path(home, "bin")) if home else None) is None:
            place = f"JAVA_HOME ({home}) has no bin/java" if home else "there is no program java"
            raise SparkError(f"--engine spark needs Java 17 or newer: {place}; install a JDK or set JAVA_HOME")
        self._master = master
        self._context: Any = None
        self._sizes: dict[str, int] = {}

    @contextmanager
    def running(self) -> Iterator[None]:
        """Run Spark inside the block. Raises SparkError if it cannot start, or if a job fails in the block."""
        from py4j.protocol import Py4JError
        from pyspark.errors import PySparkException

        try:
            self._context = self._started()
        except (PySparkException, Py4JError, OSError) as error:
            reason = "see the lines above" if "GATEWAY" in str(error) else _reason(error)
            raise SparkError(
                f"Spark could not start with --master {self._master} ({reason}): it needs Java 17 or newer"
            ) from error
        try:
            yield
        except (PySparkException, Py4JError) as error:
            raise SparkError(
                f"Spark gave up: {_reason(error)}; what was read so far is kept, run the same command again"
            ) from error
        finally:
            self._context.stop()

    def remote_files(self, addresses: Sequence[str], suffixes: tuple[str, ...]) -> list[str]:
        """Return the files at addresses that Spark can read: see :class:`tenders.jobs.engines.Engine`."""
        for address in addresses:
            files = dict(self._listed(address, suffixes))
            if not files:
                raise UnreadableInputError(f"{address} holds no capture file or WARC")
            self._sizes |= files
        return sorted(self._sizes)

    def spool_files(
        self,
        files: list[Path],
        remote_files: list[str],
        folder: DataFolder,
        stored: PageKeys,
        progress: Progress,
        stored_awards: Collection[str],
    ) -> ReadReport:
        """Archive, parse and spool every page in these files: see :class:`tenders.jobs.engines.Engine`."""
        tables = [path for path in files if is_sheet(path)]
        report = spool_files(tables, folder, stored, progress, stored_awards) if tables else ReadReport()
        saved = [path for path in files if not is_sheet(path)]
        with staging_folder(folder.shares) as staging:
            report.add_report(self._read(_sized(saved), remote_files, Task(staging, lexicons.changed(), stored, False)))
            with SpoolWriter(folder.spool) as spool:
                spool.append(reread_line(str(source)) for source in [*saved, *remote_files])
            take_in(staging, folder.root, folder.spool)
        progress(report.pages + report.already_stored)
        return report

    def spool_archive(self, files: list[Path], spool_dir: Path, progress: Progress) -> ReadReport:
        """Parse and spool the pages of the archive: see :class:`tenders.jobs.engines.Engine`."""
        with staging_folder(spool_dir.parent / "shares") as staging:
            report = self._read(_sized(files), [], Task(staging, lexicons.changed(), PageKeys(), True))
            take_in(staging, spool_dir.parent, spool_dir)
        progress(report.pages)
        return report

    def _started(self) -> Any:
        from pyspark import SparkConf, SparkContext

        # Executors run this Python unless the user says otherwise.
        os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
        if self._master.startswith("local"):
            os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")  # nothing outside this machine takes part
        conf = SparkConf().setMaster(self._master).setAppName("tenders")
        conf.setIfMissing("spark.ui.enabled", "false")
        conf.setIfMissing("spark.ui.showConsoleProgress", "false")
        conf.setIfMissing("spark.driver.extraJavaOptions", f"-Dlog4j2.configurationFile={_LOG_SETTINGS.as_uri()}")
        return SparkContext(conf=conf)

    def _listed(self, address: str, suffixes: tuple[str, ...]) -> Iterator[tuple[str, int]]:
        from py4j.protocol import Py4JJavaError

        try:
            path = self._context._jvm.org.apache.hadoop.fs.Path(address)
            system = path.getFileSystem(self._context._jsc.hadoopConfiguration())
            named_itself = system.getFileStatus(path).isFile()
            found = system.listFiles(path, True)
            while found.hasNext():
                status = found.next()
                name = str(status.getPath().toString())
                if is_sheet(Path(name)) and named_itself:
                    raise UnreadableInputError(f"{address} is a table: copy it to this machine and name the copy")
                if named_itself or name.endswith(suffixes):
                    yield name, int(status.getLen())
        except Py4JJavaError as error:
            raise UnreadableInputError(f"cannot read {address}: {_reason(error)}") from None

    def _read(self, files: list[tuple[str, int]], remote_files: list[str], task: Task) -> ReadReport:
        """Read all files on the executors, and return what they did, in the order of the files."""
        processes = self._context.defaultParallelism
        remote = [(name, self._sizes[name]) for name in remote_files]
        shares = share_out([*files, *remote], processes)
        local_shares = [part for part in shares if part.source not in self._sizes]
        broadcast = self._context.broadcast(task)
        jobs = []
        if local_shares:
            parallel = self._context.parallelize(local_shares, len(local_shares))
            jobs.append(parallel.map(lambda part: (part.number, read_share(part, broadcast.value))))
        if remote:
            # Executors have no client of their own for other file systems: Spark hands them the bytes of each file.
            by_name: dict[str, list[FileShare]] = {name: [] for name in remote_files}
            for part in shares:
                if part.source in by_name:
                    by_name[part.source].append(part)
            for place in range(max(map(len, by_name.values()))):
                chosen = {name: parts[place] for name, parts in by_name.items() if place < len(parts)}
                contents = self._context.binaryFiles(",".join(chosen), len(chosen))
                jobs.append(
                    contents.map(
                        lambda file, chosen=chosen: (
                            chosen[file[0]].number,
                            read_share(chosen[file[0]], broadcast.value, file[1]),
                        )
                    )
                )
        report = ReadReport()
        if jobs:
            for _, done in sorted(self._context.union(jobs).collect(), key=lambda numbered: numbered[0]):
                report.add_report(done)
        return report


def _sized(files: list[Path]) -> list[tuple[str, int]]:
    return [(str(path), path.stat().st_size) for path in files]


def _reason(error: BaseException) -> str:
    """Return what went wrong in one line: the words of Python code in an executor if it was that, else Java's."""
    java = getattr(error, "java_exception", None)
    text = str(java.getMessage() if java is not None and java.getMessage() else error)
    in_python = _PYTHON_ERROR.findall(text)
    return str(in_python[-1]) if in_python else first_line(ValueError(text), type(error).__name__)[:300]
