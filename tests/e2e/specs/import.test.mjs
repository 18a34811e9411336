// A sheet is tried before it is taken in: every row has an outcome, the outcomes add up, nothing is written.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { citizenId } from '../../demo.mjs';
import { open } from '../harness.mjs';
import { choose } from './choose.mjs';

const HEAD = '村,户编号,姓名,性别,证件号码,与户主关系,健康状况';
const ROWS = [
  ['王庄村', '1599019999001', '钱新户', '男', citizenId('15990119700101301'), '户主', '健康'],
  ['王庄村', '1599019999001', '孙新婶', '女', citizenId('15990119720202302'), '配偶', '长期慢性病'],
  ['王庄村', '1599019999001', '钱坏证', '男', '159901199003030000', '之子', '健康'],
];
const FILE = {
  name: '新增名单.csv',
  mimeType: 'text/csv',
  buffer: Buffer.from(`\ufeff${[HEAD, ...ROWS.map((row) => row.join(','))].join('\r\n')}\r\n`),
};

let office;
before(async () => {
  office = await open('township-a');
  await office.logIn();
});
after(() => office?.close());

const people = async () => (await office.rpc('desk_get')).population.people;

test('a dry run accounts for every row and writes nothing', async () => {
  const { page } = office;
  const before = await people();
  await page.keyboard.press('Alt+2');
  await page.getByRole('heading', { name: '户档案' }).waitFor();
  await page.keyboard.press('i');
  await page.getByRole('heading', { name: '导入', exact: true }).waitFor();
  await choose(page, 'f', FILE);
  const sum = page.getByTestId('import-sum');
  await sum.waitFor();
  const said = await sum.innerText();
  const numbers = said.match(/读到 (\d+) 行 = 新增 (\d+) \+ 修改 (\d+) \+ 不变 (\d+) \+ 不能用\s+(\d+)/);
  assert.ok(numbers, said);
  const [read, ...outcomes] = numbers.slice(1).map(Number);
  assert.equal(read, ROWS.length);
  assert.equal(outcomes.reduce((total, one) => total + one, 0), read);
  assert.ok(said.includes('还没有写入'), said);
  await office.picture('import');
  assert.equal(await people(), before);
});

test('taken in it can be found, and undone it is gone', async () => {
  const { page } = office;
  const before = await people();
  await page.keyboard.press('Control+Enter');
  await page.getByTestId('import-sum').getByText('已导入').waitFor();
  assert.ok((await people()) > before);
  assert.ok((await office.rpc('search', { text: '钱新户', limit: 5 })).hits.length > 0);
  await page.getByRole('button', { name: '整批撤销' }).last().click();
  await page.getByText(/已撤销，[\d,]+ 条回到了导入前的样子/).waitFor();
  assert.equal(await people(), before);
});

test('a file that is no sheet is refused in words and nothing changes', async () => {
  const { page } = office;
  const before = await people();
  await office.visit('/imports/bills');
  await page.getByRole('heading', { name: '导入', exact: true }).waitFor();
  await choose(page, 'f', { name: '照片.xlsx', mimeType: 'application/octet-stream', buffer: Buffer.from('not a sheet') });
  const said = page.getByRole('alert').first();
  await said.waitFor();
  assert.match(await said.innerText(), /[\u4e00-\u9fff]/);
  assert.equal(await people(), before);
});
