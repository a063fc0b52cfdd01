// The public pages at the width of a phone and of a desk: they fit, they read well, they break no rule of accessibility.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accessibilityFaults, overflow, visit } from '../browser.mjs';

for (const path of ['/', '/items', '/halls']) {
  for (const width of [390, 1366]) {
    test(`${path} at ${width} px fits its window and passes WCAG 2.1 AA`, async () => {
      await visit(path, { width }, async (page, response) => {
        assert.equal(response.status(), 200);
        assert.equal(await page.locator('h1').count(), 1);
        assert.equal(await overflow(page), 0, 'one has to scroll sideways');
        assert.deepEqual(await accessibilityFaults(page), []);
      });
    });
  }
}

test('without JavaScript an item is found from the list and its guide opens', async () => {
  await visit('/items', { width: 390, javaScript: false }, async (page) => {
    const link = page.locator('main a[href^="/items/"]').first();
    const name = (await link.innerText()).trim();
    await link.click();
    assert.match(new URL(page.url()).pathname, /^\/items\/.+/);
    assert.ok(name.length > 0 && (await page.locator('main').innerText()).includes(name.split('\n')[0]));
  });
});
