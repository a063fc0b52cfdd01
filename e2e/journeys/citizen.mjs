// A villager on her phone: she finds what she needs, applies with photographs, stops half-way, comes back, submits, follows.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { apply, photo } from '../lib/applying.mjs';
import { person } from '../lib/browser.mjs';
import { shoot, soundAtAllWidths, soundPage } from '../lib/checks.mjs';
import { signIn } from '../lib/people.mjs';

const [WANG, ZHANG] = ['13900000001', '13900000002'];

test('she applies for something done on the spot, follows it and finds it again by number and code', async () => {
  await person({ width: 390, height: 844 }, async (page) => {
    await signIn(page, ZHANG);
    const path = await apply(page, '101', true);
    const [number, code] = await page.locator('.p-facts strong').allInnerTexts();
    await page.goto(path);
    await soundAtAllWidths(page, 'case');
    await page.goto('/me');
    await soundAtAllWidths(page, 'me');
    await page.goto('/track');
    await soundAtAllWidths(page, 'track');
    await page.fill('input[name="number"]', number);
    await page.fill('input[name="code"]', 'AAAAAA');
    await page.getByRole('button', { name: '查进度' }).click();
    await soundPage(page);
    assert.equal(await page.inputValue('input[name="number"]'), number, 'what was typed is still there');
    await page.fill('input[name="code"]', code);
    await page.getByRole('button', { name: '查进度' }).click();
    await page.getByText('办到哪一步了').waitFor();
  });
});

test('she stops half-way, signs in on another phone and goes on where she was', async () => {
  await person({ width: 390 }, async (page) => {
    await signIn(page, ZHANG);
    await page.goto('/apply/157');
    await page.getByRole('button', { name: /开始填写|重新填一份/ }).click();
    await page.fill('textarea[name="matter"]', '旧卡丢了，要换一张');
    const saved = page.waitForResponse((answer) => answer.request().headers()['x-autosave'] === '1');
    await saved;
  });
  await person({ width: 390 }, async (page) => {
    await signIn(page, ZHANG);
    await page.goto('/me');
    await page.getByRole('link', { name: '社会保障卡申请' }).first().click();
    assert.equal(await page.inputValue('textarea[name="matter"]'), '旧卡丢了，要换一张');
  });
});

test('every step works without JavaScript, and what is wrong is told beside its field', async () => {
  await person({ width: 390, javaScript: false }, async (page) => {
    await signIn(page, WANG);
    await page.goto('/apply/157');
    await page.getByRole('button', { name: /开始填写|重新填一份/ }).click();
    await page.fill('input[name="phone"]', '12');
    await page.getByRole('button', { name: '保存，继续下一步' }).click();
    await page.getByText('还有 1 处需要修改').waitFor();
    await shoot(page, 'apply-error');
    assert.equal(await page.inputValue('input[name="phone"]'), '12');
    await page.fill('input[name="phone"]', '13900000001');
    await page.getByRole('button', { name: '保存，继续下一步' }).click();
    const field = page.locator('input[type="file"]').first();
    await field.setInputFiles(photo('照片.png'));
    await page.getByRole('button', { name: '上传选好的文件' }).first().click();
    await page.getByText('照片.png').first().waitFor();
  });
});

test('the elder edition carries her through the same steps', async () => {
  await person({ width: 390 }, async (page, context) => {
    await context.addCookies([{ name: 'zw_mode', value: 'elder', url: process.env.JINBAN_URL }]);
    await signIn(page, WANG);
    await page.goto('/apply/179');
    await soundPage(page);
    await page.getByRole('button', { name: /开始填写|重新填一份/ }).click();
    await page.getByRole('heading', { name: '您的信息' }).waitFor();
    await soundPage(page);
    await shoot(page, 'apply-info-elder');
  });
});
