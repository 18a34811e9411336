// Every amount opens to its steps, and a bill that was paid too little says why.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { open } from '../harness.mjs';

let office;
let short;
before(async () => {
  office = await open('township-a');
  await office.logIn();
  const year = Number((await office.rpc('setup_status')).today.slice(0, 4));
  short = await office.rpc('bill_list', { year, village: null, short_only: true, offset: 0, limit: 50 });
});
after(() => office?.close());

test('the list of short bills shows exactly those that were paid too little', async () => {
  assert.ok(short.total > 0, '示范数据里应有应报未报的结算单');
  await office.page.keyboard.press('Alt+5');
  const grid = office.page.getByRole('grid', { name: '结算单' });
  await grid.getByRole('row').nth(1).waitFor();
  await office.page.keyboard.press('s');
  await office.page.waitForFunction(
    (rows) => document.querySelector('[role=grid]')?.getAttribute('aria-rowcount') === String(rows + 1),
    short.total,
  );
  await office.picture('bills-short');
});

test('a short bill leads to its waterfall, its steps and what to say', async () => {
  const { page } = office;
  await page.getByRole('grid', { name: '结算单' }).getByRole('row').nth(1).focus();
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: '说给家里人听' }).waitFor();
  await page.getByRole('img', { name: '从总费用到个人支付的瀑布图' }).waitFor();
  const id = page.url().split('/').at(-1);
  const explanation = await office.rpc('bill_explain', { id });
  const steps = page.getByRole('grid', { name: '计算步骤' });
  assert.equal(await steps.getAttribute('aria-rowcount'), String(explanation.steps.length + 1));
  await page.getByText(/少付 [\d,]+\.\d{2}/).first().waitFor();
  await office.picture('bill');
});

test('every bar of the picture opens its own explanation', async () => {
  const { page } = office;
  const id = page.url().split('/').at(-1);
  const { bars, steps } = await office.rpc('bill_explain', { id });
  assert.ok(bars.some((bar) => bar.payer));
  const grid = page.getByRole('grid', { name: '计算步骤' });
  for (const bar of bars.toReversed()) {
    const told = steps.filter((step) => step.key === bar.key || step.payer === bar.key);
    assert.ok(told.length, `${bar.label} 没有对应的步骤`);
    // Of a payer's steps the one that comes to its amount.
    const step = told.find((one) => one.key === `${bar.key}.amount`) ?? told[0];
    await page.locator('svg g', { has: page.locator('title', { hasText: bar.label }) }).first().locator('rect').click();
    const row = grid.locator('[role=row][aria-selected=true]');
    await row.filter({ hasText: step.label }).first().waitFor();
  }
  await office.picture('bill-bars');
});

test('without a year the list has every year', async () => {
  const { page } = office;
  const every = await office.rpc('bill_list', { year: null, village: null, short_only: false, offset: 0, limit: 1 });
  await page.goto('/#/money');
  await page.getByRole('grid', { name: '结算单' }).getByRole('row').nth(1).waitFor();
  if ((await page.getByRole('button', { name: /✓ 只看应报未报/ }).count()) > 0) await page.keyboard.press('s');
  await page.locator('.year').hover();
  await page.locator('.year .el-select__clear').click();
  await page.getByText(`${every.total.toLocaleString('en-US')} 张`).first().waitFor();
});

test('the household page says it in three lines and leads there', async () => {
  const { page } = office;
  const bill = short.rows[0];
  await office.visit(`/households/${bill.household}?person=${bill.person}`);
  await page.getByRole('heading', { name: /账单为什么应再报/ }).waitFor();
  await page.getByRole('link', { name: /一步一步怎么算的/ }).click();
  await page.getByRole('heading', { name: '一步一步怎么算的' }).waitFor();
  assert.deepEqual(office.complaints, []);
});
