// A list of another office beside the register, and what the checks found: each decided on the screen, and not listed again.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { citizenId } from '../../demo.mjs';
import { open } from '../harness.mjs';
import { choose } from './choose.mjs';

const HEAD = '行政村,户编号,姓名,证件号码,出生日期,主要致贫原因,疾病名称';
const LINE = `王庄村,1599019999099,钱不在,${citizenId('15990119900101551')},1990-01-01,因病,高血压`;
const FILE = {
  name: '扶贫名单.csv',
  mimeType: 'text/csv',
  buffer: Buffer.from(`\ufeff${HEAD}\r\n${LINE}\r\n`),
};

let office;
before(async () => {
  office = await open('township-a');
  await office.logIn();
});
after(() => office?.close());

/** Picks from the list of a control. */
async function pick(control, label) {
  await control.focus();
  await office.page.keyboard.type(label);
  await office.page.getByRole('option', { name: label }).waitFor();
  await office.page.keyboard.press('Enter');
}

test('who stands only on another office\'s list is found, decided with a reason, and not listed again', async () => {
  const { page } = office;
  await office.visit('/compare');
  await page.getByRole('heading', { name: '怎样比对' }).waitFor();
  await choose(page, 'f', FILE);
  const asked = page.getByRole('dialog', { name: '这是谁的名单？' });
  // The file's name says whose it is.
  await asked.getByRole('button', { name: '收下名单' }).click();
  const taken = page.getByRole('dialog', { name: '名单收下了' });
  await taken.getByText('文件里 1 行 ＝ 收下 1 行 ＋ 不能用 0 行').waitFor();
  await office.picture('compare-taken');
  await page.keyboard.press('Escape');
  await taken.waitFor({ state: 'detached' });
  await page.keyboard.press('b');
  await page.getByRole('button', { name: /^只在对方/ }).click();
  const grid = page.getByRole('grid', { name: '只在对方' });
  await grid.waitFor();
  await office.picture('compare');
  const line = grid.getByRole('gridcell', { name: '钱不在', exact: true });
  await line.waitFor();
  await line.click();
  await page.keyboard.press('d');
  const deciding = page.getByRole('dialog', { name: /怎样处理/ });
  await pick(deciding.getByRole('combobox', { name: '处理' }), '待核实');
  await deciding.getByLabel('为什么').fill('明天入户核实');
  await deciding.getByRole('button', { name: '记下处理' }).click();
  await deciding.waitFor({ state: 'detached' });
  await grid.getByText('没有要处理的').waitFor();
  assert.deepEqual(office.complaints, []);
});

test('a fault that is none is said to be none with the reason, and can be taken back', async () => {
  const { page } = office;
  await office.visit('/quality');
  const rules = page.getByRole('grid', { name: '核查规则' });
  await rules.getByRole('row').nth(1).click();
  const found = page.getByRole('grid', { name: '查出的问题' });
  await found.getByRole('row').nth(1).waitFor();
  await office.picture('quality');
  await found.getByRole('row').nth(1).click();
  await page.keyboard.press('d');
  const dialog = page.getByRole('dialog');
  await pick(dialog.getByRole('combobox', { name: '怎么处理' }), '无需整改');
  await dialog.getByLabel('原因说明').fill('对照户口本核实过');
  await office.picture('quality-decide');
  await dialog.getByRole('button', { name: '登记' }).click();
  await dialog.waitFor({ state: 'detached' });
  await found.getByText('无需整改').first().waitFor();
  await page.keyboard.press('u');
  await found.getByText('无需整改').first().waitFor({ state: 'detached' });
  assert.deepEqual(office.complaints, []);
});
