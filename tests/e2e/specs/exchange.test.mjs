// A bundle goes up, the receipt comes down, and the township sees what is confirmed.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { after, before, test } from 'node:test';
import { open } from '../harness.mjs';
import { choose } from './choose.mjs';

let township;
let county;
let receipt;
before(async () => {
  township = await open('township-a');
  await township.logIn();
  county = await open('county');
  await county.logIn();
});
after(async () => {
  await township?.close();
  await county?.close();
});

/** Exports with its key and answers the written file. */
async function exported(office) {
  // The key answers once the panel is on screen and, at the county, a township is chosen.
  await office.page.locator('button:enabled').filter({ hasText: /^(存到|选一个文件夹存).*E$/s }).waitFor();
  await office.page.keyboard.press('e');
  const said = office.page.getByRole('status').filter({ hasText: /第 \d+ 号/ });
  await said.waitFor({ timeout: 60_000 });
  return said.locator('[title]').first().getAttribute('title');
}

/** Looks at a bundle and takes it in; answers what the screen says of it. */
async function takenIn(office, path) {
  const { page } = office;
  await choose(page, 'i', { name: basename(path), mimeType: 'application/octet-stream', buffer: await readFile(path) });
  const dialog = page.getByRole('dialog');
  await dialog.getByText('谁发的').waitFor();
  await office.picture('exchange-preview');
  await dialog.getByRole('button', { name: '导入', exact: true }).click();
  await dialog.getByText(/文件 .* 条 = 新/).waitFor({ timeout: 60_000 });
  const said = await dialog.innerText();
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'detached' });
  return said;
}

test('what a township exports the county takes in, and the receipt confirms it', async () => {
  for (const office of [township, county]) {
    await office.page.keyboard.press('Alt+9');
    await office.page.getByRole('heading', { name: '数据交换' }).waitFor();
  }
  const area = (await township.rpc('session_get')).office.area;
  const bundle = await exported(township);
  assert.match(bundle, /\.mbx$/);
  await township.picture('exchange');
  const up = await takenIn(county, bundle);
  assert.match(up, /文件 [\d,]+ 条 = 新/);
  const row = (await county.rpc('exchange_status')).townships.find((one) => one.area === area);
  assert.ok(row.received > 0);
  assert.equal(row.missing, 0);

  const grid = county.page.getByRole('grid', { name: '各乡镇' });
  await grid.getByRole('row').filter({ hasText: row.name }).click();
  await county.picture('exchange-county');
  receipt = await exported(county);
  await takenIn(township, receipt);
  const status = await township.rpc('exchange_status');
  assert.ok(status.confirmed_entries > 0, '县里确认过的条数');
  assert.equal(status.conflicts, 0);
});

test('the same receipt a second time changes nothing', async () => {
  const before = await township.rpc('exchange_status');
  const said = await takenIn(township, receipt);
  assert.match(said, /以前导入过/);
  const after = await township.rpc('exchange_status');
  assert.deepEqual([after.own_entries, after.confirmed_entries], [before.own_entries, before.confirmed_entries]);
  assert.deepEqual([township.complaints, county.complaints], [[], []]);
});
