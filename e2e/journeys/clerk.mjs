// A clerk at the counter, by keyboard alone: a case finished on the spot, one accepted with a promised limit, one deferred
// and reported up; and the pages of the window at all widths.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { person } from '../lib/browser.mjs';
import { accessibilityFaults, keyboardWalk, overflow, soundAtAllWidths, soundPage } from '../lib/checks.mjs';
import { NUMBER, choose, go, id, ready, receive, rows, tick } from '../lib/counter.mjs';
import { signIn } from '../lib/people.mjs';

const DESK = { width: 1366, height: 768 };

test('a case is finished on the spot in one go', async () => {
  await person(DESK, async (page) => {
    await signIn(page, 'clerk', '/window');
    await receive(page);
    await choose(page, 'sydj', '生育登记');
    await tick(page, await rows(page));
    await ready(page);
    await go(page, 'Alt+Enter', /\/do\/at_once/);
    await page.locator('#document_no').focus();
    await page.keyboard.type('常生育〔2026〕1号');
    await go(page, 'Control+Enter', /\/window\/cases\//);
    assert.match(await page.locator('h1').innerText(), /已办结/);
    assert.match(await page.locator('#papers').innerText(), /查询码/);
  });
});

test('a case is accepted with a promised limit, and a form that is reloaded has lost nothing', async () => {
  await person(DESK, async (page) => {
    await signIn(page, 'clerk', '/window');
    await receive(page);
    await choose(page, 'shebaoka', '社会保障卡申请');
    assert.match(await page.locator('#why').innerText(), /缺“社会保障卡申领登记表”/);
    await page.locator('#memo').focus();
    await page.keyboard.type('下午来补照片');
    await tick(page, await rows(page));
    await page.reload();
    assert.equal(await page.locator('#memo').inputValue(), '下午来补照片');
    await ready(page);
    await go(page, 'Control+Enter', /\/window\/cases\//);
    assert.match(await page.locator('h1').innerText(), /办理中/);
  });
});

test('a case that goes up is deferred, reviewed and reported, and what blocks it leads to its field', async () => {
  await person(DESK, async (page) => {
    await signIn(page, 'clerk', '/window');
    await receive(page);
    await choose(page, 'cjr', '康复救助');
    const keys = await rows(page);
    await page.locator('#why a').first().focus();
    await page.keyboard.press('Enter');
    assert.equal(await id(page), `paper-${keys[0].slice(-1)}`);
    await tick(page, keys.slice(0, 1));
    await page.waitForFunction(() => !document.querySelector('#act-defer').hasAttribute('aria-disabled'));
    await page.locator('#act-defer').focus();
    await go(page, 'Enter', /\/do\/defer/);
    await page.keyboard.press('Control+Enter');
    await page.waitForSelector('[data-error-summary]');
    assert.match(await page.title(), /^错误：/);
    await page.locator('#sure-0').focus();
    await page.keyboard.press('Space');
    await go(page, 'Control+Enter', /\/window\/cases\//);
    assert.match(await page.locator('main').innerText(), /容缺：/);
    for (const word of ['pass', 'report_up']) {
      await page.locator(`#act-${word}`).focus();
      await go(page, 'Enter', new RegExp(`/do/${word}`));
      await go(page, 'Control+Enter', /\/window\/cases\/[^/]+$/);
    }
    assert.match(await page.locator('main').innerText(), /待审核/);
  });
});

test('without JavaScript a person is found, an item chosen and a case accepted', async () => {
  await person({ ...DESK, javaScript: false }, async (page) => {
    await signIn(page, 'clerk2', '/window');
    await page.getByRole('button', { name: /接待下一位/ }).click();
    await page.fill('#document', NUMBER);
    await page.getByRole('button', { name: '查找', exact: true }).first().click();
    if (await page.locator('#name').count()) {
      await page.fill('#name', '王小明');
      await page.fill('#phone', '13812345678');
      await page.getByRole('button', { name: '登记并办理' }).click();
    }
    await page.fill('#item', '社保卡');
    await page.locator('#which button[value=find_item]').click();
    await page.locator('.c-hits button', { hasText: '社会保障卡申请' }).first().click();
    for (const box of await page.locator('.c-tick input').all()) await box.check();
    await page.locator('#acts button[value=save]').click();
    assert.match(await page.locator('#why').innerText(), /可以受理/);
    await page.locator('#act-accept').click();
    assert.match(new URL(page.url()).pathname, /^\/window\/cases\//);
  });
});

test('the pages of the window are sound at all widths, and Tab reaches everything', async () => {
  await person(DESK, async (page) => {
    await signIn(page, 'clerk', '/window');
    await soundAtAllWidths(page, 'window');
    await receive(page);
    await soundAtAllWidths(page, 'window-person');
    await choose(page, 'dibao', '最低生活保障');
    await soundAtAllWidths(page, 'window-desk');
    await page.setViewportSize({ width: 1366, height: 768 });
    assert.equal(await page.evaluate(() => document.documentElement.scrollHeight), 768, 'the workstation fits its screen');
    await page.goto(page.url().split('#')[0]);
    const stops = await keyboardWalk(page);
    assert.ok(stops.length > 20 && stops.length < 120, `${stops.length} stops`);
    assert.match(stops[0], /跳到/);
    await page.evaluate(() => document.activeElement.blur());
    await page.keyboard.press('Shift+Slash');
    assert.ok(await page.locator('#zw-keys').isVisible());
    assert.match(await page.locator('#zw-keys').innerText(), /Ctrl\+Enter/);
    await page.keyboard.press('Escape');
    await go(page, 'Control+b', /\/do\/notice/);
    await soundAtAllWidths(page, 'window-notice');
    await go(page, 'Control+Enter', /\/window\/cases\//);
    await soundAtAllWidths(page, 'window-case');
    await page.goto('/window/handout');
    await soundAtAllWidths(page, 'window-handout');
    assert.equal(await overflow(page), 0);
    assert.deepEqual(await accessibilityFaults(page), []);
    await soundPage(page);
  });
});
