// One browser for a journey file: pages at a given width, an accessibility check, tidy closing.
import { createRequire } from 'node:module';
import { readFile } from 'node:fs/promises';
import { after, before } from 'node:test';
import { chromium } from 'playwright-core';

export const address = process.env.JINBAN_URL;
const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const rules = { runOnly: { type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'] } };

let browser;
before(async () => {
  const sandbox = process.getuid() === 0 ? ['--no-sandbox'] : [];
  browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: sandbox });
});
after(async () => { await browser?.close(); });

/** Opens `path` in a fresh profile, calls `work(page)`, and fails on a script error or a broken security policy. */
export async function visit(path, { width = 1366, javaScript = true } = {}, work) {
  const context = await browser.newContext({
    viewport: { width, height: 900 },
    locale: 'zh-CN',
    timezoneId: 'Asia/Shanghai',
    javaScriptEnabled: javaScript,
    bypassCSP: false,
  });
  const faults = [];
  try {
    const page = await context.newPage();
    page.on('pageerror', (error) => faults.push(String(error)));
    page.on('console', (said) => { if (/Content.Security.Policy/i.test(said.text())) faults.push(said.text()); });
    const response = await page.goto(address + path);
    const answer = await work(page, response);
    if (faults.length > 0) throw new Error(`${path}: ${faults.join('\n')}`);
    return answer;
  } finally {
    await context.close();
  }
}

/** What axe finds against WCAG 2.1 AA, one line a fault with the elements it concerns. */
export async function accessibilityFaults(page) {
  // The page's policy rightly refuses foreign scripts, so axe is evaluated by the browser's own tools.
  await page.evaluate(axe);
  const { violations } = await page.evaluate((options) => globalThis.axe.run(document, options), rules);
  return violations.map(({ id, help, nodes }) => `${id}: ${help}: ${nodes.map((node) => node.target).join(' ; ')}`);
}

/** How many pixels the page is wider than its window: 0 when nobody has to scroll sideways. */
export function overflow(page) {
  return page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
}
