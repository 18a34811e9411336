// A stick is noticed without anybody asking; parts wait for each other; what is carried how is chosen in one place.
import assert from 'node:assert/strict';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { open, stickOf } from '../harness.mjs';

let township;
let county;
let stick;
before(async () => {
  township = await open('township-a');
  await township.logIn();
  county = await open('county');
  await county.logIn();
  stick = stickOf(county.data);
});
after(async () => {
  await township?.close();
  await county?.close();
});

const nothing = { area: null, siblings: null, most_bytes: null, mail: null, mail_to: null };
const toCounty = (folder, wish = {}) => township.rpc('exchange_export', { ...nothing, folder, ...wish });

test('a stick that is plugged in is noticed, and one click takes in what lies on it', async () => {
  const { page } = county;
  await page.keyboard.press('Alt+9');
  await page.getByText('插上 U 盘会自动找').waitFor();
  await mkdir(stick, { recursive: true });
  await toCounty(stick);
  await page.getByRole('status').filter({ hasText: 'U盘“KINGSTON”上有 1 个给本单位的数据包' }).waitFor();
  await county.picture('stick-noticed');
  await page.getByRole('button', { name: /^全部导入 1 个/ }).click();
  const dialog = page.getByRole('dialog', { name: '共 1 个文件：已导入 1 个' });
  await dialog.waitFor({ timeout: 60_000 });
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'detached' });
  await page.getByRole('status').filter({ hasText: 'U盘“KINGSTON”上给本单位的数据包都已导入' }).waitFor({ timeout: 60_000 });
  await rm(stick, { recursive: true });
  await page.getByText('插上 U 盘会自动找').waitFor();
});

test('a whole folder is taken in with a line for every file, and what was turned away is done with by keyboard', async () => {
  const { page } = county;
  const folder = join(county.data, '输出');
  await mkdir(folder, { recursive: true });
  const [path] = (await toCounty(folder)).files;
  const broken = await readFile(path);
  broken[broken.length >> 1] ^= 1;
  await writeFile(join(folder, '坏了.mbx'), broken);
  await page.keyboard.press('f');
  const dialog = page.getByRole('dialog', { name: '共 2 个文件：已导入 1 个，没有导入 1 个' });
  await dialog.waitFor({ timeout: 60_000 });
  await dialog.getByText(/拒收：/).first().waitFor();
  await county.picture('folder-results');
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'detached' });
  await page.getByRole('heading', { name: '未采用 1 件' }).waitFor();
  await page.getByText(/^拒收 1 个$/).waitFor();
  await county.picture('aside');
  await page.keyboard.press('r');
  await page.getByRole('status').filter({ hasText: '没有导入任何内容' }).first().waitFor();
  await page.keyboard.press('n');
  const asked = page.getByRole('dialog', { name: '不采用' });
  await asked.getByLabel('为什么').focus();
  await page.keyboard.type('已让他们重发');
  await county.picture('aside-reason');
  await page.keyboard.press('Enter');
  await asked.waitFor({ state: 'detached' });
  await page.getByRole('heading', { name: '未采用 1 件' }).waitFor({ state: 'detached' });
  await rm(folder, { recursive: true });
});

test('the county checks with one key whether a township has the same tables', async () => {
  const { page } = county;
  await page.keyboard.press('c');
  const dialog = page.getByRole('dialog', { name: /^核对/ });
  await dialog.getByText(/两边一致|暂时不能核对/).first().waitFor({ timeout: 60_000 });
  await county.picture('compared');
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'detached' });
  await page.getByRole('grid', { name: '各乡镇' }).getByText(/两边一致|暂时不能核对/).first().waitFor();
  await county.picture('townships');
});

test('parts of a bundle wait for the last one, and the screen says which is missing', async () => {
  const { page } = county;
  const area = (await township.rpc('session_get')).office.area;
  await mkdir(stick, { recursive: true });
  const receipt = await county.rpc('exchange_export', { ...nothing, folder: stick, area });
  await township.rpc('exchange_import', { path: receipt.files[0] });
  const [household] = (await township.rpc('household_list', { village: null, status: null, text: null, offset: 0, limit: 1 })).rows;
  for (let time = 0; time < 24; time++) {
    const remark = Array.from({ length: 180 }, () => Math.floor(Math.random() * 36).toString(36)).join('');
    const save = { table: 'household', id: household.id, household: null, fields: { remark }, reason: null };
    await township.rpc('record_save', save);
  }
  const parts = (await toCounty(stick, { most_bytes: 3_500 })).files;
  assert.ok(parts.length > 2, `${parts.length} 份`);
  for (const path of parts.slice(1)) await county.rpc('exchange_import', { path });
  await page.keyboard.press('Alt+1');
  await page.getByRole('heading', { name: '今天要办的事' }).waitFor();
  await page.keyboard.press('Alt+9');
  await page.getByRole('status').filter({ hasText: `共 ${parts.length} 份，还缺第 1 份` }).waitFor();
  await county.picture('parts-waiting');
  await page.getByRole('button', { name: '查看' }).first().click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText('各份都齐了').waitFor();
  await county.picture('parts-preview');
  await dialog.getByRole('button', { name: '导入', exact: true }).click();
  await dialog.getByText(/文件 .* 条 = 新/).waitFor({ timeout: 60_000 });
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'detached' });
  assert.deepEqual((await county.rpc('exchange_status')).waiting, []);
  assert.deepEqual(county.complaints, []);
});

test('a township chooses with the keyboard to write a mail instead of a file', async () => {
  const { page } = township;
  await page.keyboard.press('Alt+9');
  await page.getByLabel('怎么带').first().focus();
  await page.keyboard.press('Enter');
  for (let row = 0; row < 3; row++) await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  const address = page.getByLabel('收件邮箱');
  await address.fill('jkb@yunling.example');
  await township.picture('mail-chosen');
  await address.press('Tab');
  await page.getByRole('button', { name: /选一个文件夹存/ }).press('Enter');
  const made = page.getByRole('status').filter({ hasText: /第 \d+ 号/ });
  await made.waitFor({ timeout: 60_000 });
  assert.match(await made.locator('[title]').first().getAttribute('title'), /\.eml$/);
  await township.picture('mail-written');
  assert.deepEqual(township.complaints, []);
});
