// A working day without the mouse: every step by key, letters never while typing or composing.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { OPERATOR } from '../../demo.mjs';
import { open } from '../harness.mjs';

let office;
before(async () => {
  office = await open('township-a');
  await office.logIn();
});
after(() => office?.close());

const SECTIONS = ['今天要办的事', '户档案', '疾病救治', '签约随访', '保障结算', '明白卡', '数据比对', '统计报表', '数据交换', '系统'];

test('Esc at the first place stays in the app, and an indicator opens the people it lacks', async () => {
  const { page } = office;
  const heading = page.getByRole('heading', { level: 1, name: '今天要办的事' });
  await heading.waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: /家庭医生签约/ }).focus();
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog', { name: '家庭医生签约' });
  await dialog.getByRole('button', { name: '看名单' }).waitFor();
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { level: 1, name: /未签约/ }).waitFor();
  await page.keyboard.press('Escape');
  await heading.waitFor();
});

test('Alt and a digit open each of the ten sections', async () => {
  for (const [place, title] of SECTIONS.entries()) {
    await office.page.keyboard.press(`Alt+${(place + 1) % 10}`);
    await office.page.getByRole('heading', { level: 1, name: title }).waitFor();
    const overflow = await office.page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    assert.ok(overflow <= 0, `${title}比屏幕宽 ${overflow} 像素`);
    await office.page.waitForLoadState('networkidle');
    await office.picture(`section-${(place + 1) % 10}`);
  }
});

test('from a count to its people to the household and back', async () => {
  const { page } = office;
  await page.keyboard.press('Alt+1');
  const items = page.getByRole('grid', { name: '要办的事' });
  await items.locator('[role=row]:focus').waitFor();
  await page.keyboard.press('Enter');
  const people = page.getByRole('grid', { name: '名单' });
  await people.locator('[role=row]:focus').waitFor();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await page.getByText(/家庭成员 \d+ 人/).waitFor();
  await page.keyboard.press('Escape');
  await people.waitFor();
});

test('a visit is registered without the mouse', async () => {
  const { page } = office;
  await office.visit('/households');
  await page.getByRole('grid', { name: '户', exact: true }).locator('[role=row]:focus').waitFor();
  await page.keyboard.press('Enter');
  await page.getByRole('grid', { name: '家庭成员' }).locator('[role=row]:focus').waitFor();
  await page.keyboard.press('n');
  await page.getByRole('dialog', { name: '登记什么' }).waitFor();
  await page.keyboard.press('1');
  const form = page.getByRole('dialog', { name: /登记随访/ });
  await form.getByLabel('随访类别').waitFor();
  await page.waitForFunction(() => document.activeElement?.closest('#record-form') !== null);
  await page.keyboard.type('高血压');
  await page.getByRole('option', { name: '高血压' }).waitFor();
  await page.keyboard.press('Enter');
  await page.keyboard.press('Enter');
  await page.waitForFunction(() => /^\d{4}-/.test(document.activeElement?.value ?? ''));
  await page.keyboard.press('Control+s');
  await page.getByText(/已保存随访/).waitFor();
  await form.waitFor({ state: 'detached' });
});

test('letters are text while somebody types, and nothing while an input method composes', async () => {
  const { page } = office;
  await office.visit('/households');
  const grid = page.getByRole('grid', { name: '户', exact: true });
  await grid.locator('[role=row]:focus').waitFor();
  await page.keyboard.press('f');
  await page.keyboard.type('nnn');
  assert.equal(await page.getByRole('searchbox', { name: '筛选' }).inputValue(), 'nnn');
  assert.equal(await page.getByRole('dialog').count(), 0);
  await page.evaluate(() => {
    document.activeElement?.dispatchEvent(new KeyboardEvent('keydown', { key: 'F8', isComposing: true, bubbles: true }));
    document.body.dispatchEvent(new KeyboardEvent('keydown', { key: 'n', isComposing: true, bubbles: true }));
  });
  assert.equal(await page.getByRole('dialog').count(), 0);
});

test('Ctrl+L locks, and the password opens again', async () => {
  const { page } = office;
  await page.keyboard.press('Control+l');
  await page.getByLabel('密码').waitFor();
  assert.equal(await page.getByRole('navigation').count(), 0);
  await office.logIn(OPERATOR);
  assert.deepEqual(office.complaints, []);
});
