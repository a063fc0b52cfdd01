// One browser for a journey file: fresh profiles, pages at a given width, tidy closing, and no silent faults.
import { after, before } from 'node:test';
import { chromium } from 'playwright-core';

export const address = process.env.JINBAN_URL;
/** The widths every page is looked at: a phone, a window clerk's screen, a wide desk. */
export const WIDTHS = [390, 1366, 1920];

let browser;
before(async () => {
  const sandbox = process.getuid() === 0 ? ['--no-sandbox'] : [];
  browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: sandbox });
});
after(async () => { await browser?.close(); });

/**
 * A profile of its own: cookies and storage of nobody else. `work(page, context)` gets its first page. Fails on a
 * script error or a broken security policy, whatever the work says. `touch` makes it a phone with a finger.
 */
export async function person({ width = 1366, height = 900, javaScript = true, touch = false } = {}, work) {
  const context = await browser.newContext({
    viewport: { width, height },
    locale: 'zh-CN',
    timezoneId: 'Asia/Shanghai',
    javaScriptEnabled: javaScript,
    hasTouch: touch,
    isMobile: touch,
    bypassCSP: false,
    baseURL: address,
  });
  const faults = [];
  context.on('page', (page) => {
    page.on('pageerror', (error) => faults.push(`${page.url()}: ${error}`));
    page.on('console', (said) => {
      if (/Content.Security.Policy/i.test(said.text())) faults.push(`${page.url()}: ${said.text()}`);
    });
  });
  try {
    const answer = await work(await context.newPage(), context);
    if (faults.length > 0) throw new Error(faults.join('\n'));
    return answer;
  } finally {
    await context.close();
  }
}

/** Opens `path` in a fresh profile and calls `work(page, response)`. */
export function visit(path, how = {}, work) {
  return person(how, async (page) => work(page, await page.goto(path)));
}
