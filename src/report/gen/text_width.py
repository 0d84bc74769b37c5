#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Write src/report/text_width.inc: how wide characters are, from a TrueType font.

    src/report/gen/text_width.py /usr/share/fonts/truetype/dejavu/DejaVuSans.ttf \\
        > src/report/text_width.inc

DejaVu Sans (and Verdana, which has the same measures) is the widest of the fonts that
browsers fall back to, so that what fits in it fits in all of them. Widths are in hundredths
of the font size, rounded up; a run of characters of nearly one width is one row, with the
largest of them. ASCII is exact.
"""
import struct
import sys

data = open(sys.argv[1], "rb").read()
tables = {}
for i in range(struct.unpack(">H", data[4:6])[0]):
    tag, _, offset, length = struct.unpack(">4sLLL", data[12 + 16 * i:28 + 16 * i])
    tables[tag.decode()] = (offset, length)
units = struct.unpack(">H", data[tables["head"][0] + 18:tables["head"][0] + 20])[0]
n_metrics = struct.unpack(">H", data[tables["hhea"][0] + 34:tables["hhea"][0] + 36])[0]
hmtx = tables["hmtx"][0]
cmap = tables["cmap"][0]
glyph = {}
for i in range(struct.unpack(">H", data[cmap + 2:cmap + 4])[0]):
    _, _, offset = struct.unpack(">HHL", data[cmap + 4 + 8 * i:cmap + 12 + 8 * i])
    sub = cmap + offset
    if struct.unpack(">H", data[sub:sub + 2])[0] != 12:
        continue
    for k in range(struct.unpack(">L", data[sub + 12:sub + 16])[0]):
        first, last, start = struct.unpack(">LLL", data[sub + 16 + 12 * k:sub + 28 + 12 * k])
        for c in range(first, last + 1):
            glyph[c] = start + c - first

def width(c):
    if c not in glyph:
        return None
    at = hmtx + 4 * min(glyph[c], n_metrics - 1)
    return -(-100 * struct.unpack(">H", data[at:at + 2])[0] // units)

rows = []
low = high = None
for c in range(0x20, 0x2200):
    w = width(c)
    if w is None:
        continue
    near = 6 if c < 0x250 else 20
    if c >= 0x7f and rows and max(high, w) - min(low, w) < near and c - last < 40:
        low, high = min(low, w), max(high, w)
        rows[-1] = (rows[-1][0], high)
    else:
        rows.append((c, w))
        low = high = w
    last = c
print("/* Made by gen/text_width.py. */")
for i in range(0, len(rows), 6):
    print("   " + "".join(" {0x%04X, %d}," % row for row in rows[i:i + 6]))
