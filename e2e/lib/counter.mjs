// Working at the window by keyboard alone: receiving a person, choosing items, ticking papers.
import assert from 'node:assert/strict';

// A person who lives nowhere but in tests.
export const NUMBER = '320402199003074516';

export const id = (page) => page.evaluate(() => document.activeElement.id);

/** Presses a key that leads to another page; waits until its scripts have run. */
export async function go(page, key, url) {
  await Promise.all([page.waitForURL(url), page.keyboard.press(key)]);
  await page.waitForFunction(() => document.documentElement.dataset.ready === '1');
}

/** F2, the number, Enter; registers the person when nobody knows them. */
export async function receive(page) {
  await go(page, 'F2', /\/window\/tabs\//);
  await page.keyboard.press('F9');
  assert.equal(await id(page), 'document', 'F9 leads to the number');
  await page.keyboard.type(NUMBER);
  await go(page, 'Enter', /#(name|item)/);
  if (page.url().endsWith('#name')) {
    assert.equal(await id(page), 'name', 'the cursor stands where to go on');
    await page.keyboard.type('王小明');
    await page.keyboard.press('Tab');
    await page.keyboard.type('13812345678');
    await go(page, 'Enter', /#item/);
  }
}

/** `/`, some letters, arrows to the item, Enter; leads to the form, and of a further item back to the search. */
export async function choose(page, typed, name, to = /#form/) {
  await page.evaluate(() => document.activeElement.blur());
  await page.keyboard.press('/');
  assert.equal(await id(page), 'item');
  await page.keyboard.type(typed);
  await page.waitForFunction((wanted) => [...document.querySelectorAll('.c-hits button')].some((b) => b.innerText.includes(wanted)), name);
  for (let step = 0; step < 9; step += 1) {
    await page.keyboard.press('ArrowDown');
    if ((await page.evaluate(() => document.activeElement.innerText)).includes(name)) break;
  }
  await go(page, 'Enter', to);
  await page.locator('.c-items strong', { hasText: name }).waitFor();
}

/** Ticks every paper that is asked for: the key of its row, then Space; waits until it is kept. */
export async function tick(page, keys) {
  for (const key of keys) {
    await page.keyboard.press(key);
    assert.match(await id(page), /^paper-/);
    await page.keyboard.press('Space');
  }
  await page.waitForFunction(() => /已自动保存/.test(document.querySelector('[data-autosave-status]').textContent));
}

export const rows = (page) => page.evaluate(() => [...document.querySelectorAll('.c-mats [data-key]')].map((a) => a.dataset.key));
export const ready = (page) => page.waitForFunction(() => /可以受理/.test(document.querySelector('#why').innerText));
