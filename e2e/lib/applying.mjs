// How a citizen applies: from the guide to the numbers, with a photograph for everything that must be there.
import assert from 'node:assert/strict';
import { soundAtAllWidths } from './checks.mjs';

const PHOTO = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);
/** A small picture under this name. */
export const photo = (name) => ({ name, mimeType: 'image/png', buffer: PHOTO });

/** From the guide to the numbers, each page looked at when `looked`; answers the path of the case. */
export async function apply(page, item, looked) {
  await page.goto(`/items/${item}`);
  await page.getByRole('link', { name: '在线申请' }).click();
  if (looked) await soundAtAllWidths(page, 'apply-start');
  await page.getByRole('button', { name: /开始填写|重新填一份/ }).click();
  await page.getByRole('heading', { name: '您的信息' }).waitFor();
  if (looked) await soundAtAllWidths(page, 'apply-info');
  await page.getByRole('button', { name: '保存，继续下一步' }).click();
  await page.getByRole('heading', { name: '上传材料' }).waitFor();
  const cards = page.locator('section.zw-card').filter({ has: page.locator('input[type="file"]') });
  for (let n = 0; n < (await cards.count()); n += 1) {
    const card = cards.nth(n);
    if (!(await card.getByText('必须有', { exact: true }).count())) continue;
    const answered = page.waitForResponse((answer) => answer.url().includes('/materials/') && answer.request().method() === 'POST');
    await card.locator('input[type="file"]').first().setInputFiles(photo(`第${n + 1}份.png`));
    assert.equal((await answered).status(), 200);
    await card.getByText(`第${n + 1}份.png`).first().waitFor();
  }
  if (looked) await soundAtAllWidths(page, 'apply-materials');
  await page.getByRole('button', { name: '继续下一步' }).click();
  await page.getByRole('heading', { name: '在哪办、怎么拿结果' }).waitFor();
  await page.getByRole('link', { name: '天宁区' }).click();
  await page.getByText('青龙街道', { exact: true }).click();
  await page.getByText('到窗口领取').click();
  if (looked) await soundAtAllWidths(page, 'apply-place');
  await page.getByRole('button', { name: '保存，继续下一步' }).click();
  await page.getByRole('heading', { name: '提交前请核对一遍' }).waitFor();
  if (looked) await soundAtAllWidths(page, 'apply-check');
  await page.getByText('我保证以上内容真实').click();
  await page.getByRole('button', { name: '确认并提交' }).click();
  await page.getByRole('heading', { name: '已经提交' }).waitFor();
  if (looked) await soundAtAllWidths(page, 'apply-done');
  return page.getByRole('link', { name: '看这个办件' }).getAttribute('href');
}
