"""Numbers: medians, percentiles, what the processor and the memory were used for, and the tables."""
import os
import statistics
import tempfile
import time

TICKS_PER_S = os.sysconf("SC_CLK_TCK")


def ms(start, end):
    return (end - start) * 1000


def median(values):
    return statistics.median(values)


def percentile(values, percent):
    """The smallest value that at least `percent` of them do not exceed."""
    ordered = sorted(values)
    return ordered[max(0, -(-len(ordered) * percent // 100) - 1)]


def spread(values, unit="ms", digits=2):
    """median (least–most), for a table's cell"""
    return f"{median(values):.{digits}f} ({min(values):.{digits}f}–{max(values):.{digits}f}) {unit}"


def percentiles(values, digits=2):
    return " ".join(f"p{at} {percentile(values, at):.{digits}f}" for at in (50, 99)) + " ms"


def load():
    return f"load average {' '.join(f'{value:.1f}' for value in os.getloadavg())}, {os.cpu_count()} processors"


def table(title, rows):
    """`rows`: (what, figure) pairs."""
    print(f"\n{title}")
    width = max(len(row[0]) for row in rows)
    for what, figure in rows:
        print(f"  {what:<{width}}  {figure}")


def ratio(what, value, note=""):
    print(f"ratio {what} = {value:.3f}" + (f"  ({note})" if note else ""), flush=True)


def children(pid):
    """`pid` and every process below it, parents first."""
    parents = {}
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            try:
                with open(f"/proc/{entry}/stat", encoding="utf-8") as file:
                    parents.setdefault(int(file.read().rsplit(")", 1)[1].split()[1]), []).append(int(entry))
            except OSError:
                continue
    found = [pid]
    for parent in found:
        found += parents.get(parent, [])
    return found


def name_of(pid):
    with open(f"/proc/{pid}/comm", encoding="utf-8") as file:
        return file.read().strip()


def cpu_s(pids):
    """Processor time of these processes so far, in steps of 10 ms, with that of their ended and reaped children."""
    total = 0
    for pid in pids:
        try:
            with open(f"/proc/{pid}/stat", encoding="utf-8") as file:
                total += sum(int(field) for field in file.read().rsplit(")", 1)[1].split()[11:15])
        except OSError:
            continue
    return total / TICKS_PER_S


def memory_mib(pid):
    """(resident, proportional) memory: pages that several processes share count wholly in the first."""
    figures = {}
    with open(f"/proc/{pid}/smaps_rollup", encoding="utf-8") as file:
        for line in file:
            fields = line.split()
            if fields[-1] == "kB":
                figures[fields[0]] = int(fields[1]) / 1024
    return figures["Rss:"], figures["Pss:"]


class DurableWrite:
    """What one small durable write into an existing file costs on the same disk, without any database."""

    def __init__(self, folder, count):
        self.file = tempfile.TemporaryFile(dir=folder)  # noqa: SIM115  closed with the object
        self.file.write(bytes(4096 * count))
        self.file.flush()
        os.fsync(self.file.fileno())
        self.file.seek(0)
        self.times = []

    def once(self):
        start = time.perf_counter()
        self.file.write(bytes(4096))
        self.file.flush()
        os.fdatasync(self.file.fileno())
        self.times.append(ms(start, time.perf_counter()))
