# SPDX-License-Identifier: GPL-3.0-or-later
"""end_to_end.py - random tokenizers and random texts against the definition, written out.

    end_to_end.py BPEMIX DUMP_TRACE FOLDER CASES [FIRST-SEED]

Each case is made from its seed: a few letters, a merge list whose parts are letters or earlier
products, and texts of random words for two to four categories.  Then

  counts    every pair's count before every merge, in every category, by merging each word again
            at every step and looking at all neighbours, equals what `bpemix count` has recorded;
  lp        min sum_t v_t + sum_p u_p, v_t + u_p >= W_p(t) - W_m(t) for every step t and every
            pair p but its merge m (Hayase et al. 2024, section 3.1);
  monotone  min sum_t |theta_t - W_m(t)| + sum over pairs without a constrained merge of
            max(0, W_p(last) - theta_last), last being the last step at which they compete,
            theta not increasing;
  both      with shares that add up to 1 (--scale pairs), and with shares for which the merges'
            occurrences add up to 1 (--scale merges), by HiGHS over all rows, have the optimum
            that `bpemix solve` reports.

W_p(t) is the count of p before merge t, in pairs of the text before any merge, mixed by the
shares.  Steps that no category has an occurrence of carry no constraint.  Nothing of bpemix is
used on this side.  Prints a line of figures; exit status 1 when something differs, with the seed.
"""
import json
import os
import random
import subprocess
import sys

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csr_matrix


def make_tokenizer(rng):
    letters = "abcdefgh"[:rng.randint(2, 6)]
    tokens, merges = list(letters), []
    for _ in range(rng.randint(1, 24)):
        left, right = rng.choice(tokens), rng.choice(tokens)
        if left + right not in tokens and len(left + right) <= 9:
            merges.append((left, right))
            tokens.append(left + right)
    return letters, tokens, merges


def make_words(rng, letters, merges):
    """Words and their counts; some made of tokens, so that late merges occur as well."""
    parts = list(letters) + [a + b for a, b in merges]
    words = {}
    for _ in range(rng.randint(1, 40)):
        if rng.random() < 0.6:
            word = "".join(rng.choice(parts) for _ in range(rng.randint(1, 4)))
        else:
            word = "".join(rng.choice(letters) for _ in range(rng.randint(1, 12)))
        words[word] = words.get(word, 0) + rng.randint(1, 9)
    return words


def counts_of(words, merges):
    """counts[t][pair]: before merge t; t = len(merges) after the last one."""
    state = [(list(w), n) for w, n in words.items()]
    counts = []
    for merge in merges + [None]:
        at = {}
        for symbols, n in state:
            for pair in zip(symbols, symbols[1:]):
                at[pair] = at.get(pair, 0) + n
        counts.append(at)
        if merge is None:
            break
        for symbols, _ in state:
            i = 0
            while i + 1 < len(symbols):
                if (symbols[i], symbols[i + 1]) == merge:
                    symbols[i:i + 2] = [symbols[i] + symbols[i + 1]]
                i += 1
    return counts


def recorded(dump, trace, n_cats, steps):
    """The same, from a trace: [cat][t][pair]."""
    out = subprocess.run([dump, trace, str(steps)], check=True, capture_output=True, text=True)
    counts = [[{} for _ in range(steps + 1)] for _ in range(n_cats)]
    for line in out.stdout.splitlines():
        left, right, *events = line.split()
        pair = bytes.fromhex(left).decode(), bytes.fromhex(right).decode()
        for event in events:
            step, cat, delta = (int(x) for x in event.split(":"))
            for t in range(step, steps + 1):
                c = counts[cat][t]
                c[pair] = c.get(pair, 0) + delta
    return [[{p: c for p, c in at.items() if c} for at in cat] for cat in counts]


