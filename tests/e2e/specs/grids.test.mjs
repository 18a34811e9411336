// Lists by the keys alone: columns, saved filters, a file of what is shown, one thing said of many.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { open } from '../harness.mjs';

let office;
before(async () => {
  office = await open('township-a');
  await office.logIn();
});
after(() => office?.close());

const heads = (grid) => grid.getByRole('columnheader').allInnerTexts();

/** Opens the list of households and waits until somebody can walk it. */
async function households() {
  const { page } = office;
  await page.keyboard.press('Alt+2');
  const grid = page.getByRole('grid', { name: '户', exact: true });
  await grid.locator('[role=row]:focus').waitFor();
  return grid;
}

test('a column is hidden, another moved and the list sorted by keys, and all of it is there after the next login', async () => {
  const { page } = office;
  const grid = await households();
  assert.ok((await heads(grid)).includes('村'));
  await page.keyboard.press('k');
  const dialog = page.getByRole('dialog', { name: '栏目和排序' });
  await dialog.locator('[role=row]:focus').waitFor();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Space');
  await dialog.getByRole('checkbox', { name: '显示村', exact: true, checked: false }).waitFor();
  await page.keyboard.press('End');
  await page.keyboard.press('Alt+ArrowUp');
  await page.keyboard.press('s');
  const keeps = (sent) => sent.includes('view_keep') && sent.includes('"down":true');
  const keeping = page.waitForResponse((answer) => keeps(`${answer.url()} ${answer.request().postData() ?? ''}`));
  await page.keyboard.press('s');
  await dialog.getByText('▼ 从大到小').waitFor();
  await keeping;
  await office.picture('grid-columns');
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'detached' });
  const wanted = (text) => !text.includes('村') && text.some((head) => head.startsWith('要办'));
  assert.ok(wanted(await heads(grid)), (await heads(grid)).join());
  await grid.getByRole('columnheader', { name: /要办/ }).and(page.locator('[aria-sort=descending]')).waitFor();
  const view = () => office.rpc('view_get', { list: 'households' });
  await page.keyboard.press('Control+l');
  await page.getByLabel('密码').waitFor();
  await office.logIn();
  assert.deepEqual((await view()).sort, { column: 'todo', down: true });
  await page.reload();
  await page.getByRole('navigation', { name: '各部分' }).waitFor();
  const again = await households();
  await again.getByRole('columnheader', { name: /要办/ }).and(page.locator('[aria-sort=descending]')).waitFor();
  assert.ok(wanted(await heads(again)));
});

test('a filter is kept under a name and taken again', async () => {
  const { page } = office;
  const grid = await households();
  const all = Number(await grid.getAttribute('aria-rowcount'));
  await page.keyboard.press('z');
  const more = page.getByRole('group', { name: '更多筛选' });
  await more.getByRole('combobox', { name: '致贫原因' }).focus();
  await page.keyboard.type('因病');
  await page.getByRole('option', { name: '因病' }).waitFor();
  await page.keyboard.press('Enter');
  await page.waitForFunction((before) => Number(document.querySelector('[role=grid][aria-label=户]')?.getAttribute('aria-rowcount')) < before, all);
  const left = await grid.getAttribute('aria-rowcount');
  await grid.locator('[role=row][tabindex="0"]').focus();
  await page.keyboard.press('g');
  const dialog = page.getByRole('dialog', { name: '存下的筛选' });
  await page.waitForFunction(() => document.activeElement?.closest('[role=dialog]') && document.activeElement.tagName === 'INPUT');
  await page.keyboard.type('因病的户');
  await page.keyboard.press('Enter');
  await dialog.waitFor({ state: 'detached' });
  await page.keyboard.press('x');
  await page.waitForFunction((before) => Number(document.querySelector('[role=grid][aria-label=户]')?.getAttribute('aria-rowcount')) === before, all);
  await page.keyboard.press('g');
  await dialog.locator('[role=row]:focus').waitFor();
  await office.picture('grid-filters');
  await page.keyboard.press('Enter');
  await page.waitForFunction((before) => document.querySelector('[role=grid][aria-label=户]')?.getAttribute('aria-rowcount') === before, left);
  await office.picture('grid-narrowed');
  await page.keyboard.press('x');
});

test('the rows shown go into a file with a reason', async () => {
  const { page } = office;
  await households();
  await page.keyboard.press('Control+e');
  const dialog = page.getByRole('dialog', { name: '存成表格' });
  await page.waitForFunction(() => document.activeElement?.closest('[role=dialog]') && document.activeElement.tagName === 'INPUT');
  await page.keyboard.press('Enter');
  assert.equal(await dialog.count(), 1, 'without a reason there is no file');
  await page.keyboard.type('报县医保局核对');
  await office.picture('grid-file');
  const coming = page.waitForEvent('download');
  await page.keyboard.press('Enter');
  assert.match((await coming).suggestedFilename(), /^户名单_\d{8}\.xlsx$/);
  await dialog.waitFor({ state: 'detached' });
  const told = (await office.rpc('import_history')).rows[0];
  assert.equal(told.action, '导出名单');
  assert.match(told.detail, /报县医保局核对/);
  assert.ok(!told.detail.includes('、村、'), 'a hidden column is in no file');
});

test('several rows are chosen and one reason is registered for all, which one key takes back', async () => {
  const { page } = office;
  const count = async () => (await office.rpc('worklist_get', { key: 'uncontracted', village: null })).rows.length;
  const before = await count();
  await office.visit('/worklists/uncontracted');
  const grid = page.getByRole('grid', { name: '名单' });
  await grid.locator('[role=row]:focus').waitFor();
  await page.keyboard.press('Space');
  await page.keyboard.press('Shift+ArrowDown');
  await page.keyboard.press('Shift+ArrowDown');
  await page.getByText('选中 3 条').waitFor();
  await office.picture('grid-chosen');
  await page.keyboard.press('c');
  const dialog = page.getByRole('dialog', { name: /登记未签原因 · 3 人/ });
  await page.waitForFunction(() => document.activeElement?.closest('[role=dialog]') && document.activeElement.tagName === 'INPUT');
  await page.keyboard.type('长期外出');
  await page.getByRole('option', { name: '长期外出' }).waitFor();
  await page.keyboard.press('Enter');
  await office.picture('grid-batch');
  await page.keyboard.press('Control+s');
  await page.getByText(/登记未签原因：保存了 3 条/).waitFor();
  await dialog.waitFor({ state: 'detached' });
  assert.equal(await count(), before - 3);
  await grid.locator('[role=row][tabindex="0"]').focus();
  await page.keyboard.press('u');
  await page.getByText(/已撤销，3 条/).waitFor();
  assert.equal(await count(), before);
  // The word that it is undone comes before the list is read again.
  await page.waitForFunction((rows) => Number(document.querySelector('[role=grid][aria-label=名单]')?.getAttribute('aria-rowcount')) === rows + 1, before);
  await page.keyboard.press('Control+a');
  await page.getByText(`选中 ${before} 条`).waitFor();
  assert.deepEqual(office.complaints, []);
});
