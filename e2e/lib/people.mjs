// The people of the demonstration: their passwords lie in its data folder, drawn anew for each run.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Somebody of the demonstration by the name they sign in with: login, password, page, place. */
export async function demoPerson(login) {
  const people = JSON.parse(await readFile(join(process.env.JINBAN_DATA, 'demo-people.json'), 'utf8'));
  const found = people.find((one) => one.login === login);
  if (!found) throw new Error(`nobody of the demonstration signs in as ${login}`);
  return found;
}

/** Signs in by keyboard alone and ends on `path`. */
export async function signIn(page, login, path = '') {
  const who = await demoPerson(login);
  await page.goto(who.page);
  await page.locator('main input[type=text], main input[type=tel]').first().focus();
  await page.keyboard.type(who.login);
  await page.locator('main input[type=password]').first().focus();
  await page.keyboard.type(who.password);
  await Promise.all([page.waitForURL((url) => url.pathname !== who.page), page.keyboard.press('Enter')]);
  if (path) await page.goto(path);
}
