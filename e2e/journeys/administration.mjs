// What administrators do besides keeping people: organisations, what a hall decides on the spot, working days, jobs; and
// the auditor, who sees afterwards what was done and that nobody altered it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { signInAdministrator } from '../lib/administrators.mjs';
import { person } from '../lib/browser.mjs';
import { keyboardWalk, shoot, soundAtAllWidths, soundPage } from '../lib/checks.mjs';
import { signIn } from '../lib/people.mjs';

const HALL = '雕庄街道为民服务中心';
const today = (page) => page.evaluate(() => new Date().toLocaleDateString('sv', { timeZone: 'Asia/Shanghai' }));

test('the system administrator looks after halls, working days and jobs', async () => {
  await person({}, async (page) => {
    await signInAdministrator(page, 'sysadmin', '/admin');
    await soundAtAllWidths(page, 'admin-home');
    await keepsAHall(page);
    await entersANotice(page);
    await page.goto('/admin/jobs');
    await soundAtAllWidths(page, 'admin-jobs');
    for (const state of ['waiting', 'done', 'failed', 'messages']) {
      await page.goto(`/admin/jobs?state=${state}`);
      await soundPage(page);
    }
  });
});

async function keepsAHall(page) {
  await page.goto('/admin/orgs');
  await soundAtAllWidths(page, 'admin-orgs');
  await page.getByLabel('按名称或区划代码查找').fill('雕庄街道');
  await page.keyboard.press('Enter');
  await page.getByRole('link', { name: HALL, exact: true }).click();
  await soundAtAllWidths(page, 'admin-org');
  await page.getByLabel('咨询电话').fill('81234567');
  await page.getByRole('button', { name: '保存修改' }).click();
  await page.getByRole('alert').waitFor();
  assert.equal(await page.getByLabel('咨询电话').inputValue(), '81234567', 'what was typed is still there');
  await soundPage(page);
  await shoot(page, 'admin-org-wrong');
  await page.getByLabel('咨询电话').fill('0519-81234567');
  await page.getByRole('button', { name: '保存修改' }).click();
  await page.getByText('已经保存').waitFor();
  await page.getByRole('link', { name: '即办授权' }).click();
  await soundAtAllWidths(page, 'admin-immediate');
  await page.getByLabel('授权依据').press('Enter');
  await page.waitForTimeout(500);
  assert.equal(await page.getByRole('alert').count(), 0, 'Enter in the field of the basis sends nothing');
}

async function entersANotice(page) {
  await page.goto('/admin/calendar');
  await soundAtAllWidths(page, 'admin-calendar');
  const stops = await keyboardWalk(page, 40);
  assert.ok(stops.some((words) => words.includes('放假（元旦）')), 'a day is reached by keyboard and says what it is');
  await page.getByRole('link', { name: '录入通知' }).first().click();
  const day = await today(page);
  await page.getByLabel('改动的日子').fill('明天放假');
  await page.getByRole('button', { name: '看看会影响多少件' }).click();
  await page.getByRole('alert').waitFor();
  await soundAtAllWidths(page, 'admin-notice-wrong');
  await page.getByLabel('依据').fill('临时放假通知（例）');
  await page.getByLabel('成文日期').fill(day);
  await page.getByLabel('改动的日子').fill(`${day} 放假 临时放假`);
  await page.getByRole('button', { name: '看看会影响多少件' }).click();
  await page.getByText('现在还没有生效').waitFor();
  await soundAtAllWidths(page, 'admin-notice-check');
  await page.getByRole('button', { name: '确认录入' }).click();
  await page.getByText('通知已经录入').waitFor();
  // The other journeys need today as it was.
  await page.getByRole('button', { name: /撤销/ }).first().click();
  await page.getByText('现在还没有撤销').waitFor();
  await soundAtAllWidths(page, 'admin-withdraw');
  await page.getByLabel('撤销的原因').fill('日期录错');
  await page.getByRole('button', { name: '确认撤销' }).click();
  await page.getByText('通知已经撤销').waitFor();
}

test('a hall shows the telephone that was entered to everybody', async () => {
  await person({ width: 390, height: 844 }, async (page) => {
    await page.goto(`/halls?q=${encodeURIComponent('雕庄')}`);
    assert.match(await page.locator('main').textContent(), /0519-81234567/);
    await soundPage(page);
  });
});

test('the auditor finds the change of the telephone, and that it was not altered', async () => {
  await person({}, async (page) => {
    await signInAdministrator(page, 'auditor', '/admin/journal');
    await soundAtAllWidths(page, 'admin-journal');
    await page.getByLabel('做了什么').selectOption({ label: '改联系方式' });
    await page.getByRole('button', { name: '查找' }).click();
    await page.locator('tr[data-href] a').first().click();
    await page.getByText(/未改动/).first().waitFor();
    assert.match(await page.locator('main').textContent(), /0519-81234567/);
    await soundAtAllWidths(page, 'admin-event');
  });
});

test('a supervisor opens the records of broken promises and is told what a number lacks', async () => {
  await person({}, async (page) => {
    await signIn(page, 'supervisor', '/supervision/trust');
    await soundAtAllWidths(page, 'supervision-trust');
    await page.getByLabel('受理编号').fill('2603');
    await page.getByLabel('核实到的情况').fill('收入核查不符');
    await page.getByRole('button', { name: '登记失信' }).click();
    await page.getByRole('alert').waitFor();
    assert.equal(await page.getByLabel('核实到的情况').inputValue(), '收入核查不符');
    await soundPage(page);
  });
});

test('the three administrators are kept apart: each other\'s pages are not there', async () => {
  const apart = [
    ['sysadmin', ['/admin/journal']],
    ['secadmin', ['/admin/journal', '/admin/calendar', '/admin/orgs', '/admin/jobs']],
    ['auditor', ['/admin/people', '/admin/calendar', '/admin/orgs', '/admin/jobs']],
  ];
  for (const [login, absent] of apart) {
    await person({}, async (page) => {
      await signInAdministrator(page, login);
      for (const path of absent) assert.equal((await page.goto(path)).status(), 404, `${login} ${path}`);
      await page.goto('/admin');
      for (const path of absent) assert.equal(await page.locator(`main a[href="${path}"]`).count(), 0, `${login} ${path}`);
    });
  }
});
