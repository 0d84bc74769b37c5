# SPDX-License-Identifier: GPL-3.0-or-later
"""highs.py - the optimum of the linear programs by HiGHS, from their definition.

    highs.py DUMP lp|lp-all|monotone FROM TO

DUMP is what dump_trace writes.  Prints JSON: objective (fraction of pairs),
shares of pairs, rows used.  Nothing of bpemix's own solver is used here.

lp        min sum_t v_t + sum_p u_p,  v_t + u_p >= W_p(t) - W_{m_t}(t) for every
          step t and every other pair p (Hayase et al. 2024, section 3.1)
monotone  min sum_t |theta_t - W_{m_t}(t)| + sum over pairs p that are never
          merged of max(0, W_p(last) - theta_last), theta not increasing

The first has millions of rows.  lp-all writes out every one that does not hold
whatever the shares are.  lp starts with none and is given every violated one
(at most one for each run of equal counts and round) until none is left; that
gets through larger problems, and must agree where both do.
"""
import json
import sys

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csr_matrix


def read(path):
    """-> pairs N_i, [(pair, excluded)], per pair (end, merged_at, events[k][3])."""
    numbers = np.array(open(path).read().replace("cats", "").replace("merges", "")
                       .replace("pairs", "").split(), dtype=np.int64)
    at = 0

    def take(n):
        nonlocal at
        at += n
        return numbers[at - n:at]

    sizes = take(int(take(1)[0]))
    merges = take(2 * int(take(1)[0])).reshape(-1, 2)
    pairs = []
    for _ in range(int(take(1)[0])):
        end, merged_at, n = (int(v) for v in take(3))
        pairs.append((end, merged_at, take(3 * n).reshape(-1, 3)))
    return sizes, merges, pairs


def at_step(events, step, n):
    x = np.zeros(n)
    for s, i, d in events:
        if s <= step:
            x[i] += d
    return x


def problem(path, start, stop):
    """The steps that carry a constraint, their counts, and every pair."""
    sizes, merges, pairs = read(path)
    n = len(sizes)
    scale = 1e6 / sizes
    steps, own = [], []
    for t in range(start, stop):
        pair, excluded = merges[t]
        if pair < 0 or excluded:
            continue
        x = at_step(pairs[pair][2], t, n)
        if x.any():
            steps.append(t)
            own.append(x * scale)
    return n, scale, np.array(steps), np.array(own), pairs


def states(n, scale, steps, pairs):
    """Runs lo..hi-1 (indices into steps) over which a pair's counts are equal."""
    count, owner, lo, hi = [], [], [], []
    for p, (end, _, events) in enumerate(pairs):
        last = len(steps) if end < 0 else int(np.searchsorted(steps, end))
        x = np.zeros(n)
        begin = np.searchsorted(steps, events[:, 0])
        for k, (_, i, d) in enumerate(events):
            x[i] += d
            a = int(begin[k])
            b = min(int(begin[k + 1]) if k + 1 < len(events) else len(steps), last)
            if a < b and x.any():
                count.append(x * scale)
                owner.append(p)
                lo.append(a)
                hi.append(b)
    return np.array(count), np.array(owner), np.array(lo), np.array(hi)


class RangeMin:
    """Place of the lowest value in [lo, hi), for many ranges at once."""

    def __init__(self, value):
        self.value = value
        self.table = [np.arange(len(value))]
        j = 1
        while 2 * j <= len(value):
            a = self.table[-1][:len(value) - 2 * j + 1]
            b = self.table[-1][j:len(value) - j + 1]
            self.table.append(np.where(value[a] <= value[b], a, b))
            j *= 2

    def __call__(self, lo, hi):
        level = np.floor(np.log2(hi - lo)).astype(int)
        out = np.empty(len(lo), dtype=int)
        for j, row in enumerate(self.table):
            m = level == j
            a, b = row[lo[m]], row[hi[m] - (1 << j)]
            out[m] = np.where(self.value[a] <= self.value[b], a, b)
        return out


def highs(c, rows, n):
    """min c x, rows x <= 0, x >= 0, the first n columns add up to 1."""
    simplex = csr_matrix((np.ones(n), (np.zeros(n, dtype=int), np.arange(n))), shape=(1, len(c)))
    r = linprog(c, A_ub=rows, b_ub=np.zeros(rows.shape[0]), A_eq=simplex, b_eq=[1.0],
                bounds=(0, None), method="highs",
                options={"primal_feasibility_tolerance": 1e-9,
                         "dual_feasibility_tolerance": 1e-9})
    if r.status != 0:
        sys.exit(f"HiGHS: {r.message}")
    return r


