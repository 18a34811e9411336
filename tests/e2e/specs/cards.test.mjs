// One village's cards become one PDF, and from then on they count as issued.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import { open } from '../harness.mjs';

let office;
before(async () => {
  office = await open('township-a');
  await office.logIn();
});
after(() => office?.close());

test('a village is printed with one key and its list is exact afterwards', async () => {
  const { page } = office;
  await page.keyboard.press('Alt+6');
  const villages = page.getByRole('grid', { name: '各村明白卡' });
  await villages.getByRole('row').nth(1).waitFor();
  const before = (await office.rpc('card_village_list')).rows.find((row) => row.stale + row.none > 0);
  assert.ok(before, '示范数据里应有要换的卡');
  await villages.getByRole('row').filter({ hasText: before.name }).click();
  await page.getByRole('button', { name: new RegExp(`打印${before.name}要换的 ${before.stale + before.none} 户`) }).waitFor();
  await page.keyboard.press('p');
  const said = page.getByRole('status').filter({ hasText: '已做成一个 PDF' });
  await said.waitFor({ timeout: 90_000 });
  await office.picture('cards-printed');
  const path = await said.locator('[title]').first().getAttribute('title');
  const pdf = await readFile(path);
  assert.equal(pdf.subarray(0, 5).toString('latin1'), '%PDF-');
  const now = (await office.rpc('card_village_list')).rows.find((row) => row.village === before.village);
  assert.equal(now.current, now.households, '印完以后全村都是现行版');
});

test('a card can be signed for', async () => {
  const { page } = office;
  const households = page.getByRole('grid', { name: '各户明白卡' });
  await households.getByRole('row').nth(1).click();
  await page.keyboard.press('s');
  await page.getByRole('dialog').getByLabel('签收人').waitFor();
  await page.getByRole('button', { name: '登记签收' }).click();
  await households.getByRole('row').nth(1).getByText(/✓ \d{4}-\d{2}-\d{2}/).waitFor();
  assert.deepEqual(office.complaints, []);
});
