"""The peers of the register: a scan with LIKE over a plain table, and openpyxl that merely reads.

    peer.py like FOLDER      p50/p99 of `like '%…%'` for the words that are searched
    peer.py read FILE        openpyxl, read-only: every cell of the first sheet
"""

import resource
import sqlite3
import sys
import time
from pathlib import Path

# A scan takes long: fewer words tell as much.
SCANS = 40


def percentile(times, percent):
    times = sorted(times)
    return times[max(0, -(-len(times) * percent // 100) - 1)]


def like(folder):
    """A table as small as can be: not encrypted, nothing in it but what is searched."""
    folder = Path(folder)
    db = sqlite3.connect(":memory:")
    db.execute("create table person (id integer primary key, name, initials, citizen_id, phone, household)")
    with open(folder / "people.tsv", encoding="utf-8") as lines:
        rows = (line.rstrip("\n").split("\t") for line in lines)
        db.executemany("insert into person (name, initials, citizen_id, phone, household) values (?,?,?,?,?)", rows)
    for kind, column in [("name", "name"), ("initials", "initials"), ("id", "citizen_id"), ("phone", "phone")]:
        words = (folder / f"{kind}.txt").read_text(encoding="utf-8").split()[:SCANS]
        times = []
        for word in words:
            start = time.perf_counter()
            # In an order, as every list has: a scan that may stop at the first twenty shows whoever came first.
            db.execute(f"select id from person where {column} like ? order by name, id limit 20", (f"%{word}%",)).fetchall()
            times.append(int((time.perf_counter() - start) * 1e6))
        print(f"goes\tLIKE\t检索 {kind}\t{len(times)}\t{percentile(times, 50)}\t{percentile(times, 99)}\t{max(times)}")


def read(file):
    import openpyxl

    start = time.perf_counter()
    book = openpyxl.load_workbook(file, read_only=True)
    cells = 0
    for row in book.worksheets[0].iter_rows(values_only=True):
        cells += len(row)
    taken = int((time.perf_counter() - start) * 1e3)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(f"once\topenpyxl\t只读（read-only）{cells} 格\t{taken}\t{taken}\t{peak}")


if __name__ == "__main__":
    {"like": like, "read": read}[sys.argv[1]](sys.argv[2])
