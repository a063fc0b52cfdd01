// What every page has to stand: axe, its window, the keyboard, and somebody looking at it.
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { WIDTHS } from './browser.mjs';

const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const rules = {
  runOnly: { type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] },
};
const out = process.env.JINBAN_SHOTS ?? fileURLToPath(new URL('../out', import.meta.url));

/**
 * What axe finds, one line a fault with the elements it concerns. The window is made as high as the page first: a tab
 * bar that sticks to its lower edge covers whatever happens to lie there, and people scroll.
 */
export async function accessibilityFaults(page) {
  const { width, height } = page.viewportSize();
  const whole = await page.evaluate(() => document.documentElement.scrollHeight);
  await page.setViewportSize({ width, height: Math.max(height, Math.min(whole, 20_000)) });
  // The page's policy rightly refuses foreign scripts, so axe is evaluated by the browser's own tools.
  await page.evaluate(axe);
  const { violations } = await page.evaluate((options) => globalThis.axe.run(document, options), rules);
  await page.setViewportSize({ width, height });
  return violations.map(({ id, help, nodes }) => `${id}: ${help}: ${nodes.map((node) => node.target).join(' ; ')}`);
}

/** How many pixels the page is wider than its window: 0 when nobody has to scroll sideways. */
export function overflow(page) {
  return page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
}

/** Whether the placeholder of a search box or field is cut off at this width. */
export function cutPlaceholders(page) {
  return page.evaluate(() => [...document.querySelectorAll('input[placeholder]')].filter((input) => {
    const style = getComputedStyle(input), pen = document.createElement('canvas').getContext('2d');
    pen.font = style.font;
    const room = input.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
    return input.offsetParent && pen.measureText(input.placeholder).width > room;
  }).map((input) => input.placeholder));
}

/** One heading, nothing wider than the window, no cut placeholder, no fault of accessibility. */
export async function soundPage(page) {
  assert.equal(await page.locator('h1').count(), 1, 'a page has one h1');
  assert.equal(await overflow(page), 0, 'one has to scroll sideways');
  assert.deepEqual(await cutPlaceholders(page), [], 'a placeholder is cut off');
  assert.deepEqual(await accessibilityFaults(page), []);
}

/** Keeps a picture of the whole page in e2e/out (or JINBAN_SHOTS) as NAME-WIDTH.png. */
export async function shoot(page, name) {
  await mkdir(out, { recursive: true });
  await page.screenshot({ path: join(out, `${name}-${page.viewportSize().width}.png`), fullPage: true });
}

/** The same page at all widths: sound at each, with a picture of each. */
export async function soundAtAllWidths(page, name) {
  const { width, height } = page.viewportSize();
  for (const each of WIDTHS) {
    await page.setViewportSize({ width: each, height });
    await soundPage(page);
    await shoot(page, name);
  }
  await page.setViewportSize({ width, height });
}

/**
 * Walks the page by Tab alone, from the top to the end (at most `most` stops). Fails when the focus cannot be seen or
 * is caught. Answers the accessible words of each stop, in order.
 */
export async function keyboardWalk(page, most = 250) {
  await page.evaluate(() => { document.activeElement?.blur(); globalThis.scrollTo(0, 0); });
  const stops = [];
  for (let step = 0; step < most; step += 1) {
    await page.keyboard.press('Tab');
    const stop = await page.evaluate(() => {
      const at = document.activeElement;
      if (!at || at === document.body) return null;
      at.dataset.walked = String(Number(at.dataset.walked ?? 0) + 1);
      const style = getComputedStyle(at);
      return {
        words: (at.getAttribute('aria-label') ?? at.innerText ?? at.value ?? at.name ?? '').trim() || at.id || at.tagName,
        seen: style.outlineStyle !== 'none' || style.boxShadow !== 'none' || at.tagName === 'MAIN',
        times: Number(at.dataset.walked),
      };
    });
    if (!stop) return stops;
    if (stop.times > 1) return stops; // round the page and back at a stop that was there already
    assert.ok(stop.seen, `the focus cannot be seen at “${stop.words}”`);
    stops.push(stop.words);
  }
  return stops;
}
