// Whole lives of cases, from hand to hand: citizen, clerk, reviewer, approver, clerk again; and what supervisors see.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { person } from '../lib/browser.mjs';
import { keyboardWalk, soundAtAllWidths } from '../lib/checks.mjs';
import { CITIZEN, accepted, as } from '../lib/handing.mjs';
import { signIn } from '../lib/people.mjs';

/** Fills in one of the forms of the back office and sends it. */
async function act(page, deed, button, fields = {}) {
  const form = page.locator(`#deed-${deed}`);
  if (!(await form.evaluate((details) => details.open))) await form.locator('summary').click();
  for (const [name, value] of Object.entries(fields)) await form.locator(`[name="${name}"]`).first().fill(value);
  await Promise.all([page.waitForNavigation(), form.getByRole('button', { name: button, exact: true }).click()]);
}

/** What the citizen reads about the case. */
async function told(id, words) {
  await person({ width: 390 }, async (page) => {
    await signIn(page, CITIZEN, `/me/cases/${id}`);
    assert.match(await page.locator('main').innerText(), words);
  });
}

test('a promised case: applied for at home, accepted at the window, reviewed and granted behind it', async () => {
  const id = await accepted('157');
  await as('reviewer', '/review', async (page) => {
    await soundAtAllWidths(page, 'review');
    await page.locator(`a[href="/review/${id}"]`).click();
    await soundAtAllWidths(page, 'review-case');
    await act(page, 'claim', /认领/);
    await act(page, 'suspend', '看新的办结日期 Ctrl+Enter', { days: '5' });
    await page.getByText('办结日期将变为').waitFor();
    await soundAtAllWidths(page, 'review-suspend');
    await page.goto(`/review/${id}`);
    await act(page, 'pass', '提交意见 Ctrl+Enter', { opinion: '材料齐全，符合条件，建议同意' });
  });
  await as('approver', `/review/${id}`, async (page) => {
    await act(page, 'deny', '不予许可', { reasons: '太短' });
    await page.locator('[data-error-summary]').waitFor();
    assert.equal(await page.locator('#deny-reasons').inputValue(), '太短');
    await act(page, 'grant', '准予 Ctrl+Enter', { opinion: '同意' });
    await act(page, 'make-result', '制作结果 Ctrl+Enter', { document_no: '常人社〔2026〕1号' });
  });
  await told(id, /结果已经做好/);
});

test('a case that goes up: first reviewed below, reported, decided above, and refused with reasons', async () => {
  const id = await accepted('182');
  await as('reviewer', `/review/${id}`, async (page) => {
    await act(page, 'claim', /认领/);
    await act(page, 'pass', '提交意见 Ctrl+Enter', { opinion: '初审通过' });
    await act(page, 'report-up', '上报 Ctrl+Enter', { opinion: '初审同意，上报审批' });
  });
  await as('dept-reviewer', `/review/${id}`, async (page) => {
    await act(page, 'claim', /认领/);
    await act(page, 'pass', '提交意见 Ctrl+Enter', { opinion: '残疾等级不符合，建议不予批准' });
  });
  await as('dept-approver', `/review/${id}`, async (page) => {
    await act(page, 'deny', '不予许可', { reasons: '残疾等级没有达到规定的重度标准，不符合发放条件' });
  });
  await told(id, /没有批准/);
});

test('supervisors see figures that open their lists, by keyboard too', async () => {
  await as('supervisor', '/supervision', async (page) => {
    await soundAtAllWidths(page, 'supervision');
    const stops = await keyboardWalk(page);
    assert.ok(stops.length > 5);
    await page.goto('/supervision/cases');
    await soundAtAllWidths(page, 'supervision-cases');
  });
});
