#!/usr/bin/env python3
"""Monthly sales report from a directory of CSV exports.

Each export has the columns ``date,region,sku,units,unit_price``. Rows that
cannot be read are counted and listed at the end instead of stopping the
run, because the shop systems have a habit of writing half a line when they
are switched off at closing time.
"""

import argparse
import csv
import sys
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path

REQUIRED = {"date", "region", "sku", "units", "unit_price"}
CENT = Decimal("0.01")


@dataclass(frozen=True)
class Sale:
    day: date
    region: str
    sku: str
    units: int
    unit_price: Decimal

    @property
    def amount(self):
        return self.units * self.unit_price

    @property
    def month(self):
        return self.day.strftime("%Y-%m")


@dataclass
class Totals:
    units: int = 0
    revenue: Decimal = Decimal(0)
    orders: int = 0
    by_sku: Counter = field(default_factory=Counter)

    def add(self, sale):
        self.units += sale.units
        self.revenue += sale.amount
        self.orders += 1
        self.by_sku[sale.sku] += sale.units

    @property
    def average(self):
        if not self.orders:
            return Decimal(0)
        return (self.revenue / self.orders).quantize(CENT)


class BadRow(ValueError):
    """A row that is missing a field or holds nonsense."""


def parse_row(row):
    """Turn one dictionary from csv.DictReader into a Sale."""
    try:
        day = datetime.strptime(row["date"].strip(), "%Y-%m-%d").date()
        units = int(row["units"])
        # Older tills write a decimal comma.
        price = Decimal(row["unit_price"].replace(",", "."))
    except (AttributeError, TypeError, ValueError, InvalidOperation) as exc:
        raise BadRow(str(exc) or type(exc).__name__) from exc
    if units == 0:
        raise BadRow("zero units")
    if price < 0:
        raise BadRow(f"negative price {price}")
    return Sale(day, row["region"].strip().title(), row["sku"].upper(), units, price)


def read_sales(paths, problems):
    """Yield sales from every file in turn; bad rows go to `problems`."""
    for path in paths:
        with open(path, newline="", encoding="utf-8-sig") as handle:
            reader = csv.DictReader(handle)
            missing = REQUIRED - set(reader.fieldnames or ())
            if missing:
                problems.append((path, 1, "missing columns: " + ", ".join(sorted(missing))))
                continue
            for row in reader:
                try:
                    yield parse_row(row)
                except BadRow as exc:
                    problems.append((path, reader.line_num, str(exc)))


def summarise(sales):
    """Group sales into {month: {region: Totals}}."""
    table = defaultdict(lambda: defaultdict(Totals))
    for sale in sales:
        table[sale.month][sale.region].add(sale)
    return table


def change(current, previous):
    """Relative change as text, e.g. '+12.5%', or a dash without a base."""
    if not previous:
        return "-"
    ratio = (current - previous) / previous * 100
    return f"{ratio:+.1f}%"


def print_report(table, out=sys.stdout, top=3):
    previous = {}
    for month in sorted(table):
        regions = table[month]
        grand = sum((t.revenue for t in regions.values()), Decimal(0))
        print(f"== {month}   total {grand:,.2f}", file=out)
        print(f"{'region':<14}{'orders':>8}{'units':>8}{'revenue':>14}{'avg':>10}{'change':>9}", file=out)
        for region, totals in sorted(regions.items(), key=lambda kv: -kv[1].revenue):
            delta = change(totals.revenue, previous.get(region))
            print(
                f"{region:<14}{totals.orders:>8}{totals.units:>8}"
                f"{totals.revenue:>14,.2f}{totals.average:>10}{delta:>9}",
                file=out,
            )
            best = ", ".join(f"{sku} x{n}" for sku, n in totals.by_sku.most_common(top))
            print(f"    best sellers: {best}", file=out)
        previous = {region: t.revenue for region, t in regions.items()}
        print(file=out)


def write_csv(table, path):
    with open(path, "w", newline="", encoding="utf-8") as handle:
        writer = csv.writer(handle, quoting=csv.QUOTE_MINIMAL)
        writer.writerow(["month", "region", "orders", "units", "revenue"])
        for month, regions in sorted(table.items()):
            for region, t in sorted(regions.items()):
                writer.writerow([month, region, t.orders, t.units, t.revenue.quantize(CENT)])


def main(argv=None):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path, help="directory with *.csv exports")
    parser.add_argument("--top", type=int, default=3, metavar="N", help="best sellers to list")
    parser.add_argument("--csv", type=Path, help="also write the summary to this file")
    args = parser.parse_args(argv)

    paths = sorted(args.folder.glob("*.csv"))
    if not paths:
        parser.error(f"no CSV files in {args.folder}")

    problems = []
    table = summarise(read_sales(paths, problems))
    print_report(table, top=args.top)
    if args.csv:
        write_csv(table, args.csv)
    for path, line, why in problems:
        print(f"{path.name}:{line}: skipped ({why})", file=sys.stderr)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
