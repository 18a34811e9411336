// 去哪家医院: from a person's household to the sheet for the family, with the keyboard alone.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import { open } from '../harness.mjs';

let office;
let bill;
before(async () => {
  office = await open('township-a');
  await office.logIn();
  const year = Number((await office.rpc('setup_status')).today.slice(0, 4));
  const bills = await office.rpc('bill_list', { year, village: null, short_only: false, offset: 0, limit: 50 });
  bill = bills.rows.find((row) => row.counts && row.verdict === '一致');
});
after(() => office?.close());

test('a planned stay is set side by side from the bill of the person who asks', async () => {
  const { page } = office;
  await office.visit(`/money/${bill.id}`);
  await page.getByRole('heading', { name: '说给家里人听' }).waitFor();
  await page.keyboard.press('w');
  const table = page.getByRole('table', { name: '各家医院' });
  await table.waitFor();
  assert.equal(await table.getByRole('columnheader').count(), 7, '六家医院');
  await page.keyboard.press('Control+A');
  await page.keyboard.type('2万');
  await page.getByText('20,000.00').first().waitFor();
  const plan = await office.rpc('admission_plan', { person: bill.person, kind: 'inpatient', total: 2_000_000, outside: null, pre_self_pay: null, far: null, on: null });
  assert.equal(plan.choices.filter((one) => one.cheapest).length, 1);
  await office.picture('plan');
});

test('the arrows lead from hospital to hospital and one key prints the page for the family', async () => {
  const { page } = office;
  await page.getByLabel('预计总费用').blur();
  const heading = page.getByRole('heading', { name: /怎么算的$/ });
  const first = await heading.textContent();
  await page.keyboard.press('ArrowRight');
  await page.waitForFunction((before) => [...document.querySelectorAll('h2')].some((one) => one.textContent?.endsWith('怎么算的') && one.textContent !== before), first);
  await page.keyboard.press('p');
  const said = page.getByRole('status').filter({ hasText: '已做成一页' });
  await said.waitFor({ timeout: 90_000 });
  const path = await said.locator('[title]').first().getAttribute('title');
  assert.equal((await readFile(path)).subarray(0, 5).toString('latin1'), '%PDF-');
  assert.deepEqual(office.complaints, []);
});
