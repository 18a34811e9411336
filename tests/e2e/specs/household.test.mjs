// From the search box to a household and its card, by keyboard.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { FLAGSHIP } from '../../demo.mjs';
import { open } from '../harness.mjs';

let office;
before(async () => {
  office = await open('township-a');
  await office.logIn();
});
after(() => office?.close());

test('initials find the household', async () => {
  await office.page.keyboard.press('/');
  await office.page.getByRole('combobox', { name: '查找' }).fill(FLAGSHIP.initials);
  await office.page.getByRole('option').first().waitFor();
  await office.picture('search');
  await office.page.keyboard.press('Enter');
  await office.page.getByRole('heading', { name: FLAGSHIP.title }).waitFor();
  await office.picture('household');
});

test('its card is drawn on the screen', async () => {
  await office.page.keyboard.press('p');
  const card = office.page.getByTestId('card-page').first();
  await card.waitFor();
  await office.page.waitForFunction((image) => image.complete && image.naturalWidth > 0, await card.elementHandle());
  await office.picture('card');
  await office.page.keyboard.press('Escape');
  await card.waitFor({ state: 'detached' });
  assert.deepEqual(office.complaints, []);
});
