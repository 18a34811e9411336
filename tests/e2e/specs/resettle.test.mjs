// 全县重算 of more bills than a hand is quick: it says how far it has come, and 停下 stops it with nothing changed.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { open } from '../harness.mjs';

/** As long as the calculation has to take, so that the button is pressed in its middle on a quick machine as on a slow one. */
const LONG_MS = 3_000;
/** People added at a time, and stays of each. */
const PEOPLE = 10;
const STAYS = 150;
/** So many times at most; a machine that is not kept busy by that is quicker than any this runs on. */
const ROUNDS = 8;

let office;
let year;
before(async () => {
  office = await open('county');
  await office.logIn();
  year = Number((await office.rpc('setup_status')).today.slice(0, 4)) - 1;
  await fill();
});
after(() => office?.close());

/** Registers people and their bills until all of them take long enough to be settled again. */
async function fill() {
  const { rpc } = office;
  const record = (table, fields, household = null) =>
    rpc('record_save', { table, id: null, household, fields, reason: null, ...(household ? { relation: '01' } : {}) });
  const village = await record('village', { name: '王庄村', code: '159901201299', township: '159901201' });
  const { toml } = (await rpc('pack_shipped')).rows[0];
  for (let round = 0; round < ROUNDS; round++) {
    const rows = [];
    for (let one = 0; one < PEOPLE; one++) {
      const number = `CS-${round}-${one}`;
      const household = await record('household', { number, village: village.id });
      const person = await record('person', { name: '周大河', sex: '1', birth: '1960-05-01' }, household.id);
      await record('enrolment', { person: person.id, year: String(year), insured: 'true', paid_on: `${year - 1}-11-20` });
      for (let stay = 0; stay < STAYS; stay++) {
        const day = new Date(Date.UTC(year, 0, 1 + 2 * stay)).toISOString().slice(0, 10);
        const fields = {
          person: person.id, admitted_on: day, discharged_on: day, settled_on: day, hospital: '示范市医院', hospital_level: 'level3',
          hospital_area: 'city', care_kind: 'inpatient', referral: 'referred', total: '9000', own_expense: '0', pre_self_pay: '0',
          in_scope: '9000', paid_personal: '9000', invoice: `${number}-${stay}`,
        };
        rows.push({ id: null, fields });
      }
    }
    const { saved } = await rpc('record_save_many', { table: 'settlement', rows, reason: null });
    assert.equal(saved, rows.length);
    const begun = Date.now();
    await rpc('pack_resettle', { draft: null, pack: null, path: null, toml, year });
    if (Date.now() - begun >= LONG_MS) return;
  }
}

/** Chooses one of a list. */
async function pick(page, label, option) {
  await page.getByRole('combobox', { name: label }).click();
  await page.getByRole('option', { name: option }).first().click();
}

test('a calculation that is stopped says so, shows nothing and has changed nothing', async () => {
  const { page, rpc } = office;
  const before = await rpc('foot_get');
  await page.goto('/#/money/resettle');
  await pick(page, '换成哪个政策包', /^自带：/);
  await pick(page, '年度', `${year} 年`);
  await page.getByRole('button', { name: /^重算/ }).click();
  await page.getByRole('button', { name: /^停下/ }).click();
  await page.getByText('已经停下，没有做完；没有任何改动').first().waitFor();
  await office.picture('resettle-stopped');
  await page.getByRole('button', { name: /停下/ }).waitFor({ state: 'detached' });
  assert.equal(await page.getByText('谁少付、谁多付').count(), 0, 'half a county is no result');
  assert.deepEqual(await rpc('foot_get'), before);
});

test('after that it runs to its end as if nothing had been stopped', async () => {
  const { page } = office;
  await page.getByRole('button', { name: /^重算/ }).click();
  await page.getByText('谁少付、谁多付').waitFor({ timeout: 60_000 });
  await office.picture('resettle-whole');
  assert.deepEqual(office.complaints, []);
});
