"""Inventory of a small workshop, kept in SQLite.

Stock is never edited directly. Every delivery, use and correction is a row
in ``movement`` and the quantity on hand is their sum, so the history of a
part can always be explained.
"""

from __future__ import annotations

import contextlib
import sqlite3
from typing import Iterable, Iterator, NamedTuple, Optional

SCHEMA_VERSION = 2

SCHEMA = """
CREATE TABLE part (
    id        INTEGER PRIMARY KEY,
    code      TEXT NOT NULL UNIQUE COLLATE NOCASE,
    name      TEXT NOT NULL,
    location  TEXT,
    minimum   INTEGER NOT NULL DEFAULT 0 CHECK (minimum >= 0)
);
CREATE TABLE movement (
    id        INTEGER PRIMARY KEY,
    part_id   INTEGER NOT NULL REFERENCES part(id) ON DELETE RESTRICT,
    delta     INTEGER NOT NULL CHECK (delta <> 0),
    reason    TEXT NOT NULL,
    booked_at TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP
);
CREATE INDEX movement_by_part ON movement(part_id, booked_at);
CREATE VIEW stock AS
    SELECT p.id, p.code, p.name, p.location, p.minimum,
           COALESCE(SUM(m.delta), 0) AS on_hand
      FROM part p LEFT JOIN movement m ON m.part_id = p.id
     GROUP BY p.id;
"""


class InventoryError(Exception):
    pass


class UnknownPart(InventoryError):
    pass


class OutOfStock(InventoryError):
    def __init__(self, code: str, wanted: int, available: int) -> None:
        super().__init__(f"{code}: {wanted} wanted, {available} on hand")
        self.wanted = wanted
        self.available = available


class StockLine(NamedTuple):
    code: str
    name: str
    location: Optional[str]
    minimum: int
    on_hand: int

    @property
    def shortage(self) -> int:
        return max(0, self.minimum - self.on_hand)


class Inventory:
    """One open database. Use it as a context manager or call close()."""

    def __init__(self, path: str = ":memory:") -> None:
        self._db = sqlite3.connect(path, isolation_level=None)
        self._db.row_factory = sqlite3.Row
        self._db.execute("PRAGMA foreign_keys = ON")
        self._migrate()

    def __enter__(self) -> "Inventory":
        return self

    def __exit__(self, *exc_info) -> None:
        self.close()

    def close(self) -> None:
        self._db.close()

    def _migrate(self) -> None:
        (version,) = self._db.execute("PRAGMA user_version").fetchone()
        if version == SCHEMA_VERSION:
            return
        if version > SCHEMA_VERSION:
            raise InventoryError(f"database is from a newer release ({version})")
        if version == 0:
            self._db.executescript(SCHEMA)
        elif version == 1:
            # Version 1 did not have storage locations.
            self._db.execute("ALTER TABLE part ADD COLUMN location TEXT")
        self._db.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")

    @contextlib.contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield self._db
        except BaseException:
            self._db.execute("ROLLBACK")
            raise
        else:
            self._db.execute("COMMIT")

    # -- parts ---------------------------------------------------------

    def add_part(self, code, name, *, location=None, minimum=0) -> int:
        try:
            cur = self._db.execute(
                "INSERT INTO part (code, name, location, minimum) VALUES (?, ?, ?, ?)",
                (code.strip(), name.strip(), location, minimum),
            )
        except sqlite3.IntegrityError as exc:
            raise InventoryError(f"cannot add {code!r}: {exc}") from exc
        return cur.lastrowid

    def get(self, code: str) -> StockLine:
        row = self._db.execute(
            "SELECT code, name, location, minimum, on_hand FROM stock WHERE code = ?",
            (code,),
        ).fetchone()
        if row is None:
            raise UnknownPart(f"no part with code {code!r}")
        return StockLine(*row)

    # -- movements -----------------------------------------------------

    def _book(self, db, code: str, delta: int, reason: str) -> None:
        line = self.get(code)
        if line.on_hand + delta < 0:
            raise OutOfStock(code, -delta, line.on_hand)
        db.execute(
            "INSERT INTO movement (part_id, delta, reason)"
            " SELECT id, ?, ? FROM part WHERE code = ?",
            (delta, reason, code),
        )

    def receive(self, code: str, quantity: int, supplier: str) -> None:
        if quantity <= 0:
            raise ValueError("quantity must be positive")
        with self.transaction() as db:
            self._book(db, code, quantity, f"delivery: {supplier}")

    def consume(self, items: Iterable[tuple[str, int]], job: str) -> None:
        """Take several parts for one job: either all of them or none."""
        with self.transaction() as db:
            for code, quantity in items:
                self._book(db, code, -quantity, f"job: {job}")

    def count(self, code: str, found: int) -> int:
        """Record a stocktake and return the correction that was booked."""
        with self.transaction() as db:
            delta = found - self.get(code).on_hand
            if delta:
                self._book(db, code, delta, "stocktake")
        return delta

    def reorder_list(self) -> list[StockLine]:
        rows = self._db.execute(
            "SELECT code, name, location, minimum, on_hand FROM stock"
            " WHERE on_hand < minimum ORDER BY minimum - on_hand DESC, code"
        )
        return [StockLine(*row) for row in rows]


if __name__ == "__main__":
    with Inventory() as inv:
        inv.add_part("BRG-608", "Ball bearing 608-2RS", location="A3", minimum=20)
        inv.add_part("BLT-M6x20", "Hex bolt M6 x 20", location="B1", minimum=100)
        inv.receive("BRG-608", 25, "Northern Bearings")
        inv.receive("BLT-M6x20", 80, "Fixings Ltd")
        inv.consume([("BRG-608", 8), ("BLT-M6x20", 16)], job="conveyor 4")
        for line in inv.reorder_list():
            print(f"{line.code:<12}{line.on_hand:>5} on hand, order {line.shortage}")
