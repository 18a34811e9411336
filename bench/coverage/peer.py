"""The peers of the rule engine: the same rules in Python with decimal, and in a spreadsheet that LibreOffice recalculates.

    peer.py settle FOLDER    乌兰察布's four payers and its ceiling, as any developer would write them
    peer.py sheet FOLDER     formulas.xlsx recalculated by soffice, less what values.xlsx takes

Both read what `bench-coverage sample` wrote and write amounts in fen, one bill a line.
"""

import csv
import resource
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal
from pathlib import Path

FEN = Decimal("0.01")
LARGEST = Decimal(10_000_000_000)
FIRST_DAY = date(2019, 1, 1)
GOES = 5  # The best of them counts, here as for the engine: a busy neighbour only ever slows.
POOREST = ("extreme_poverty", "orphan")


def yuan(amount):
    return amount.quantize(FEN, ROUND_HALF_UP)


@dataclass
class Bill:
    area: str
    referral: str
    total: Decimal
    ownpay: Decimal
    overlimit: Decimal
    preselfpay: Decimal
    admitted_on: date
    discharged_on: date
    settled_on: date


@dataclass
class Person:
    """Identities with the days they held; bills of the year."""

    identities: list
    bills: list = field(default_factory=list)


@dataclass
class Year:
    year: int
    stays: int = 0
    self_paid: Decimal = Decimal(0)
    paid: dict = field(default_factory=lambda: dict.fromkeys(PAYERS, Decimal(0)))


PAYERS = ("basic", "critical", "aid_small", "aid_large", "government")
CAPS = {"basic": Decimal(160000), "critical": Decimal(500000), "aid_small": Decimal(10000), "aid_large": Decimal(100000), "government": Decimal(50000)}
REFERRAL_FIRST = {"province": Decimal("0.15"), "outside": Decimal("0.20")}
BASIC_BANDS = [(Decimal(30000), Decimal("0.65")), (Decimal(70000), Decimal("0.70")), (Decimal(200000), Decimal("0.75")), (None, Decimal("0.80"))]
GOVERNMENT_BANDS = [(Decimal(30000), Decimal("0.40")), (Decimal(50000), Decimal("0.50")), (None, Decimal("0.60"))]
CUT = ("government", "aid_large", "aid_small", "critical", "basic")


def banded(bands, low, high):
    amount, lower = Decimal(0), Decimal(0)
    for upper, share in bands:
        top = high if upper is None else min(upper, high)
        part = top - max(lower, low)
        if part > 0:
            amount += part * share
        if upper is None:
            break
        lower = upper
    return yuan(amount)


def check(bill, year):
    for amount in (bill.total, bill.ownpay, bill.overlimit, bill.preselfpay):
        if amount < 0 or amount > LARGEST:
            raise ValueError("an amount no bill can have")
    if not bill.admitted_on <= bill.discharged_on <= bill.settled_on:
        raise ValueError("dates out of order")
    if bill.discharged_on < FIRST_DAY or bill.discharged_on.year != year.year:
        raise ValueError("another year")
    if bill.ownpay + bill.overlimit + bill.preselfpay > bill.total:
        raise ValueError("parts exceed the total")


def settle(bill, person, year):
    check(bill, year)
    held = {key for key, begun, ended in person.identities if begun <= bill.discharged_on and ended >= bill.admitted_on}
    paid = dict.fromkeys(PAYERS, Decimal(0))
    in_scope = bill.total - bill.ownpay - bill.overlimit - bill.preselfpay
    in_scope -= yuan(in_scope * REFERRAL_FIRST.get(bill.area, Decimal(0)))
    if bill.referral == "unreferred":
        return paid, bill.total
    poor = "registered_poor" in held
    poorest = not held.isdisjoint(POOREST)

    def capped(payer, amount):
        paid[payer] = min(amount, max(Decimal(0), CAPS[payer] - year.paid[payer]))
        return paid[payer]

    if poor and year.stays >= 1:
        deductible = Decimal(0)
    else:
        deductible = max(Decimal(0), Decimal(1200) - Decimal(100) * year.stays)
    left = in_scope - capped("basic", banded(BASIC_BANDS, deductible, in_scope))

    threshold, share = (Decimal(7000), Decimal("0.65")) if poor else (Decimal(14000), Decimal("0.60"))
    before = yuan(max(Decimal(0), year.self_paid - threshold) * share)
    year.self_paid += left
    due = min(yuan(max(Decimal(0), year.self_paid - threshold) * share) - before, left)
    if poor:
        paid["critical"] = due
        left -= due
    else:
        left -= capped("critical", due)

    large = bill.total > Decimal(30000)
    if not large and (poorest or "subsistence" in held):
        left -= capped("aid_small", yuan(left * (Decimal(1) if poorest else Decimal("0.70"))))
    if large and (poorest or poor or "subsistence" in held):
        left -= capped("aid_large", yuan(left * (Decimal(1) if poorest else Decimal("0.80"))))
    if large:
        left -= capped("government", banded(GOVERNMENT_BANDS, Decimal(0), left))

    over = sum(paid.values()) - (bill.total * Decimal("0.90")).quantize(FEN, ROUND_FLOOR)
    for payer in CUT:
        if over > 0:
            cut = min(over, paid[payer])
            paid[payer] -= cut
            over -= cut
    for payer in PAYERS:
        year.paid[payer] += paid[payer]
    year.stays += 1
    return paid, bill.total - sum(paid.values())


