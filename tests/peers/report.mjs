// SPDX-License-Identifier: GPL-3.0-or-later
// Reports in a browser: what the eye would notice, measured.
//
//   node report.mjs FOLDER CHROMIUM FILE.html ...
//
// FOLDER holds node_modules with playwright-core, axe-core and html-validate. For every page, light
// and dark: text inside its drawing and over no other text, contrast of at least 4.5, bars as long
// as the shares in their titles; axe-core and html-validate find nothing; the page loads in under
// a second of processor time and is under a megabyte. Screenshots, also in grey, go beside the page. Prints "ok NAME" or "not ok NAME: why".
import fs from 'fs';
import path from 'path';
import { createRequire } from 'module';

const [, , folder, chrome, ...pages] = process.argv;
const require = createRequire(path.resolve(folder) + '/');
const { chromium } = require('playwright-core');
const { HtmlValidate } = require('html-validate');
const axe = fs.readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

const say = (good, name, why) => console.log(good ? `ok ${name}` : `not ok ${name}: ${why}`);

// Runs in the page.
function measure() {
  const found = { outside: [], over: [], faint: [], length: [], texts: 0, bars: 0, least: 99 };
  const numbers = (c) => c.match(/[\d.]+/g).map(Number);
  const light = (c) => {
    const [r, g, b] = c.slice(0, 3).map((v) => v / 255).map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const mix = (top, below, a) => top.slice(0, 3).map((v, i) => a * v + (1 - a) * below[i]);
  const ratio = (a, b) => (Math.max(light(a), light(b)) + 0.05) / (Math.min(light(a), light(b)) + 0.05);
  for (const svg of document.querySelectorAll('svg')) {
    const box = svg.viewBox.baseVal;
    const texts = [...svg.querySelectorAll('text')].map((t) => ({ t, b: t.getBBox() })).filter((x) => x.b.width);
    const marks = [...svg.querySelectorAll('rect')].map((r) => ({ r, b: r.getBBox(), s: getComputedStyle(r) }))
      .filter((m) => m.s.fill.startsWith('rgb'));
    found.texts += texts.length;
    for (const { t, b } of texts) {
      const name = `${svg.getAttribute('aria-labelledby')} '${t.textContent}'`;
      if (b.x < 0 || b.y < 0 || b.x + b.width > box.width || b.y + b.height > box.height) found.outside.push(name);
      let below = [255, 255, 255];
      const x = b.x + b.width / 2, y = b.y + b.height / 2;
      for (const m of marks)
        if (m.r.compareDocumentPosition(t) & 4 && x >= m.b.x && x <= m.b.x + m.b.width && y >= m.b.y && y <= m.b.y + m.b.height)
          below = mix(numbers(m.s.fill), below, Number(m.s.fillOpacity) * Number(m.s.opacity));
      const r = ratio(numbers(getComputedStyle(t).fill), below);
      found.least = Math.min(found.least, r);
      if (r < 4.5) found.faint.push(`${name} ${r.toFixed(2)}`);
    }
    texts.sort((a, b) => a.b.y - b.b.y);
    for (let i = 0; i < texts.length; i++)
      for (let k = i + 1; k < texts.length && texts[k].b.y < texts[i].b.y + texts[i].b.height - 1; k++) {
        const a = texts[i].b, b = texts[k].b;
        if (a.x < b.x + b.width - 0.5 && b.x < a.x + a.width - 0.5)
          found.over.push(`${svg.getAttribute('aria-labelledby')} '${texts[i].t.textContent}' and '${texts[k].t.textContent}'`);
      }
    if (svg.getAttribute('aria-labelledby').startsWith('mixture')) {
      const ticks = [...svg.querySelectorAll('line.ax')].map((l) => l.x1.baseVal.value);
      const axis = Math.max(...ticks) - Math.min(...ticks);
      for (const r of svg.querySelectorAll('rect')) {
        const m = r.textContent.match(/: ([\d.]+) %/);
        if (!m) continue;
        found.bars++;
        if (Math.abs((100 * r.width.baseVal.value) / axis - Number(m[1])) > 0.055) found.length.push(r.textContent);
      }
    }
  }
  return found;
}

const browser = await chromium.launch({ executablePath: chrome, args: ['--no-sandbox'] });
const rules = new HtmlValidate({ extends: ['html-validate:recommended'], rules: { 'long-title': 'off', 'no-inline-style': 'off', 'tel-non-breaking': 'off' } });
for (const file of pages) {
  const name = path.basename(file), text = fs.readFileSync(file, 'utf8');
  say(text.length < 1e6, `${name}: size`, `${text.length} bytes`);
  const report = await rules.validateString(text);
  const messages = report.results.flatMap((r) => r.messages).map((m) => `${m.ruleId} at ${m.line}: ${m.message}`);
  say(report.valid, `${name}: html-validate`, [...new Set(messages)].slice(0, 5).join('; '));
  for (const colorScheme of ['light', 'dark']) {
    const page = await browser.newPage({ colorScheme, viewport: { width: 1000, height: 800 } });
    const asked = [];
    page.on('request', (r) => { if (!r.url().startsWith('file:')) asked.push(r.url()); });
    // the page's processor time, because the machine may be busy with other work; the least of three
    const meter = await page.context().newCDPSession(page);
    await meter.send('Performance.enable', { timeDomain: 'threadTicks' });
    const spent = async () => 1000 * (await meter.send('Performance.getMetrics')).metrics.find((m) => m.name === 'TaskDuration').value;
    let load = Infinity;
    for (let k = 0; k < 3; k++) {
      await page.goto('file://' + path.resolve(file));
      await page.evaluate(() => document.documentElement.getBoundingClientRect().height);
      load = Math.min(load, await spent()); // counted anew for every page that is opened
    }
    const f = await page.evaluate(measure);
    const label = `${name}, ${colorScheme}`;
    say(asked.length === 0, `${label}: asks nothing of the network`, asked.join(' '));
    say(load > 0 && load < 1000, `${label}: loads in under a second (${load.toFixed(0)} ms)`, `${load} ms`);
    say(f.texts > 0 && !f.outside.length, `${label}: text inside (${f.texts})`, f.outside.slice(0, 5).join('; '));
    say(!f.over.length, `${label}: text over no other`, f.over.slice(0, 5).join('; '));
    say(!f.faint.length, `${label}: contrast (least ${f.least.toFixed(1)})`, f.faint.slice(0, 5).join('; '));
    say(!f.length.length && f.bars > 0, `${label}: lengths of bars (${f.bars})`, f.length.slice(0, 5).join('; '));
    await page.addScriptTag({ content: axe });
    const a = await page.evaluate(() => globalThis.axe.run());
    say(!a.violations.length, `${label}: axe-core`, a.violations.map((v) => `${v.id} (${v.nodes.length}): ${v.nodes[0].html}`).join('; '));
    for (const grey of colorScheme === 'light' ? [false, true] : [false]) {
      if (grey) await page.addStyleTag({ content: 'html{filter:grayscale(1)}' });
      await page.screenshot({ path: file.replace(/html$/, (grey ? 'grey' : colorScheme) + '.png'), fullPage: true });
    }
    await page.close();
  }
}
await browser.close();
