// Several matters of one person at the counter, by keyboard alone: added, one taken out again, accepted in one go, the receipt.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { person } from '../lib/browser.mjs';
import { shoot, soundAtAllWidths } from '../lib/checks.mjs';
import { choose, go, ready, receive, rows, tick } from '../lib/counter.mjs';
import { signIn } from '../lib/people.mjs';

const DESK = { width: 1366, height: 768 };
const items = (page) => page.locator('.c-items li strong').allInnerTexts();

test('three items are taken in with one press and the receipt names each with its number', async () => {
  await person(DESK, async (page) => {
    await signIn(page, 'clerk', '/window');
    await receive(page);
    await choose(page, 'sbk', '社会保障卡申请');
    await choose(page, 'sydj', '失业登记', /#item/);
    await choose(page, 'gjj', '住房公积金个人账户查询', /#item/);
    await choose(page, 'cjr', '康复救助', /#item/);
    assert.equal((await items(page)).length, 4);
    await page.locator('button[value="leave:167"]').focus();
    await page.keyboard.press('Enter');
    await page.locator('.c-items strong', { hasText: '康复救助' }).waitFor({ state: 'detached' });
    assert.deepEqual(await items(page), ['社会保障卡申请', '失业登记', '住房公积金个人账户查询']);
    assert.match(await page.locator('#why').innerText(), /“社会保障卡申请”\s+缺/);
    assert.match(await page.locator('#form').textContent(), /办“社会保障卡申请”要填/);
    await soundAtAllWidths(page, 'window-several');
    await page.setViewportSize(DESK);
    assert.equal(await page.evaluate(() => document.documentElement.scrollHeight), 768, 'the workstation fits its screen');
    await tick(page, await rows(page));
    await ready(page);
    assert.equal(await page.locator('.c-items', { hasText: '还差' }).count(), 0, 'each item says at once that it is ready');
    await go(page, 'Control+Enter', /\/done$/);
    assert.match(await page.locator('h1').innerText(), /收件回执\s*3 件/);
    const numbers = await page.locator('#cases td.zw-num').allInnerTexts();
    assert.equal(new Set(numbers).size, 3);
    await soundAtAllWidths(page, 'window-receipt');
    await page.waitForFunction(() => !/正在制作/.test(document.querySelector('#cases').innerText), null, { timeout: 30_000 });
    await page.emulateMedia({ media: 'print' });
    await page.setViewportSize({ width: 794, height: 1123 });
    await shoot(page, 'window-receipt-print');
    assert.ok(!(await page.getByRole('button', { name: '打印回执' }).isVisible()), 'the paper has no buttons');
    await page.emulateMedia({ media: 'screen' });
    await page.setViewportSize(DESK);
    await page.locator('#cases a').first().focus();
    await go(page, 'Enter', /\/window\/cases\//);
    assert.match(await page.locator('main').innerText(), /同一次申请还有：/);
    await page.goBack();
    await go(page, 'F2', /\/window\/tabs\//);
  });
});

test('without JavaScript an item is added, taken out, and what cannot go along says why', async () => {
  await person({ ...DESK, javaScript: false }, async (page) => {
    await signIn(page, 'clerk2', '/window');
    await page.getByRole('button', { name: /接待下一位/ }).click();
    for (const [typed, name] of [['社保卡', '社会保障卡申请'], ['失业登记', '失业登记']]) {
      await page.fill('#item', typed);
      await page.locator('#which button[value=find_item]').click();
      await page.locator('.c-hits button', { hasText: name }).first().click();
    }
    assert.equal((await items(page)).length, 2);
    await page.fill('#item', '单位参保');
    await page.locator('#which button[value=find_item]').click();
    await page.locator('.c-hits button', { hasText: '参保' }).first().click();
    assert.match(await page.locator('main').innerText(), /由单位申请，请分开申请/);
    await page.locator('button[value="leave:157"]').click();
    assert.deepEqual(await items(page), ['失业登记']);
    await page.getByRole('button', { name: '不办了，关掉这一件' }).click();
  });
});
