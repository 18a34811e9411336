// 年终结算: aid that must be applied for, from the year of the person over the application to the money; and 全县重算.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { open } from '../harness.mjs';
import { pick } from './choose.mjs';
import { root } from '../../programs.mjs';
import { OPERATOR } from '../../demo.mjs';

let office;
let person;
let year;
before(async () => {
  office = await open('county');
  await office.logIn();
  const rpc = office.rpc;
  // 北京 has an aid that is paid once a year on application; two people of the county read it.
  const toml = await readFile(join(root, 'assets/packs/beijing.toml'), 'utf8');
  const word = { toml, verdict: 'passed', remarks: '' };
  const second = { login: 'second-reader', name: '李读包', role: 'county', password: OPERATOR.password };
  await rpc('operator_add', second);
  await rpc('pack_review', word);
  await rpc('session_login', { login: second.login, password: second.password });
  await rpc('pack_review', word);
  await rpc('session_login', OPERATOR);
  await rpc('pack_activate', { toml });
  year = Number((await rpc('setup_status')).today.slice(0, 4)) - 1;
  const record = (table, fields, household = null) =>
    rpc('record_save', { table, id: null, household, fields, reason: null, ...(household ? { relation: '01' } : {}) });
  const village = await record('village', { name: '王庄村', code: '159901201299', township: '159901201' });
  const household = await record('household', { number: 'YE-1', village: village.id });
  person = (await record('person', { name: '周大河', sex: '1', birth: '1960-05-01' }, household.id)).id;
  await record('aid_identity', { person, identity: 'illness_poverty', since: `${year + 1}-03-01` });
  await record('enrolment', { person, year: String(year), insured: 'true', paid_on: `${year - 1}-11-20` });
  await record('settlement', {
    person, settled_on: `${year}-03-20`, admitted_on: `${year}-03-01`, discharged_on: `${year}-03-20`, hospital: '示范市医院',
    hospital_level: 'level3', hospital_area: 'city', care_kind: 'inpatient', referral: 'referred', total: '300000', own_expense: '0',
    pre_self_pay: '0', in_scope: '300000', paid_basic: '200000', paid_critical: '43717.20', paid_personal: '56282.80', invoice: 'YE-1',
  });
});
after(() => office?.close());

test('the year of a person says what the family could still apply for', async () => {
  const { page } = office;
  await office.visit(`/money/years/${person}?year=${year}`);
  await page.getByText('可申请 20,141.40').waitFor();
  await office.picture('year-end-1-year');
  await page.getByText('另可申请年终救助 20,141.40 元').waitFor();
});

test('who must apply is listed, the application is noted and the money ends it', async () => {
  const { page } = office;
  await office.visit('/money/claims?kind=apply');
  await pick(page, '年度', `${year} 年`);
  await page.getByText('待申请').last().waitFor();
  await office.picture('year-end-3-apply');
  await page.getByRole('button', { name: '登记申请' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('向哪里申请').fill('青石乡便民服务中心');
  await office.picture('year-end-4-note');
  await page.keyboard.press('Control+S');
  await page.getByText('已申请 0 天').first().waitFor();

  await office.visit(`/money/entry?person=${person}&year_end=${year}`);
  await page.getByRole('heading', { name: '登记年终结算' }).waitFor();
  const today = (await office.rpc('setup_status')).today;
  await page.getByLabel('结算日期').fill(today);
  await page.getByLabel('医疗救助支付').fill('20141.40');
  await page.getByRole('cell', { name: '因病致贫医疗救助' }).waitFor();
  await office.picture('year-end-5-entry');
  await page.keyboard.press('Control+S');
  await page.getByText('已保存').first().waitFor();
  const { rows } = await office.rpc('claim_list', { year, village: null, kind: 'apply', state: null, group: null, key: null });
  assert.equal(rows.find((row) => row.person === person).state.code, 'paid');
});

test('money that came at the end is a bar of its own, and its steps are behind it', async () => {
  const { page } = office;
  await office.visit(`/money/years/${person}?year=${year}`);
  await page.locator('g', { hasText: '年终 因病致贫' }).locator('rect').click();
  await page.getByText('30%').first().waitFor();
  await office.picture('year-end-2-steps');
});

test('the whole county is settled again with the year’s end on both sides', async () => {
  const { page } = office;
  await office.visit('/money/resettle');
  await pick(page, '换成哪个政策包', /^自带：/);
  await pick(page, '年度', `${year} 年`);
  await page.getByRole('button', { name: /^重算/ }).click();
  await page.getByText('谁少付、谁多付').waitFor({ timeout: 60_000 });
  await office.picture('year-end-6-resettle');
  assert.deepEqual(office.complaints, []);
});