class Program:
    """Rows over columns: shares first, then what each program adds."""

    def __init__(self, counts, merges):
        self.n = len(counts)
        self.size = [sum(c[0].values()) for c in counts]
        pairs = sorted({p for c in counts for at in c for p in at})
        # W[t][p]: counts in parts of the pairs of each category's text
        self.w = [{p: np.array([c[t].get(p, 0) / s for c, s in zip(counts, self.size)])
                   for p in pairs} for t in range(len(merges))]
        self.steps = [t for t, m in enumerate(merges) if m in self.w[t] and self.w[t][m].any()]
        self.merge, self.pairs = merges, pairs
        self.level = [self.w[t][merges[t]] for t in self.steps]

    def lp(self):
        k, cols = len(self.steps), len(self.pairs)
        cost = np.concatenate([np.zeros(self.n), np.ones(k + cols)])
        rows = []
        for j, t in enumerate(self.steps):
            for i, p in enumerate(self.pairs):
                if p != self.merge[t] and self.w[t][p].any():
                    row = np.zeros(len(cost))
                    row[:self.n] = self.w[t][p] - self.level[j]
                    row[self.n + j] = row[self.n + k + i] = -1
                    rows.append(row)
        return cost, rows, []

    def monotone(self):
        """Columns: shares, theta, what is above and below it at the merges, pairs never merged."""
        k = len(self.steps)
        constrained = {self.merge[t] for t in self.steps}
        listed = {m: t for t, m in enumerate(self.merge)}
        rest = []
        for p in self.pairs:
            # one whose merge carries no constraint competes until that merge
            before = [j for j, t in enumerate(self.steps) if t < listed.get(p, t + 1)]
            if p not in constrained and before and self.w[self.steps[before[-1]]][p].any():
                rest.append((p, before[-1]))
        cost = np.concatenate([np.zeros(self.n + k), np.ones(2 * k + len(rest))])
        rows, equal = [], []
        for j in range(k):
            row = np.zeros(len(cost))
            row[:self.n] = self.level[j]
            row[self.n + j] = -1
            row[self.n + k + j], row[self.n + 2 * k + j] = 1, -1
            equal.append(row)
            if j:
                row = np.zeros(len(cost))
                row[self.n + j], row[self.n + j - 1] = 1, -1
                rows.append(row)
        for i, (p, j) in enumerate(rest):
            row = np.zeros(len(cost))
            row[:self.n] = self.w[self.steps[j]][p]
            row[self.n + j] = row[self.n + 3 * k + i] = -1
            rows.append(row)
        return cost, rows, equal

    def optimum(self, method, scale):
        cost, rows, equal = getattr(self, method)()
        total = np.ones(self.n) if scale == "pairs" else np.sum(self.level, axis=0)
        upper = [None] * len(cost)
        for i in range(self.n):
            if total[i] == 0:
                upper[i] = 0  # nothing tells of it
        head = np.zeros(len(cost))
        head[:self.n] = total
        r = linprog(cost, A_ub=csr_matrix(rows) if rows else None,
                    b_ub=np.zeros(len(rows)) if rows else None,
                    A_eq=csr_matrix(equal + [head]), b_eq=np.array([0.0] * len(equal) + [1.0]),
                    bounds=[(0, u) for u in upper], method="highs",
                    options={"primal_feasibility_tolerance": 1e-10,
                             "dual_feasibility_tolerance": 1e-10})
        if r.status != 0:
            raise RuntimeError("HiGHS: " + r.message)
        return r.fun


def run(*command):
    return subprocess.run(command, capture_output=True, text=True)


def case(bpemix, dump, folder, seed, done):
    rng = random.Random(seed)
    letters, tokens, merges = make_tokenizer(rng)
    words = [make_words(rng, letters, merges) for _ in range(rng.randint(2, 4))]
    if not merges or any(all(len(w) < 2 for w in ws) for ws in words):
        return []
    path = lambda name: os.path.join(folder, name)
    with open(path("t.json"), "w") as f:
        json.dump({"pre_tokenizer": {"type": "WhitespaceSplit"},
                   "model": {"type": "BPE", "vocab": {t: i for i, t in enumerate(tokens)},
                             "merges": [[a, b] for a, b in merges]}}, f)
    for i, ws in enumerate(words):
        text = [w for w, n in ws.items() for _ in range(n)]
        rng.shuffle(text)
        with open(path(f"{i}.txt"), "w") as f:
            f.write(" ".join(text))
    names = [f"c{i}={path(str(i) + '.txt')}" for i in range(len(words))]
    got = run(bpemix, "count", "-q", "-j", "1", "--keep-manual", "-t", path("t.json"), "-o", path("o.trace"), *names)
    if got.returncode:
        return ["count: " + got.stderr.strip()]
    counts = [counts_of(ws, merges) for ws in words]
    wrong = []
    for c, (a, b) in enumerate(zip(counts, recorded(dump, path("o.trace"), len(words), len(merges)))):
        for t in range(len(merges) + 1):
            if a[t] != b[t]:
                wrong.append(f"category {c} before merge {t}: {a[t]}, not {b[t]}")
    done["counts"] += 1
    if wrong:
        return wrong[:3]
    program = Program(counts, merges)
    if not program.steps:
        return []
    for method in "lp", "monotone":
        for scale in "pairs", "merges":
            want = program.optimum(method, scale)
            got = run(bpemix, "solve", "-q", "--no-provenance", "--merges", "all",
                      "--method", method, "--weights", "none", "--scale", scale, "--json", "-",
                      path("o.trace"))
            if got.returncode:
                wrong.append(f"{method}, {scale}: {got.stderr.strip()}")
                continue
            have = json.loads(got.stdout)["solver"]["objective"]
            if not abs(have - want) <= 2e-6 * want + 1e-8:
                wrong.append(f"{method}, {scale}: {have}, not {want}")
            done["programs"] += 1
    return wrong


def main():
    bpemix, dump, folder, cases = sys.argv[1:5]
    first = int(sys.argv[5]) if len(sys.argv) > 5 else 1
    done = {"counts": 0, "programs": 0}
    failed = 0
    for seed in range(first, first + int(cases)):
        wrong = case(bpemix, dump, folder, seed, done)
        if wrong:
            failed += 1
            for w in wrong:
                print(f"seed {seed}: {w}", file=sys.stderr)
    print(f"{cases} cases, {done['counts']} with counts, {done['programs']} programs, {failed} failed")
    return 1 if failed or not done["programs"] else 0


if __name__ == "__main__":
    sys.exit(main())
