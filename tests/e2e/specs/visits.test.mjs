// 随访: the week's list and a sheet of visits, by the keys alone.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { open } from '../harness.mjs';

let office;
before(async () => {
  office = await open('township-a');
  await office.logIn();
});
after(() => office?.close());

test('a sheet of visits is typed line by line, proposes the next dates and is saved as one action', async () => {
  const { page } = office;
  await page.keyboard.press('Alt+4');
  await page.getByRole('heading', { level: 1, name: '签约随访' }).waitFor();
  await page.keyboard.press('b');
  await page.getByRole('heading', { level: 1, name: '成批录入随访' }).waitFor();
  const cell = (row, label) => page.locator('tbody tr').nth(row).getByLabel(new RegExp(`${label}$`));
  await cell(0, '收缩压').and(page.locator(':focus')).waitFor();
  for (const [systolic, diastolic] of [['128', '78'], ['185', '95']]) {
    for (const text of [systolic, diastolic, '72', '1', '1', '']) {
      if (text) await page.keyboard.type(text);
      await page.keyboard.press('Enter');
    }
  }
  const rows = page.locator('tbody tr');
  await rows.nth(0).getByText('控制满意，3个月内').waitFor();
  await rows.nth(1).getByText(/血压≥180\/110/).waitFor();
  assert.match(await cell(0, '下次').inputValue(), /^\d{4}-\d{2}-\d{2}$/);
  await page.getByText(/已填 2 行/).waitFor();
  await office.picture('visit-sheet');
  const before = (await office.rpc('import_history')).rows.length;
  await page.keyboard.press('Control+s');
  await page.getByText('保存了 2 次随访').waitFor();
  await page.getByText(/已填 0 行/).waitFor();
  const history = (await office.rpc('import_history')).rows;
  assert.equal(history.length, before + 1);
  assert.deepEqual([history[0].action, history[0].undoable], ['成批录入', true]);
});

test('the list of whoever is due is printed from the keyboard', async () => {
  const { page } = office;
  await page.keyboard.press('Alt+4');
  await page.getByRole('heading', { level: 1, name: '签约随访' }).waitFor();
  await page.keyboard.press('w');
  await page.getByRole('heading', { level: 1, name: '随访名单' }).waitFor();
  await page.getByRole('grid', { name: '随访名单' }).locator('[role=row]:focus').waitFor();
  await page.keyboard.press('p');
  await page.getByText(/随访名单做成了/).waitFor();
  const phones = await page.getByRole('grid', { name: '随访名单' }).getByText(/^1\d{10}$/).count();
  assert.equal(phones, 0, 'whole numbers stand on paper alone');
});
