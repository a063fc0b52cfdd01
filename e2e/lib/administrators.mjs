// Administrators sign in with an authenticator besides: bound at the first time, asked at the next. Keys are kept in the
// demonstration's data folder, because each journey runs in a process of its own.
import { createHmac } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { signIn } from './people.mjs';

const STEP = 30_000; // ms: how long an app shows the same digits (RFC 6238)
const kept = () => join(process.env.JINBAN_DATA, 'e2e-authenticators.json');
const read = async () => JSON.parse(await readFile(kept(), 'utf8').catch(() => '{}'));

/** The six digits that an authenticator app with this key shows in a step. */
function codeOf(key, step) {
  const letters = [...key.replaceAll(' ', '')].map((c) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(c));
  const bits = letters.map((n) => n.toString(2).padStart(5, '0')).join('');
  const bytes = Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const mac = createHmac('sha1', bytes).update(counter).digest();
  return String((mac.readUInt32BE(mac[19] & 15) & 0x7fffffff) % 1_000_000).padStart(6, '0');
}

/** Signs an administrator in and ends on `path`, or on the first page of staff. */
export async function signInAdministrator(page, login, path = '') {
  await signIn(page, login);
  await page.waitForURL('**/staff/totp*');
  const all = await read();
  const first = !all[login];
  const key = first ? await page.locator('main span.zw-num').textContent() : all[login].key;
  let step = Math.floor(Date.now() / STEP);
  while (!first && step <= all[login].step) {
    // Each code is taken once: the app has to show the next one.
    await page.waitForTimeout(STEP - (Date.now() % STEP) + 200);
    step = Math.floor(Date.now() / STEP);
  }
  await page.getByLabel('6 位验证码').fill(codeOf(key, step));
  await page.getByRole('button', { name: first ? '绑定' : '继续登录' }).click();
  await page.waitForURL('**/staff');
  await writeFile(kept(), JSON.stringify({ ...all, [login]: { key, step } }));
  if (path) await page.goto(path);
}
