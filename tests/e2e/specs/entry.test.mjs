// Entry that forgives: what is typed comes back, the same person is said, a disease by three letters, the look-up box.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { open } from '../harness.mjs';

let office;
before(async () => {
  office = await open('township-a');
  await office.logIn();
});
after(() => office?.close());

/** Opens a form of the first household by its digit in the register dialog. */
async function register(page, digit, title) {
  await office.visit('/households');
  await page.getByRole('grid', { name: '户', exact: true }).locator('[role=row]:focus').waitFor();
  await page.keyboard.press('Enter');
  await page.getByRole('grid', { name: '家庭成员' }).locator('[role=row]:focus').waitFor();
  await page.keyboard.press('n');
  await page.getByRole('dialog', { name: '登记什么' }).waitFor();
  await page.keyboard.press(digit);
  const form = page.getByRole('dialog', { name: title });
  await form.waitFor();
  await page.waitForFunction(() => document.activeElement?.closest('#record-form') !== null);
  return form;
}

test('F2 answers what a clerk would count on paper', async () => {
  const { page } = office;
  await page.keyboard.press('F2');
  const box = page.getByRole('dialog', { name: '速查' });
  await box.getByLabel('查什么').waitFor();
  await page.waitForFunction(() => document.activeElement?.closest('.ask') !== null);
  await page.keyboard.type('20261001');
  await box.getByText('2026-09-30').waitFor();
  await office.picture('quick');
  await box.getByLabel('查什么').fill('134025.5');
  await box.getByText('壹拾叁万肆仟零贰拾伍元伍角整').waitFor();
  await page.keyboard.press('Escape');
  await box.waitFor({ state: 'detached' });
});

test('a disease is found by gxy, and its code stands beside it', async () => {
  const { page } = office;
  const form = await register(page, '2', /登记诊断/);
  await page.keyboard.type('gxy');
  await form.getByRole('option', { name: /高血压 I10/ }).waitFor();
  await office.picture('disease');
  await page.keyboard.press('Enter');
  assert.equal(await form.getByLabel('疾病名称').inputValue(), '高血压');
  assert.equal(await form.getByLabel('ICD-10').inputValue(), 'I10');
});

test('what was typed and not saved is offered at the next login, and is gone once saved', async () => {
  const { page } = office;
  await page.keyboard.press('Escape');
  await page.getByText('填的都留着').waitFor();
  await page.keyboard.press('Control+l');
  await office.logIn();
  await page.getByText(/有没存完的表：登记诊断/).waitFor();
  await office.picture('drafts');
  await page.keyboard.press('F9');
  const form = page.getByRole('dialog', { name: /登记诊断/ });
  await form.getByText('已经放回来了').waitFor();
  assert.equal(await form.getByLabel('ICD-10').inputValue(), 'I10');
  await page.keyboard.press('Control+s');
  await page.getByText(/已保存诊断/).waitFor();
  await form.waitFor({ state: 'detached' });
  assert.equal(await page.getByText('有没存完的表').count(), 0);
});

test('an id that is registered already is said while it is typed', async () => {
  const { page } = office;
  const form = await register(page, '8', '登记家庭成员');
  // Somebody of another household: the number is asked for as a clerk would, with a reason.
  const rpc = (command, payload) =>
    page.evaluate(
      async ([command, payload]) =>
        (await fetch('/rpc', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ command, payload }) })).json(),
      [command, payload],
    );
  const list = await rpc('household_list', { village: null, status: null, text: null, offset: 5, limit: 1 });
  const person = (await rpc('household_get', { id: list.rows[0].id })).members[0];
  const { citizen_id: number } = await rpc('person_unmask', { person: person.id, reason: '核对证件' });
  await form.getByLabel('公民身份号码').pressSequentially(number);
  await form.getByText('这个证件号码已经登记').waitFor();
  assert.match(await form.getByLabel('出生日期').inputValue(), /^\d{4}-\d\d-\d\d$/);
  await office.picture('like');
  await form.getByRole('button', { name: '去看' }).click();
  await page.getByRole('heading', { level: 1, name: new RegExp(person.name) }).waitFor();
  assert.deepEqual(office.complaints, []);
});
