// The login: fits the screen, refuses a wrong password in words, lets the clerk in with the keyboard alone.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { OPERATOR } from '../../demo.mjs';
import { open } from '../harness.mjs';

let office;
before(async () => {
  office = await open('township-a');
});
after(() => office?.close());

test('the first screen fits the reference screen and complains of nothing', async () => {
  await office.page.getByLabel('密码').waitFor();
  assert.equal(await office.page.title(), '明白账');
  const overflow = await office.page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  assert.ok(overflow <= 0, `页面比屏幕宽 ${overflow} 像素`);
  assert.deepEqual(office.complaints, []);
  await office.picture('login');
});

test('a wrong password is refused in words and nothing opens', async () => {
  await office.enter(OPERATOR.login, '不是这个密码');
  const said = office.page.getByRole('alert');
  await said.waitFor();
  assert.match(await said.innerText(), /(密码|口令)不对/);
  assert.equal(await office.page.getByRole('navigation').count(), 0);
  await office.picture('login-refused');
});

test('the right password opens the desk', async () => {
  await office.logIn();
  await office.page.getByRole('link', { name: '工作台' }).waitFor();
  await office.picture('desk');
});
