// SPDX-License-Identifier: GPL-3.0-or-later
// check.mjs - small comparisons for run.sh; prints what differs and fails.
//
//   check.mjs merges A.json B.json [N]   the same merge list (first N merges)
//   check.mjs zero RESULT.json N         no slack left, N merges constrained
//   check.mjs runs RESULT.json LIMIT     slack below LIMIT of the counts, none missing,
//                                        and only for pairs of equal halves
//   check.mjs lines A B                  the same lines
//   check.mjs ids A B                    the same ids, line by line
//   check.mjs close RESULT.json HIGHS.json TOLERANCE   the same objective
import fs from 'node:fs';
import process from 'node:process';

const [what, a, b, c] = process.argv.slice(2);
const read = (file) => JSON.parse(fs.readFileSync(file, 'utf8'));
const fail = (text) => {
  console.log(text);
  process.exit(1);
};

if (what === 'merges') {
  const list = (file) => {
    const all = read(file).model.merges.map((m) => (Array.isArray(m) ? m.join(' ') : m));
    return c ? all.slice(0, Number(c)) : all;
  };
  const [x, y] = [list(a), list(b)];
  const n = Math.max(x.length, y.length);
  for (let i = 0; i < n; i++) if (x[i] !== y[i]) fail(`merge ${i} is '${x[i]}' and '${y[i]}'`);
  console.log(`${n} merges`);
} else if (what === 'zero') {
  const r = read(a);
  const { merges_used: used, merges_missing: missing, slack_merges: v, slack_pairs: u } = r.fit;
  if (used !== Number(b) || missing) fail(`${used} merges constrained, ${missing} missing, of ${b}`);
  if (r.solver.objective > 1e-13 || v > 1e-13 || u > 1e-13)
    fail(`objective ${r.solver.objective}, slack ${v} + ${u}; worst ${JSON.stringify(r.fit.worst[0])}`);
  console.log(`objective ${r.solver.objective}`);
} else if (what === 'runs') {
  const { merges_missing: missing, merges_used: used, slack_relative: slack, worst } = read(a).fit;
  if (missing || !used || !(slack <= Number(b))) fail(`${used} merges, ${missing} missing, slack ${slack}`);
  // of equal counts, equal but for the last digit, the solver may leave slack within its gap
  const other = worst.find(
    ({ merge, rival, count, rival_count: more }) =>
      merge[0] !== merge[1] && rival[0] !== rival[1] && more > count * (1 + 1e-12));
  if (other) fail(`not about equal halves: ${JSON.stringify(other)}`);
  console.log(`${used} merges, slack ${slack.toExponential(1)} of the counts, all about equal halves`);
} else if (what === 'lines') {
  const lines = (file) => fs.readFileSync(file, 'utf8').split('\n');
  const [x, y] = [lines(a), lines(b)];
  for (let i = 0; i < x.length || i < y.length; i++)
    if (x[i] !== y[i]) fail(`line ${i + 1}: '${x[i]?.slice(0, 200)}' and '${y[i]?.slice(0, 200)}'`);
  if (x.length < 2) fail('nothing in it');
  console.log(`${x.length - 1} lines`);
} else if (what === 'ids') {
  const lines = (file) => fs.readFileSync(file, 'latin1').split('\n');
  const [x, y] = [lines(a), lines(b)];
  let ids = 0;
  if (x.length !== y.length) fail(`${x.length - 1} and ${y.length - 1} lines of ids`);
  for (let i = 0; i < x.length; i++) {
    if (x[i] !== y[i]) {
      const [p, q] = [x[i].split(' '), y[i].split(' ')];
      let k = 0;
      while (p[k] === q[k]) k++;
      fail(`document ${i}, token ${k}: ${p.slice(k, k + 6)} and ${q.slice(k, k + 6)}`);
    }
    ids += x[i] ? x[i].split(' ').length : 0;
  }
  if (!ids) fail('no ids at all');
  console.log(`${ids} ids`);
} else if (what === 'close') {
  const [x, y] = [read(a).solver.objective, read(b).objective];
  const off = Math.abs(x - y) / Math.abs(y);
  if (!(off <= Number(c))) fail(`objective ${x}, HiGHS ${y}, relative difference ${off}`);
  console.log(`objective ${x}, relative difference ${off.toExponential(1)}`);
} else throw new Error(`check what? ${what}`);
