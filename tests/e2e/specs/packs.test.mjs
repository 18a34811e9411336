// A pack is drafted from one that comes with the program, its examples turn as it is typed, two people read it, it is put in force.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { OPERATOR } from '../../demo.mjs';
import { open } from '../harness.mjs';

const SECOND = { ...OPERATOR, login: 'demo2' };

let county;
before(async () => {
  county = await open('county');
  await county.logIn();
});
after(() => county?.close());

const text = () => county.page.getByLabel('政策包正文');
const numbers = () => county.page.getByRole('region', { name: '数字' });

test('a draft begins with a shipped pack and its worked examples', async () => {
  const { page } = county;
  await page.keyboard.press('Alt+5');
  await page.getByRole('link', { name: '政策包' }).click();
  await page.getByRole('grid', { name: '政策包', exact: true }).getByRole('row').nth(1).waitFor();
  await county.picture('packs');
  await page.keyboard.press('n');
  const dialog = page.getByRole('dialog', { name: '新建草稿' });
  await dialog.getByRole('radio', { name: /北京市/ }).check();
  await county.picture('pack-new');
  await page.keyboard.press('Control+Enter');
  await dialog.waitFor({ state: 'detached' });
  await text().waitFor();
  await page.getByText('总的规定').waitFor();
  await county.picture('pack-words');
  await page.keyboard.press('F6');
  await page.keyboard.press('F6');
  await page.getByText('✓ 对得上').first().waitFor();
  assert.equal(await page.getByText('✗ 对不上').count(), 0);
  await county.picture('pack-examples');
});

test('a fault is marked at its line and leads there', async () => {
  const { page } = county;
  const whole = await text().inputValue();
  await text().fill(whole.replace('cross_year = "split"', 'cross_year = "perhaps"'));
  const fault = page.getByRole('alert', { name: '要改的地方' });
  const line = whole.split('\n').findIndex((one) => one.startsWith('cross_year')) + 1;
  await fault.getByText(`第 ${line} 行`).waitFor();
  await page.keyboard.press('F4');
  const chosen = await text().evaluate((box) => box.value.slice(box.selectionStart, box.selectionEnd));
  assert.equal(chosen.split('#')[0].trim(), 'cross_year = "perhaps"');
  await county.picture('pack-fault');
  await text().fill(whole);
  await fault.waitFor({ state: 'detached' });
});

test('a share changed in a field changes the text, and the example that contradicts it says so', async () => {
  const { page } = county;
  await page.getByRole('button', { name: /^数字/ }).click();
  const share = numbers().locator('input').and(page.getByLabel(/基本医保（住院）.*三级.*比例/)).first();
  assert.equal(await share.inputValue(), '75%');
  await share.fill('76%');
  await share.press('Tab');
  await page.getByRole('button', { name: /^算例.*对不上/ }).click();
  await page.getByRole('cell', { name: '134,025.00' }).first().waitFor();
  await county.picture('pack-example-wrong');
  await page.keyboard.press('F7');
  await page.getByText(/没有送复核：算例/).waitFor();
  assert.match(await text().inputValue(), /share = "76%"/);
  await page.getByRole('button', { name: /^数字/ }).click();
  await share.fill('75%');
  await share.press('Tab');
  await page.getByRole('button', { name: /^算例\s*\d+$/ }).waitFor();
});

test('an example is added in a form that shows what comes out', async () => {
  const { page } = county;
  await page.getByRole('button', { name: /^算例/ }).click();
  await page.getByRole('button', { name: '添算例…' }).click();
  const dialog = page.getByRole('dialog', { name: '算例' });
  await dialog.getByLabel('这是什么例子').fill('普通居民，县医院');
  await dialog.getByLabel('总费用').fill('10,000');
  await dialog.getByRole('row').filter({ hasText: '基本医保' }).getByText('7,176.00').waitFor();
  await county.picture('pack-example-form');
  await dialog.getByRole('button', { name: '算出的就是应得的' }).click();
  await page.keyboard.press('Control+s');
  await dialog.waitFor({ state: 'detached' });
  await page.getByText('普通居民，县医院').waitFor();
});

test('two people read it and it is put in force', async () => {
  const { page } = county;
  const whole = await text().inputValue();
  await text().fill(whole.replace(/^version = ".*"$/m, 'version = "2023.9"'));
  await page.keyboard.press('F7');
  await page.getByText('已送复核').waitFor();
  const read = async () => {
    await page.keyboard.press('F8');
    const dialog = page.getByRole('dialog', { name: '复核政策包' });
    await dialog.getByLabel('我已对照文件原文逐条核对').check();
    await county.picture('pack-review');
    await page.keyboard.press('Control+Enter');
    await dialog.waitFor({ state: 'detached' });
  };
  await read();
  await page.getByText('还缺另一名县级操作员').first().waitFor();
  await county.picture('pack-one-reader');

  await county.rpc('session_lock');
  await page.goto('/');
  await county.logIn(SECOND);
  await page.keyboard.press('Alt+5');
  await page.getByRole('link', { name: '政策包' }).click();
  const drafts = page.getByRole('grid', { name: '政策包草稿' });
  await drafts.getByRole('row').nth(1).dblclick();
  await text().waitFor();
  await page.getByText('总的规定').waitFor();
  await read();
  await page.getByText('✓ 两人复核通过').waitFor();
  await page.keyboard.press('Control+Enter');
  const dialog = page.getByRole('dialog', { name: '启用政策包' });
  await dialog.getByText(/北京市/).first().waitFor();
  await county.picture('pack-activate');
  await dialog.getByRole('button', { name: '启用', exact: false }).last().click();
  await page.getByText('✓ 现行').waitFor();
  await county.picture('pack-in-force');
  const rows = (await county.rpc('pack_list')).rows;
  assert.equal(rows.find((row) => row.active).region, '北京市');
  assert.deepEqual(county.complaints, []);
});