def cpu(who=resource.RUSAGE_SELF):
    used = resource.getrusage(who)
    return used.ru_utime + used.ru_stime


def settle_all(folder):
    with open(folder / "bills.tsv", encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines, delimiter="\t"))
    people = {}
    for row in rows:
        identity = row.pop("identity")
        periods = [] if identity == "ordinary" else [(identity, date.min, date.max)]
        person = people.setdefault(row.pop("person"), Person(periods))
        days = {key: date.fromisoformat(row[key]) for key in ("admitted_on", "discharged_on", "settled_on")}
        amounts = {key: Decimal(row[key]) / 100 for key in ("total", "ownpay", "overlimit", "preselfpay")}
        person.bills.append(Bill(row["area"], row["referral"], **amounts, **days))
    goes = []
    for _ in range(GOES):
        outcomes = []
        start, used = time.perf_counter(), cpu()
        for person in people.values():
            year = Year(FIRST_DAY.year)
            for bill in sorted(person.bills, key=lambda bill: (bill.settled_on, bill.discharged_on, bill.admitted_on)):
                outcomes.append(settle(bill, person, year))
        goes.append((cpu() - used, time.perf_counter() - start))
    used, wall = min(goes)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(f"settled\tPython decimal\t样本\t{len(outcomes)}\t{used * 1e6:.0f}\t{wall * 1e6:.0f}\t{peak}")
    with open(folder / "python.tsv", "w", encoding="utf-8") as out:
        for paid, personal in outcomes:
            out.write("\t".join(str(int(amount * 100)) for amount in (*paid.values(), personal)) + "\n")


ALWAYS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema"
 xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
<item oor:path="/org.openoffice.Office.Calc/Formula/Calculation"><prop oor:name="UseThreadedCalculationForFormulaGroups" oor:op="fuse"><value>false</value></prop></item>
</oor:items>
"""


# In threads LibreOffice takes a year carried down the rows for a circle (Err:522).
def convert(folder, name):
    """One start of soffice with a profile of its own that recalculates whatever it opens."""
    profile = folder / "profile"
    (profile / "user").mkdir(parents=True, exist_ok=True)
    (profile / "user" / "registrymodifications.xcu").write_text(ALWAYS, encoding="utf-8")
    start, used = time.perf_counter(), cpu(resource.RUSAGE_CHILDREN)
    subprocess.run(
        ["soffice", f"-env:UserInstallation={profile.resolve().as_uri()}", "--headless", "--convert-to", "csv", "--outdir", str(folder), str(folder / f"{name}.xlsx")],
        check=True,
        stdout=subprocess.DEVNULL,
    )
    return time.perf_counter() - start, cpu(resource.RUSAGE_CHILDREN) - used


def sheet(folder):
    convert(folder, "values")  # The first start makes the profile.
    plain_wall, plain_cpu = convert(folder, "values")
    wall, used = convert(folder, "formulas")
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    with open(folder / "formulas.csv", encoding="utf-8") as lines, open(folder / "sheet.tsv", "w", encoding="utf-8") as out:
        rows = list(csv.reader(lines))
        for row in rows[1:]:
            out.write("\t".join(row[-6:]) + "\n")
    bills = len(rows) - 1
    print(f"settled\tLibreOffice\t启动、打开、写出\t{bills}\t{plain_cpu * 1e6:.0f}\t{plain_wall * 1e6:.0f}\t{peak}")
    print(f"settled\tLibreOffice\t样本，重算（已减启动）\t{bills}\t{max(used - plain_cpu, 0) * 1e6:.0f}\t{max(wall - plain_wall, 0) * 1e6:.0f}\t{peak}")
    shutil.rmtree(folder / "profile", ignore_errors=True)


if __name__ == "__main__":
    {"settle": settle_all, "sheet": sheet}[sys.argv[1]](Path(sys.argv[2]))
