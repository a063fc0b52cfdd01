// The public pages as anybody finds them: they fit every width, read well, print, and break no rule of accessibility.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { person, visit } from '../lib/browser.mjs';
import { cutPlaceholders, keyboardWalk, overflow, shoot, soundAtAllWidths, soundPage } from '../lib/checks.mjs';

const query = (words) => `/items?q=${encodeURIComponent(words)}`;
const PAGES = [
  ['home', '/'],
  ['items', '/items'],
  ['theme', `/items?theme=${encodeURIComponent('户籍办理')}`],
  ['found', query('居住证快到期了')],
  ['slip', query('shebaika')],
  ['elsewhere', query('驾驶证换证')],
  ['nothing', query('zzzzqqqq')],
  ['item', '/items/088'],
  ['item-bare', '/items/001'],
  ['item-partial', '/items/182'],
  ['halls', '/halls'],
  ['halls-found', `/halls?q=${encodeURIComponent('朝阳')}`],
  ['halls-none', `/halls?q=${encodeURIComponent('天上')}`],
  ['api-docs', '/api/docs'],
  ['missing', '/nowhere'],
];

for (const [name, path] of PAGES) {
  test(`${path} is sound at every width`, async () => {
    await visit(path, {}, async (page, response) => {
      assert.equal(response.status(), name === 'missing' ? 404 : 200);
      await soundAtAllWidths(page, name);
    });
  });
}

for (const [name, path] of [['home', '/'], ['found', query('低保')], ['item', '/items/088'], ['halls', '/halls']]) {
  test(`${path} is sound in the elder edition, at the largest letters and in print`, async () => {
    await person({ width: 390 }, async (page, context) => {
      const cookie = (key, value) => ({ name: key, value, url: process.env.JINBAN_URL });
      await context.addCookies([cookie('zw_mode', 'elder')]);
      await page.goto(path);
      assert.equal(await page.locator('html').getAttribute('data-mode'), 'elder');
      await soundPage(page);
      await shoot(page, `${name}-elder`);
      await page.evaluate(() => document.documentElement.setAttribute('data-size', 'xl'));
      assert.equal(await overflow(page), 0, 'letters of 30 px make one scroll sideways');
      await page.setViewportSize({ width: 1366, height: 900 });
      await page.emulateMedia({ media: 'print' });
      assert.equal(await page.locator('.zw-nav').isVisible(), false);
      await shoot(page, `${name}-print`);
    });
  });
}

test('the notice of an item is one A4 page', async () => {
  for (const no of ['088', '091', '166', '001']) {
    await visit(`/items/${no}/notice`, {}, async (page) => {
      await soundPage(page);
      await shoot(page, `notice-${no}`);
      const pdf = (await page.pdf({ format: 'A4', preferCSSPageSize: true })).toString('latin1');
      assert.equal(pdf.match(/\/Type\s*\/Page\b/g).length, 1, `${no} needs more than one page`);
    });
  }
});

test('at 390 px the search box shows its whole hint', async () => {
  await visit('/', { width: 390 }, async (page) => assert.deepEqual(await cutPlaceholders(page), []));
});

test('without JavaScript a thing is found in everyday words and its guide opens', async () => {
  await visit('/', { width: 390, javaScript: false }, async (page) => {
    await page.fill('#q', '租房提公积金');
    await page.press('#q', 'Enter');
    await page.locator('.p-list a').first().click();
    assert.match(new URL(page.url()).pathname, /^\/items\/127$/);
    assert.match(await page.locator('h1').innerText(), /租房提取/);
    assert.match(await page.locator('main').innerText(), /带什么/);
  });
});

test('without JavaScript the elder edition is chosen on the page and kept', async () => {
  await visit('/items/088', { width: 390, javaScript: false }, async (page) => {
    await page.locator('.h-elder button').click();
    assert.match(page.url(), /\/items\/088$/);
    assert.equal(await page.locator('html').getAttribute('data-mode'), 'elder');
    await page.goto('/halls');
    assert.equal(await page.locator('html').getAttribute('data-mode'), 'elder');
  });
});

test('by the keyboard alone one gets from the home page to an application', async () => {
  await visit('/', {}, async (page) => {
    const stops = await keyboardWalk(page);
    assert.equal(stops[0], '跳到主要内容', 'the first stop skips the menus');
    assert.ok(stops.some((words) => words.startsWith('户籍身份')), stops.join(' | '));
    await page.keyboard.press('/');
    await page.keyboard.type('juzhuzheng');
    await page.keyboard.press('Enter');
    await page.waitForURL(/q=juzhuzheng/);
    await page.locator('.p-list a').first().focus();
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/items\/\d{3}$/);
    const walked = await keyboardWalk(page);
    assert.ok(walked.includes('在线申请'), walked.join(' | '));
  });
});

test('no link of a public page leads nowhere', async () => {
  await person({}, async (page) => {
    const seen = new Set();
    for (const [, path] of PAGES) {
      await page.goto(path);
      const links = await page.locator('a[href^="/"]').evaluateAll((all) => all.map((a) => a.getAttribute('href')));
      for (const link of new Set(links)) {
        const place = link.split('#')[0].replace(/\/\d{3}(?=\/|$)/, '/088');
        if (seen.has(place) || (place.startsWith('/items?') && seen.size > 60)) continue;
        seen.add(place);
        const answer = await page.request.get(place);
        assert.ok(answer.status() < 400, `${path} links to ${link}: ${answer.status()}`);
      }
    }
  });
});
