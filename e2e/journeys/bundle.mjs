// Three matters in one go, a paper of several pages, a phone's camera, and the whole way by keyboard alone.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { photo } from '../lib/applying.mjs';
import { person } from '../lib/browser.mjs';
import { soundAtAllWidths, soundPage } from '../lib/checks.mjs';
import { signIn } from '../lib/people.mjs';

const [WANG, ZHANG] = ['13900000001', '13900000002'];

/** Walks by Tab until the focus is on something with these words; fails when there is no such stop. */
async function tabTo(page, words, most = 80) {
  for (let step = 0; step < most; step += 1) {
    await page.keyboard.press('Tab');
    const at = await page.evaluate(() => {
      const here = document.activeElement;
      return here.labels?.length ? [...here.labels].map((label) => label.innerText).join(' ') : here.innerText ?? '';
    });
    if (at.replace(/\s+/g, '').includes(words.replace(/\s+/g, ''))) return;
  }
  assert.fail(`no stop says “${words}”`);
}

test('three matters are applied for at once and each gets its number', async () => {
  await person({ width: 390, height: 844 }, async (page) => {
    await signIn(page, ZHANG);
    await page.goto('/apply/088');
    await page.getByRole('button', { name: /开始填写|重新填一份/ }).click();
    await page.getByRole('link', { name: '加进来一起办' }).click();
    for (const [words, name] of [['sbk', '社会保障卡申请'], ['失业登记', '失业登记']]) {
      await page.getByLabel('搜索要一起办的事').fill(words);
      await page.keyboard.press('Enter');
      await page.getByRole('button', { name: new RegExp(`加进来\\s*${name}`) }).first().click();
      await page.getByRole('button', { name: new RegExp(`这件不办了\\s*${name}`) }).waitFor();
    }
    await soundAtAllWidths(page, 'bundle');
    await page.getByLabel('搜索要一起办的事').fill('单位参保');
    await page.keyboard.press('Enter');
    await page.getByText('由单位申请，请换单位账号另外申请').first().waitFor();
    await soundAtAllWidths(page, 'bundle-found');
    await page.getByRole('link', { name: '好了，继续填写' }).click();
    await page.getByRole('button', { name: '保存，继续下一步' }).click();
    await page.getByText('还有 1 处需要修改').waitFor();
    await soundAtAllWidths(page, 'own-questions');
    await page.getByText('在这里有合法稳定住所').click();
    await page.getByRole('button', { name: '保存，继续下一步' }).click();
    await page.getByRole('heading', { name: '上传材料' }).waitFor();
    const card = page.locator('section.zw-card').filter({ has: page.getByRole('heading', { name: '本人相片' }) });
    const big = { name: '第1页.png', mimeType: 'image/png', buffer: Buffer.concat([photo('').buffer, Buffer.alloc(3_000_000)]) };
    await card.locator('input[type="file"]').first().setInputFiles([big, photo('第2页.png'), { ...photo('第3页.png'), buffer: Buffer.from('MZ no picture') }]);
    await card.getByText('只收照片').waitFor();
    await page.reload();
    const kept = await card.locator('.zw-files strong').allInnerTexts();
    assert.deepEqual(kept, ['第1页.png', '第2页.png'], 'pages keep the order in which they were chosen');
    await page.getByRole('button', { name: '继续下一步' }).click();
    await page.getByRole('link', { name: '天宁区' }).click();
    await page.getByText('青龙街道', { exact: true }).click();
    await page.getByText('到窗口领取').click();
    await page.getByRole('button', { name: '保存，继续下一步' }).click();
    await page.getByRole('heading', { name: '提交前请核对一遍' }).waitFor();
    await soundAtAllWidths(page, 'bundle-check');
    await page.locator('label[for="true"]').click();
    await page.getByRole('button', { name: '确认并提交' }).click();
    await page.getByRole('heading', { name: '已经提交' }).waitFor();
    assert.equal(await page.getByText('查询码', { exact: true }).count(), 3);
    await soundAtAllWidths(page, 'bundle-done');
    await page.goBack();
    await page.getByRole('heading', { name: '已经提交' }).waitFor();
  });
});

test('a phone offers its camera beside its files, a desk does not', async () => {
  for (const [touch, seen] of [[true, 1], [false, 0]]) {
    await person({ width: 390, touch }, async (page) => {
      await signIn(page, WANG);
      await page.goto('/apply/157');
      await page.getByRole('button', { name: /开始填写|重新填一份/ }).click();
      await page.getByRole('button', { name: '保存，继续下一步' }).click();
      await page.getByRole('heading', { name: '上传材料' }).waitFor();
      const camera = page.locator('label:visible', { hasText: '现在拍一张' });
      assert.equal(await camera.count(), seen);
      if (!touch) return;
      assert.equal(await page.locator('.zw-cam input').first().getAttribute('capture'), 'environment');
      await page.locator('.zw-cam input').first().setInputFiles(photo('拍的.png'));
      await page.getByText('已上传').first().waitFor();
      await soundPage(page);
    });
  }
});

test('by keyboard alone somebody applies, follows the case and takes it back', async () => {
  await person({ width: 1366 }, async (page) => {
    await signIn(page, WANG, '/apply/125');
    const press = async (words, key = 'Enter') => { await tabTo(page, words); await page.keyboard.press(key); };
    await press('开始填写').catch(() => press('重新填一份'));
    await page.waitForURL(/\/info$/);
    await press('保存，继续下一步');
    await page.waitForURL(/\/materials$/);
    await press('继续下一步');
    await page.waitForURL(/\/place$/);
    await press('天宁区');
    await page.waitForURL(/district=/);
    await press('雕庄街道', 'Space');
    await press('到窗口领取', 'Space');
    await press('保存，继续下一步');
    await page.waitForURL(/\/check$/);
    await press('我保证以上内容真实', 'Space');
    await press('确认并提交');
    await page.waitForURL(/\/done\//);
    await press('看这个办件');
    await page.waitForURL(/\/me\/cases\//);
    await press('撤回申请');
    await page.waitForURL(/\/withdraw$/);
    await tabTo(page, '为什么撤回');
    await page.keyboard.type('以后再办');
    await press('确认撤回');
    await page.getByText('您已经撤回了这个申请').waitFor();
  });
});