def lp_rows(count, own, owner, S, K, column, width):
    """Rows (x_state - x_merge) alpha - v_t - u_p <= 0 of states S at steps K."""
    n, m, r = count.shape[1], len(S), np.arange(len(S))
    coef = count[S] - own[K]
    return csr_matrix(
        (np.concatenate([coef.ravel(), -np.ones(2 * m)]),
         (np.concatenate([np.repeat(r, n), r, r]),
          np.concatenate([np.tile(np.arange(n), m), n + K, [column[int(p)] for p in owner[S]]]))),
        shape=(m, width))


def solve_lp_all(path, start, stop):
    n, scale, steps, own, pairs = problem(path, start, stop)
    count, owner, lo, hi = states(n, scale, steps, pairs)
    T = len(steps)
    S, K = [], []
    for s in range(len(count)):
        k = np.arange(lo[s], hi[s])
        k = k[(count[s] > own[k]).any(axis=1)]
        S.append(np.full(len(k), s))
        K.append(k)
    S, K = np.concatenate(S), np.concatenate(K)
    column = {int(p): n + T + j for j, p in enumerate(np.unique(owner[S]))}
    width = n + T + len(column)
    rows = lp_rows(count, own, owner, S, K, column, width)
    c = np.concatenate([np.zeros(n), np.ones(width - n)])
    result = highs(c, rows, n)
    return result.fun * 1e-6, result.x[:n], len(S), 0.0


def solve_lp(path, start, stop):
    n, scale, steps, own, pairs = problem(path, start, stop)
    count, owner, lo, hi = states(n, scale, steps, pairs)
    T = len(steps)
    # Rows: state s at step t.  Columns: alpha[n], v[T], then u of pairs as they come.
    chosen, column = set(), {}
    row_state, row_step = [], []
    alpha, theta = np.full(n, 1.0 / n), None
    u_of = np.zeros(len(pairs))
    while True:
        b = own @ alpha
        if theta is None:
            theta = b
        w = count @ alpha
        worst = RangeMin(theta)(lo, hi)
        excess = w - theta[worst] - u_of[owner]
        new = [(int(s), int(worst[s])) for s in np.nonzero(excess > 1e-7)[0]
               if (int(s), int(worst[s])) not in chosen]
        if not new:
            violated = float(excess.max())
            break
        for s, t in new:
            chosen.add((s, t))
            row_state.append(s)
            row_step.append(t)
            column.setdefault(int(owner[s]), n + T + len(column))
        S, K = np.array(row_state), np.array(row_step)
        rows = lp_rows(count, own, owner, S, K, column, n + T + len(column))
        c = np.concatenate([np.zeros(n), np.ones(T + len(column))])
        result = highs(c, rows, n)
        alpha = result.x[:n]
        theta = own @ alpha + result.x[n:n + T]
        u_of[:] = 0
        for p, k in column.items():
            u_of[p] = result.x[k]
    return result.fun * 1e-6, alpha, len(row_state), violated


def solve_monotone(path, start, stop):
    n, scale, steps, own, pairs = problem(path, start, stop)
    T, last = len(steps), int(steps[-1])
    rivals = []
    for end, merged_at, events in pairs:
        if 0 <= merged_at < stop or 0 <= end <= last:
            continue
        x = at_step(events, last, n)
        if x.any():
            rivals.append(x * scale)
    P = len(rivals)
    # Columns: alpha[n], theta[T], gap[T] >= |theta - b|, u[P].
    I, J, V, m = [], [], [], 0

    def row(entries):
        nonlocal m
        for j, v in entries:
            I.append(m)
            J.append(j)
            V.append(v)
        m += 1

    for k in range(T):
        b = [(i, own[k, i]) for i in range(n) if own[k, i]]
        row(b + [(n + k, -1.0), (n + T + k, -1.0)])
        row([(i, -v) for i, v in b] + [(n + k, 1.0), (n + T + k, -1.0)])
        if k:
            row([(n + k, 1.0), (n + k - 1, -1.0)])
    for p, x in enumerate(rivals):
        row([(i, x[i]) for i in range(n) if x[i]] + [(n + T - 1, -1.0), (n + 2 * T + p, -1.0)])
    c = np.concatenate([np.zeros(n + T), np.ones(T + P)])
    rows = csr_matrix((V, (I, J)), shape=(m, len(c)))
    result = highs(c, rows, n)
    return result.fun * 1e-6, result.x[:n], m, 0.0


def main():
    path, method, start, stop = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
    solve = {"lp": solve_lp, "lp-all": solve_lp_all, "monotone": solve_monotone}[method]
    objective, alpha, rows, violated = solve(path, start, stop)
    print(json.dumps({"objective": objective, "share_pairs": list(alpha), "rows": rows,
                      "violated_ppm": violated}))


if __name__ == "__main__":
    main()
