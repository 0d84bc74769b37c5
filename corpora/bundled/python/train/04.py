#!/usr/bin/env python3
# Conway's Game of Life on an unbounded plane.
#
# Only the living cells are stored, as a set of (x, y) pairs, so a glider can
# fly for as long as you like without anybody having to enlarge a grid.
# Patterns are read from the two usual text formats:
#
#   .cells   one line per row, 'O' alive and '.' dead, '!' starts a comment
#   .rle     run lengths:  bob$2bo$3o!

import itertools
import os
import random
import re
import sys
import time
from collections import Counter

NEIGHBOURS = [
    (-1, -1), (0, -1), (1, -1),
    (-1,  0),          (1,  0),
    (-1,  1), (0,  1), (1,  1),
]

LIBRARY = {
    "blinker": "3o!",
    "glider": "bob$2bo$3o!",
    "beacon": "2o2b$2o2b$2b2o$2b2o!",
    "r-pentomino": "b2o$2ob$bo!",
    "acorn": "bo5b$3bo3b$2o2b3o!",
    "lwss": "bo2bo$o4b$o3bo$4o!",
}


class Rule:
    """A birth/survival rule such as B3/S23."""

    def __init__(self, text="B3/S23"):
        match = re.fullmatch(r"B(\d*)/S(\d*)", text.upper())
        if match is None:
            raise ValueError("not a rule: %r" % text)
        self.text = text.upper()
        self.birth = frozenset(int(d) for d in match.group(1))
        self.survival = frozenset(int(d) for d in match.group(2))
        if 0 in self.birth:
            raise ValueError("rules with B0 would fill the whole plane")

    def __str__(self):
        return self.text


def step(alive, rule):
    """Return the next generation."""
    counts = Counter(
        (x + dx, y + dy) for x, y in alive for dx, dy in NEIGHBOURS
    )
    survivors = {c for c in alive if counts.get(c, 0) in rule.survival}
    born = {c for c, n in counts.items() if n in rule.birth and c not in alive}
    return survivors | born


def generations(alive, rule):
    """Endless iterator over generations, starting with the given one."""
    alive = set(alive)
    while True:
        yield alive
        alive = step(alive, rule)


def bounding_box(alive):
    if not alive:
        return 0, 0, 0, 0
    xs = [x for x, _ in alive]
    ys = [y for _, y in alive]
    return min(xs), min(ys), max(xs), max(ys)


def normalise(alive):
    """Move the pattern so that its box begins at the origin."""
    left, top, _, _ = bounding_box(alive)
    return frozenset((x - left, y - top) for x, y in alive)


def parse_cells(text):
    rows = [line for line in text.splitlines() if not line.startswith("!")]
    return {
        (x, y)
        for y, row in enumerate(rows)
        for x, ch in enumerate(row)
        if ch in "O*"
    }


def parse_rle(text):
    body = "".join(
        line for line in text.splitlines()
        if not line.startswith(("#", "x"))
    )
    alive = set()
    x = y = 0
    for count, tag in re.findall(r"(\d*)([bo$!])", body):
        n = int(count or 1)
        if tag == "o":
            alive.update((x + i, y) for i in range(n))
            x += n
        elif tag == "b":
            x += n
        elif tag == "$":
            x, y = 0, y + n
        else:
            break
    return alive


def to_rle(alive):
    """Encode a pattern; the inverse of parse_rle up to its position."""
    cells = normalise(alive)
    _, _, width, height = bounding_box(cells)
    rows = []
    for y in range(height + 1):
        row = "".join("o" if (x, y) in cells else "b" for x in range(width + 1))
        row = row.rstrip("b")
        runs = ((ch, len(list(group))) for ch, group in itertools.groupby(row))
        rows.append("".join((str(n) if n > 1 else "") + ch for ch, n in runs))
    return "$".join(rows) + "!"


def random_soup(width, height, density=0.35, seed=None):
    rng = random.Random(seed)
    return {
        (x, y)
        for x in range(width)
        for y in range(height)
        if rng.random() < density
    }


def classify(alive, rule, limit=200):
    """Say whether a pattern dies, stands still, oscillates or travels."""
    seen = {}
    for n, cells in enumerate(generations(alive, rule)):
        if not cells:
            return "dies in generation %d" % n
        shape = normalise(cells)
        corner = bounding_box(cells)[:2]
        if shape in seen:
            first, where = seen[shape]
            period = n - first
            if corner != where:
                dx, dy = corner[0] - where[0], corner[1] - where[1]
                return "spaceship, period %d, moves (%+d, %+d)" % (period, dx, dy)
            if period == 1:
                return "still life after %d generations" % first
            return "oscillator, period %d" % period
        if n >= limit:
            return "still active after %d generations" % limit
        seen[shape] = (n, corner)


def render(alive, view):
    left, top, width, height = view
    lines = []
    # Two rows share a character cell, which makes the pixels square.
    for y in range(top, top + height, 2):
        chars = []
        for x in range(left, left + width):
            upper, lower = (x, y) in alive, (x, y + 1) in alive
            chars.append(" '.:"[upper + 2 * lower])
        lines.append("".join(chars))
    return "\n".join(lines)


def animate(alive, rule, delay=0.1):
    columns, rows = os.get_terminal_size()
    view = (-columns // 2, -(rows - 2), columns, 2 * (rows - 2))
    try:
        for n, cells in enumerate(generations(alive, rule)):
            sys.stdout.write("\x1b[H\x1b[2J" + render(cells, view))
            sys.stdout.write("\n%s  generation %d  population %d" % (rule, n, len(cells)))
            sys.stdout.flush()
            time.sleep(delay)
    except KeyboardInterrupt:
        print()


if __name__ == "__main__":
    name = sys.argv[1] if len(sys.argv) > 1 else "all"
    conway = Rule()
    if name == "all":
        for title, code in sorted(LIBRARY.items()):
            print("%-12s %s" % (title, classify(parse_rle(code), conway)))
    elif name == "soup":
        animate(random_soup(40, 30), conway)
    else:
        animate(parse_rle(LIBRARY[name]), conway)
