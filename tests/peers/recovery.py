# SPDX-License-Identifier: GPL-3.0-or-later
"""recovery.py - infer mixtures whose truth is known, with the real trainer.

    recovery.py [options] GROUP=CATEGORY,CATEGORY,...  [GROUP=...]

For every group and trial: draw shares from Dirichlet(1), join documents of
the categories' train halves in these shares of bytes, train 30000 tokens with
the Hugging Face trainer, infer the shares from the sample halves.  The error
is log10 of the mean squared error over the categories, in shares of bytes;
beside it stands what guessing equal shares would have given.

A category that runs out of documents makes the whole text shorter, not its
share smaller, and the truth is counted in the bytes that were really written.
"""
import argparse
import json
import math
import os
import random
import subprocess
import sys
import time

here = os.path.dirname(os.path.abspath(__file__))


def documents(folder):
    found = []
    for top, _, names in os.walk(folder):
        for name in names:
            path = os.path.join(top, name)
            found.append((os.path.relpath(path, folder), path, os.path.getsize(path)))
    return sorted(found)


def draw(rng, n):
    x = [rng.expovariate(1) for _ in range(n)]
    return [v / sum(x) for v in x]


def write_mixture(rng, corpora, cats, shares, size, out):
    """Whole documents; the last of a category is cut at a line end."""
    docs = {c: documents(os.path.join(corpora, c, "train")) for c in cats}
    for c, s in zip(cats, shares):
        size = min(size, sum(d[2] for d in docs[c]) / s)
    truth = []
    with open(out, "wb") as f:
        for c, s in zip(cats, shares):
            rng.shuffle(docs[c])
            want, got = int(size * s), 0
            for _, path, _ in docs[c]:
                if got >= want:
                    break
                with open(path, "rb") as d:
                    text = d.read()
                if got + len(text) > want:
                    text = text[:text.rfind(b"\n", 0, want - got) + 1]
                    if not text:
                        break
                if not text.endswith(b"\n"):
                    text += b"\n"
                got += f.write(text)
            truth.append(got)
    total = sum(truth)
    return [t / total for t in truth], total


def log_mse(estimate, truth):
    mse = sum((e - t) ** 2 for e, t in zip(estimate, truth)) / len(truth)
    return math.log10(mse) if mse > 0 else -math.inf


def infer(o, tokenizer, cats, options):
    began = time.perf_counter()
    p = subprocess.run([o.bpemix, "infer", "-t", tokenizer, "--json", "-", "--quiet", *options,
                        *(f"{c}={os.path.join(o.corpora, c, 'sample')}" for c in cats)],
                       stdout=subprocess.PIPE)
    if p.returncode:
        sys.exit(f"bpemix infer ended with status {p.returncode}: {p.stdout.decode()[:500]}")
    r = json.loads(p.stdout)
    return r, time.perf_counter() - began


def main():
    a = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    a.add_argument("groups", nargs="+")
    a.add_argument("--corpora", default="build/corpora")
    a.add_argument("--bpemix", default="build/bpemix")
    a.add_argument("--work", default="build/peers/recovery")
    a.add_argument("--trials", type=int, default=5)
    a.add_argument("--bytes", type=float, default=20e6)
    a.add_argument("--seed", type=int, default=1)
    a.add_argument("--json", default="")
    a.add_argument("--variant", action="append", default=[],
                   help="NAME:OPTIONS of infer, beside the default ones")
    a.add_argument("--mean", action="append", default=[],
                   help="GROUP=LIMIT: fail unless the mean error of the default is below")
    o = a.parse_args()
    os.makedirs(o.work, exist_ok=True)
    variants = [("default", [])] + [(v.split(":", 1)[0], v.split(":", 1)[1].split())
                                    for v in o.variant]
    groups, failed = [], False
    limits = dict(m.split("=") for m in o.mean)

    for group in o.groups:
        name, cats = group.split("=")
        cats = cats.split(",")
        trials = []
        for k in range(o.trials):
            rng = random.Random(f"{o.seed}/{name}/{k}")
            text = os.path.join(o.work, "text.txt")
            tokenizer = os.path.join(o.work, f"{name}-{o.seed}-{k}.json")
            truth, size = write_mixture(rng, o.corpora, cats, draw(rng, len(cats)), o.bytes, text)
            trained = subprocess.run(["node", os.path.join(here, "hf_train.mjs"), tokenizer, text],
                                     check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
            trial = {"seed": f"{o.seed}/{name}/{k}", "bytes": size, "truth": truth,
                     "trainer": json.loads(trained.stdout),
                     "uniform": log_mse([1 / len(cats)] * len(cats), truth), "estimates": {}}
            for variant, options in variants:
                r, seconds = infer(o, tokenizer, cats, options)
                by_name = {c["name"]: c["share_bytes"] for c in r["categories"]}
                shares = [by_name[c] for c in cats]
                trial["estimates"][variant] = {
                    "share_bytes": shares, "log10_mse": log_mse(shares, truth),
                    "method": r["solver"]["method"], "weights": r["solver"]["weights"],
                    "gap": r["solver"]["gap"], "merges_used": r["fit"]["merges_used"],
                    "seconds": round(seconds, 3)}
            trials.append(trial)
            print(f"# {name} {k}: {size / 1e6:.1f} MB, equal shares {trial['uniform']:.2f}, " +
                  ", ".join(f"{v} {e['log10_mse']:.2f} ({e['seconds']:.1f} s)"
                            for v, e in trial["estimates"].items()), flush=True)
        mean = {v: sum(t["estimates"][v]["log10_mse"] for t in trials) / len(trials)
                for v, _ in variants}
        uniform = sum(t["uniform"] for t in trials) / len(trials)
        groups.append({"group": name, "categories": cats, "trials": trials,
                       "mean_log10_mse": mean, "mean_uniform": uniform})
        limit = float(limits.get(name, -0.0))
        fine = mean["default"] < min(limit, uniform - 0.5)
        failed |= not fine
        print(f"{'ok' if fine else 'not ok'} - recovery of {len(trials)} mixtures of "
              f"{len(cats)} ({name}): mean log10 MSE {mean['default']:.2f}, "
              f"equal shares {uniform:.2f}", flush=True)

    if o.json:
        with open(o.json, "w") as f:
            json.dump({"bytes": o.bytes, "seed": o.seed, "groups": groups}, f, indent=1)
    width = max(len(v) for v, _ in variants) + 2
    print("# " + "mean log10 MSE".ljust(24) + "equal".rjust(8) +
          "".join(v.rjust(max(width, 9)) for v, _ in variants))
    for g in groups:
        print("# " + g["group"].ljust(24) + f"{g['mean_uniform']:8.2f}" +
              "".join(f"{g['mean_log10_mse'][v]:{max(width, 9)}.2f}" for v, _ in variants))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
