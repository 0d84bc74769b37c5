#!/usr/bin/env python3
'''
Reflow plain text.

Reads paragraphs, bullet lists and indented blocks, and writes them back
filled to a given width. Two ways of breaking lines are offered: the greedy
one, and one that minimises the raggedness of the whole paragraph. Wide
characters count as two columns.
'''

import argparse
import re
import sys
import unicodedata

BULLET = re.compile(r'^(\s*)([-*+]|\d+[.)])(\s+)')


def display_width(text):
    """Columns a string takes up on a terminal."""
    width = 0
    for ch in text:
        if unicodedata.combining(ch):
            continue
        width += 2 if unicodedata.east_asian_width(ch) in 'WF' else 1
    return width


def split_long(word, width):
    """Cut a word that is wider than a whole line into pieces."""
    piece, used = '', 0
    for ch in word:
        w = display_width(ch)
        if used + w > width and piece:
            yield piece
            piece, used = '', 0
        piece += ch
        used += w
    if piece:
        yield piece


def fill_greedy(words, width):
    lines, current, used = [], [], 0
    for word in words:
        w = display_width(word)
        if current and used + 1 + w > width:
            lines.append(' '.join(current))
            current, used = [], 0
        used += w + (1 if current else 0)
        current.append(word)
    if current:
        lines.append(' '.join(current))
    return lines


def fill_balanced(words, width):
    """Minimise the sum of squared gaps; the last line costs nothing.

    cost[i] is the least cost of setting words[i:], found from the back.
    """
    n = len(words)
    widths = [display_width(w) for w in words]
    cost = [0] * (n + 1)
    after = [n] * (n + 1)
    for i in range(n - 1, -1, -1):
        cost[i] = float('inf')
        used = -1
        for j in range(i, n):
            used += 1 + widths[j]
            if used > width and j > i:
                break
            gap = max(0, width - used)
            total = (0 if j == n - 1 else gap * gap) + cost[j + 1]
            if total < cost[i]:
                cost[i], after[i] = total, j + 1
    lines, i = [], 0
    while i < n:
        lines.append(' '.join(words[i:after[i]]))
        i = after[i]
    return lines


def justify(line, width):
    """Pad the spaces of a line from the left until it is full."""
    words = line.split(' ')
    gaps = len(words) - 1
    missing = width - display_width(line)
    if gaps == 0 or missing <= 0 or missing > gaps * 3:
        return line
    each, extra = divmod(missing, gaps)
    out = []
    for i, word in enumerate(words[:-1]):
        out.append(word + ' ' * (1 + each + (i < extra)))
    return ''.join(out) + words[-1]


class Block:
    """A run of lines that belong together.

    kind is 'para', 'item' or 'verbatim'; first and rest are the prefixes
    of the first line and of all later ones.
    """

    def __init__(self, kind, first='', rest=''):
        self.kind = kind
        self.first = first
        self.rest = rest
        self.lines = []

    def words(self, width):
        for line in self.lines:
            for word in line.split():
                if display_width(word) > width and '://' not in word:
                    yield from split_long(word, width)
                else:
                    yield word

    def format(self, options):
        if self.kind == 'verbatim':
            return list(self.lines)
        width = max(8, options.width - display_width(self.first))
        fill = fill_balanced if options.balanced else fill_greedy
        lines = fill(list(self.words(width)), width)
        if options.justify:
            lines[:-1] = [justify(line, width) for line in lines[:-1]]
        prefixes = [self.first] + [self.rest] * (len(lines) - 1)
        return [p + line for p, line in zip(prefixes, lines)]


def parse_blocks(lines):
    """Group input lines into blocks; None stands for a blank line."""
    block = None
    for raw in lines:
        line = raw.rstrip().expandtabs(8)
        if not line:
            if block:
                yield block
            block = None
            yield None
            continue

        bullet = BULLET.match(line)
        if bullet:
            if block:
                yield block
            head = bullet.group(0)
            block = Block('item', head, ' ' * len(head))
            block.lines.append(line[len(head):])
        elif block is None:
            indented = line.startswith('    ')
            block = Block('verbatim' if indented else 'para')
            block.lines.append(line)
        else:
            block.lines.append(line if block.kind == 'verbatim' else line.strip())
    if block:
        yield block


def reflow(lines, options):
    blank = True    # swallow blank lines at the very top
    for block in parse_blocks(lines):
        if block is None:
            if not blank:
                yield ''
            blank = True
        else:
            yield from block.format(options)
            blank = False


def main():
    parser = argparse.ArgumentParser(description='Reflow plain text.')
    parser.add_argument('files', nargs='*', type=argparse.FileType('r'), default=[sys.stdin])
    parser.add_argument('-w', '--width', type=int, default=72)
    parser.add_argument('-b', '--balanced', action='store_true', help='even out the lines')
    parser.add_argument('-j', '--justify', action='store_true', help='flush right margin')
    options = parser.parse_args()

    for handle in options.files:
        for line in reflow(handle, options):
            print(line)


if __name__ == '__main__':
    main()
