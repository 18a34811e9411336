// Two PCs on which nothing is: a county sets itself up, a township asks to join, is approved, and joins by eight words.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { after, before, test } from 'node:test';
import { NEW_PC } from '../../programs.mjs';
import { open } from '../harness.mjs';

const PASSWORD = 'mingbai-2026';
let county;
let township;
before(async () => {
  county = await open(NEW_PC);
  township = await open(NEW_PC);
});
after(async () => {
  await county?.close();
  await township?.close();
});

/** Fills in the first set-up, keeps the recovery sheet and opens 数据交换. */
async function setUp({ page }, kind, fields) {
  await page.getByLabel(kind).check();
  for (const [label, value] of Object.entries(fields)) await page.getByLabel(label).fill(value);
  await page.getByLabel('密码').fill(PASSWORD);
  await page.getByLabel('再填一遍').fill(PASSWORD);
  await page.getByRole('button', { name: '建好并继续' }).click();
  await page.getByTestId('recovery-code').waitFor({ timeout: 30_000 });
  await page.getByRole('checkbox').check();
  await page.getByRole('button', { name: '继续' }).click();
  await page.getByRole('navigation', { name: '各部分' }).waitFor();
  await page.keyboard.press('Alt+9');
  await page.getByRole('heading', { name: '数据交换' }).waitFor();
}

/** Gives a file to the button that asks for one. */
async function give({ page }, button, path) {
  const asking = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: button }).click();
  const file = { name: basename(path), mimeType: 'application/octet-stream', buffer: await readFile(path) };
  await (await asking).setFiles(file);
}

/** The path of the file a message speaks of. */
async function fileOf({ page }, text) {
  const said = page.getByRole('status').filter({ hasText: text });
  await said.waitFor();
  return said.locator('[title]').first().getAttribute('title');
}

test('a new county and a new township set themselves up', async () => {
  await setUp(county, '县级办公室', { 县名称: '试点县', 单位名称: '试点县卫生健康局', 区划代码: '159902', 您的姓名: '赵六', 登录名: 'zhaoliu' });
  await setUp(township, '乡镇卫生院', { 县名称: '试点县', 单位名称: '柳树乡卫生院', 区划代码: '159902101', 您的姓名: '李四', 登录名: 'lisi' });
  await township.page.getByText('这台电脑还没有入网').waitFor();
});

test('the township joins once the words agree, and not before', async () => {
  await township.page.getByRole('button', { name: '生成入网申请…' }).click();
  const request = await fileOf(township, '已生成入网申请');
  await give(county, '批准乡镇入网…', request);
  const dialog = county.page.getByRole('dialog');
  await dialog.getByRole('checkbox').check();
  await dialog.getByRole('button', { name: '批准并存入网文件…' }).click();
  const membership = await fileOf(county, '已批准');
  const words = (await county.rpc('session_get')).office.county_words;

  await give(township, '选择入网文件…', membership);
  const field = township.page.getByLabel('八个词');
  const join = township.page.getByRole('button', { name: '核对并入网' });
  await field.fill('错 的 词 错 的 词 错 的');
  await join.click();
  await township.page.getByText(/八个核对词与文件不符/).waitFor();
  await field.fill(words);
  await join.click();
  await township.page.getByRole('heading', { name: /导出给县里/ }).waitFor();
  assert.deepEqual([township.complaints, county.complaints], [[], []]);
});
