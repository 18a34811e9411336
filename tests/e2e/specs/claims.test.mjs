// A settlement is typed with the keyboard alone, checked as one types; what is owed is written for in one action.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { open } from '../harness.mjs';
import { pick } from './choose.mjs';

let office;
let person;
before(async () => {
  office = await open('township-a');
  await office.logIn();
  const bills = await office.rpc('bill_list', { year: Number((await office.rpc('setup_status')).today.slice(0, 4)), village: null, short_only: false, offset: 0, limit: 200 });
  person = bills.rows.find((row) => row.counts);
});
after(() => office?.close());

/** Types into the field of that label, having come to it by Enter. */
async function fill(column, text) {
  const { page } = office;
  await page.waitForFunction(
    (wanted) => document.activeElement?.closest('[data-column]')?.getAttribute('data-column') === wanted,
    column,
  );
  if (text) await page.keyboard.type(text);
  await page.keyboard.press('Enter');
}

test('a settlement is typed with the keyboard from its sheet, and the figure at fault is named', async () => {
  const { page } = office;
  await page.keyboard.press('Alt+5');
  await page.getByRole('grid', { name: '结算单' }).waitFor();
  await page.keyboard.press('n');
  await page.waitForFunction(() => document.activeElement?.closest('[data-column="person"]'));
  await page.keyboard.type(person.name);
  await page.getByRole('option').first().waitFor();
  await page.keyboard.press('Enter');
  await page.getByRole('option').first().waitFor({ state: 'hidden' });
  await page.keyboard.press('Enter');
  const day = (await office.rpc('setup_status')).today.replaceAll('-', '');
  await fill('settled_on', day);
  await fill('number', 'JS-KEYS-1');
  await fill('invoice', '');
  await fill('hospital', '县人民医院');
  for (const column of ['hospital_level', 'hospital_area', 'care_kind', 'referral', 'disease', 'care_disease']) await fill(column, '');
  await fill('admitted_on', day);
  await fill('discharged_on', day);
  for (const column of ['identity', 'excluded_cause', 'major_disease', 'transferred', 'continued', 'one_stop', 'deposit', 'published_on']) await fill(column, '');
  await fill('total', '1000');
  await fill('own_expense', '100');
  await fill('over_limit', '');
  // The classes of the pack stand between; 先行自付 is the next with a column of its own.
  while (!(await page.evaluate(() => document.activeElement?.closest('[data-column="pre_self_pay"]')))) await page.keyboard.press('Enter');
  await fill('pre_self_pay', '');
  await page.waitForFunction(() => document.activeElement?.closest('[data-column="in_scope"]') && document.activeElement.value === '900.00');
  await fill('in_scope', '');
  await fill('paid_basic', '600');
  for (const column of ['paid_critical', 'paid_aid', 'paid_other', 'hospital_borne', 'personal_account']) await fill(column, '');
  await fill('paid_personal', '350');
  await page.getByText(/差 50\.00/).first().waitFor();
  await office.picture('bill-entry');
  await page.locator('[data-column="paid_personal"] input').fill('400');
  await page.getByText(/差 50\.00/).first().waitFor({ state: 'hidden' });
  // What the paper says of the whole year is more than the bills on file.
  const soFar = page.locator('[data-column="year_basic"] input');
  await soFar.fill('500000');
  await page.getByText(/可能有票据没有录入/).first().waitFor();
  await office.picture('bill-entry-printed');
  await soFar.fill('');
  await page.getByText(/可能有票据没有录入/).first().waitFor({ state: 'hidden' });
  await page.keyboard.press('Control+s');
  await page.getByRole('heading', { name: /已保存/ }).waitFor();
  await office.picture('bill-saved');
  const bills = await office.rpc('bill_list', { year: Number((await office.rpc('setup_status')).today.slice(0, 4)), village: null, short_only: false, offset: 0, limit: 1000 });
  assert.ok(bills.rows.some((row) => row.total === 100000 && row.personal === 40000 && row.name === person.name));
});

test('what is owed opens by village, and one action writes the letter and notes it as sent', async () => {
  const { page } = office;
  await office.visit('/money/claims');
  const grid = page.getByRole('grid', { name: '应报未报' });
  await grid.getByRole('row').nth(1).waitFor();
  await office.picture('claims');
  await page.keyboard.press('3');
  const sums = page.getByRole('grid', { name: '应报未报合计' });
  await sums.getByRole('row').nth(1).waitFor();
  await office.picture('claims-villages');
  await page.keyboard.press('1');
  await grid.getByRole('row').nth(1).waitFor();
  const asked = { year: null, village: null, kind: 'short', group: null, key: null };
  const before = await office.rpc('claim_list', { ...asked, state: 'open' });
  assert.ok(before.rows.length > 0, '示范数据里应有待追的');
  await page.getByRole('button', { name: /^待追/ }).click();
  await page.waitForFunction((rows) => document.querySelector('[role=grid]')?.getAttribute('aria-rowcount') === String(rows + 1), before.rows.length);
  await grid.getByRole('row').nth(1).focus();
  await page.keyboard.press('Control+a');
  await page.keyboard.press('l');
  await page.getByRole('dialog').waitFor();
  await office.picture('claims-letter');
  await page.keyboard.press('Control+s');
  await page.getByText(/的函做成了/).first().waitFor();
  const sent = await office.rpc('claim_list', { ...asked, state: 'sent' });
  assert.ok(sent.rows.some((row) => row.id === before.rows[0].id));
  await page.keyboard.press('u');
  await page.getByText('撤销了').waitFor();
  const back = await office.rpc('claim_list', { ...asked, state: 'open' });
  assert.equal(back.rows.length, before.rows.length);
});

test('a deposit is done with once its reason is written, and one key takes that back', async () => {
  const { page } = office;
  await office.visit('/money/claims?kind=deposit');
  const grid = page.getByRole('grid', { name: '收了押金' });
  await grid.getByText('没有办结').first().waitFor();
  await grid.getByRole('row').nth(1).focus();
  await page.keyboard.press('x');
  const dialog = page.getByRole('dialog');
  await dialog.waitFor();
  await pick(page, '原因', '押金已退还');
  await dialog.getByLabel('说明').fill('医院已原路退回本人');
  await office.picture('claims-deposit');
  await page.keyboard.press('Control+s');
  await grid.getByText('已办结：押金已退还').waitFor();
  await office.picture('claims-deposit-done');
  await page.keyboard.press('u');
  await grid.getByText('已办结：押金已退还').waitFor({ state: 'detached' });
});

test('a year is one picture, and a bar opens its steps', async () => {
  const { page } = office;
  await office.visit(`/money/years/${person.person}`);
  await page.getByRole('img', { name: '从总费用到个人支付的瀑布图' }).waitFor();
  await page.getByRole('grid', { name: '本年结算单' }).getByRole('row').nth(1).waitFor();
  await office.picture('person-year');
  await page.locator('svg g text.label').nth(2).click();
  await page.getByRole('grid', { name: '计算步骤' }).waitFor();
  await office.picture('person-year-steps');
  assert.deepEqual(office.complaints, []);
});
