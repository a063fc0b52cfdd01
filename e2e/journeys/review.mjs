// The work behind the window by keyboard alone: a narrowed list, the next case of the same list, who else is there, and
// several simple cases decided together.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { soundAtAllWidths } from '../lib/checks.mjs';
import { accepted, as } from '../lib/handing.mjs';

/** Presses a key that leads to another page; waits until its scripts have run. */
async function go(page, key, url) {
  await Promise.all([page.waitForURL(url), page.keyboard.press(key)]);
  await page.waitForFunction(() => document.documentElement.dataset.ready === '1');
}

/** The row of the list that has the focus, counted from 0. */
const row = (page) => page.evaluate(() => [...document.querySelectorAll('[data-rows] [data-href]')].indexOf(document.activeElement));

/** Takes the case that is open and finds for it; answers when the page has gone on to the next. */
async function pass(page, opinion) {
  if (await page.locator('#deed-claim').count()) {
    const before = await page.locator('#deed-pass input[name=version]').inputValue();
    await page.keyboard.press('Control+Enter');
    await page.waitForFunction((was) => document.querySelector('#deed-pass input[name=version]')?.value !== was && !document.querySelector('#deed-claim'), before);
  }
  await page.locator('#pass-opinion').focus();
  await page.keyboard.type(opinion);
  const here = new URL(page.url()).pathname;
  await Promise.all([page.waitForURL((url) => url.pathname !== here), page.keyboard.press('Alt+Enter')]);
}

test('a reviewer goes through a narrowed list by keyboard, an approver grants simple cases together', async () => {
  const ids = [await accepted('157'), await accepted('157')];
  await as('reviewer', '/review', async (page) => {
    await page.locator('#kind').selectOption({ label: '待审核' });
    await Promise.all([page.waitForURL(/kind=review/), page.getByRole('button', { name: '筛选' }).click()]);
    await page.keyboard.press('j');
    assert.equal(await row(page), 0);
    await page.keyboard.press('j');
    assert.equal(await row(page), 1);
    await page.keyboard.press('k');
    assert.equal(await row(page), 0);
    await go(page, 'Enter', /\/review\/[^?]+\?list=kind%3Dreview/);
    await as('supervisor', new URL(page.url()).pathname, async (other) => {
      assert.match(await other.locator('#present').innerText(), /王磊.*也打开了这个办件/);
      await other.locator('#present[hx-trigger="every 30s"]').waitFor({ state: 'attached' }); // its first heartbeat was answered
      await page.evaluate(() => globalThis.htmx.ajax('GET', document.querySelector('#present').getAttribute('hx-get'), { target: '#present', swap: 'outerHTML' }));
      await page.locator('#present', { hasText: /卫平.*也打开了这个办件/ }).waitFor();
    });
    const waiting = async () => new URL(page.url()).pathname !== '/review';
    for (let n = 0; n < 20 && (await waiting()); n += 1) await pass(page, '材料齐全，符合条件');
    assert.equal(new URL(page.url()).search, '?kind=review', 'after the last one the same list');
  });
  await as('approver', `/review/${ids[0]}`, async (page) => {
    await page.locator('#deed-grant').waitFor();
    await page.goto('/review');
    // Other journeys leave cases in the same list, some of which are not simple.
    const rows = await page.locator('tr[data-href]').evaluateAll((all) => all.map((one) => one.dataset.href));
    for (const href of rows) {
      await page.keyboard.press('j');
      if (ids.some((id) => href.includes(id))) await page.keyboard.press('x');
    }
    assert.equal(await page.locator('.r-pick:checked').count(), 2);
    await go(page, 'Control+Enter', /\/review\/batch/);
    await soundAtAllWidths(page, 'review-batch');
    await page.locator('#opinion').focus();
    await page.keyboard.type('材料齐全，同意');
    await Promise.all([page.waitForResponse((answer) => answer.request().method() === 'POST'), page.keyboard.press('Control+Enter')]);
    await page.getByText('已准予 2 件').waitFor();
  });
});

test('a paper is declared void where the case is decided, and its proof says so', async () => {
  const id = await accepted('157');
  await as('supervisor', `/review/${id}`, async (page) => {
    const paper = page.locator('.zw-tasks li', { hasText: '受理通知书' }).locator('a[href$="/void"]');
    for (let n = 0; n < 20 && !(await paper.count()); n += 1) {
      await page.waitForTimeout(500);
      await page.reload();
    }
    await paper.click();
    await soundAtAllWidths(page, 'paper-void');
    await page.getByRole('button', { name: '确认作废' }).click();
    await page.locator('[data-error-summary]').waitFor();
    await page.locator('#reason').fill('申请人姓名印错，另发新的文书');
    await Promise.all([page.waitForURL(/\/review\//), page.getByRole('button', { name: '确认作废' }).click()]);
    assert.match(await page.locator('main').innerText(), /已作废\s*申请人姓名印错/);
    await soundAtAllWidths(page, 'review-voided');
  });
});
