// A case on its way from hand to hand: who does what to it, and on which page.
import assert from 'node:assert/strict';
import { apply } from './applying.mjs';
import { person } from './browser.mjs';
import { signIn } from './people.mjs';

export const CITIZEN = '13900000002';
const DESK = { width: 1366, height: 900 };

/** Signs in and does something with the case; the page is at its address. */
export const as = (login, path, work) => person(DESK, async (page) => {
  await signIn(page, login, path);
  await work(page);
});

/** Presses a button of the window and waits for the page after it. */
async function press(page, id) {
  await Promise.all([page.waitForNavigation(), page.locator(id).click()]);
}

/** The citizen applies, the clerk accepts; answers the id of the case. */
export async function accepted(item) {
  let path;
  await person({ width: 390, height: 844 }, async (page) => {
    await signIn(page, CITIZEN);
    path = await apply(page, item, false);
  });
  const id = path.split('/').pop();
  await as('clerk', `/window/cases/${id}`, async (page) => {
    await press(page, '#act-receive');
    await press(page, '#act-accept');
    assert.match(await page.locator('h1').innerText(), /办理中/);
  });
  return id;
}
