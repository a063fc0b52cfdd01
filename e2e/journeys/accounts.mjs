// People come in: a citizen opens an account, administrators set up their second factor and look after accounts, an
// auditor reads the rights, and a form outlives the session it was typed in.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { signInAdministrator } from '../lib/administrators.mjs';
import { person } from '../lib/browser.mjs';
import { soundAtAllWidths, soundPage, shoot } from '../lib/checks.mjs';
import { demoPerson, signIn } from '../lib/people.mjs';

test('the pages of signing in and registering are sound at all widths and without JavaScript', async () => {
  await person({ javaScript: true }, async (page) => {
    for (const [path, name] of [['/login', 'login'], ['/staff/login', 'staff-login'], ['/register', 'register']]) {
      await page.goto(path);
      await soundAtAllWidths(page, name);
    }
  });
  await person({ javaScript: false }, async (page) => {
    await page.goto('/staff/login');
    await page.getByLabel('登录名').fill('clerk');
    await page.getByLabel('密码').fill((await demoPerson('clerk')).password);
    await page.getByRole('button', { name: '登录', exact: true }).click();
    assert.equal(new URL(page.url()).pathname, '/staff');
  });
});

test('a registration with faults leads to each of them and keeps what was typed', async () => {
  await person({ width: 390, height: 844 }, async (page) => {
    await page.goto('/register');
    await page.getByLabel('姓名').fill('欧阳娜娜');
    await page.getByLabel('证件号码').fill('110101');
    await page.getByRole('button', { name: '注册', exact: true }).click();
    await page.getByRole('alert').waitFor();
    assert.match(await page.title(), /^错误：/);
    assert.equal(await page.getByLabel('姓名').inputValue(), '欧阳娜娜');
    await soundPage(page);
    await shoot(page, 'register-faults');
  });
});

test('a citizen signs in, sees the account masked and acts for a firm', async () => {
  const who = await demoPerson('13900000001');
  await person({ width: 390, height: 844 }, async (page) => {
    await signIn(page, who.login, '/me/account');
    assert.match(await page.locator('main').textContent(), /139 \*\*\*\* 0001/);
    await soundAtAllWidths(page, 'account');
    await page.getByRole('button', { name: /改以这个单位办事/ }).click();
    assert.match(await page.locator('nav.zw-top, header').first().textContent(), /示例有限公司/);
  });
});

test('two administrators make a colleague and a client, an auditor reads the rights', async () => {
  let account = '', client = '';
  await person({}, async (page) => {
    await signInAdministrator(page, 'sysadmin');
    await page.goto('/admin/people');
    await soundAtAllWidths(page, 'people');
    await page.getByRole('link', { name: '开通账号' }).click();
    await page.getByLabel('姓名').fill('林晓');
    await page.getByLabel('登录名').fill('linxiao');
    await page.getByRole('button', { name: '开通账号' }).click();
    await page.getByRole('heading', { name: '林晓的新密码' }).waitFor();
    await soundPage(page);
    account = await page.getByRole('link', { name: /打开这个账号/ }).getAttribute('href');
    await page.goto('/admin/clients/new');
    await page.getByLabel('系统名称').fill('户政业务系统');
    await page.getByLabel('所属机构').fill('天宁区民政局');
    await soundAtAllWidths(page, 'client-new');
    await page.getByRole('button', { name: '开通', exact: true }).click();
    await page.getByRole('heading', { name: '户政业务系统的新密钥' }).waitFor();
    await soundPage(page);
    client = await page.getByRole('link', { name: /打开这个接入系统/ }).getAttribute('href');
  });
  await person({}, async (page) => {
    await signInAdministrator(page, 'secadmin');
    await page.goto(account);
    await page.locator('select#role').selectOption({ label: '审核人员' });
    await page.getByLabel('机构').fill('民政局');
    await page.getByRole('button', { name: '分配岗位' }).click();
    await page.getByLabel('天宁区民政局').check();
    await soundAtAllWidths(page, 'person');
    await page.getByRole('button', { name: '分配岗位' }).click();
    await page.getByText('岗位已分配').waitFor();
    assert.match(await page.locator('main').textContent(), /审核人员（天宁区民政局）/);
    await page.goto(client);
    await page.getByLabel(/读取本机构及下级的办件/).check();
    await soundAtAllWidths(page, 'client');
    await page.getByRole('button', { name: '保存授权范围' }).click();
    await page.getByText('授权范围已改').waitFor();
    await page.goto('/admin/clients');
    await soundAtAllWidths(page, 'clients');
  });
  await person({}, async (page) => {
    await signInAdministrator(page, 'auditor');
    await page.goto('/admin/rights');
    assert.match(await page.locator('main').textContent(), /三员分立/);
    await soundAtAllWidths(page, 'rights');
  });
});
