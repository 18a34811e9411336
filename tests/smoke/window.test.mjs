// The real window on the demo township, as a clerk uses it on an ordinary morning.
import assert from 'node:assert/strict';
import { createInterface } from 'node:readline';
import { after, before, test } from 'node:test';
import { FLAGSHIP, OPERATOR } from '../demo.mjs';
import { copyOf, programs, start, within } from '../programs.mjs';
import { KEY, openWindow } from './driver.mjs';

let office;
before(async () => {
  office = await copyOf('township-a');
});
after(() => office?.remove());

async function logIn(window) {
  const login = await window.css('input[autocomplete=username]');
  await window.clear(login);
  await window.type(login, OPERATOR.login);
  await window.type(await window.css('input[type=password]'), OPERATOR.password + KEY.enter);
  // The desk takes the focus once its list is there; only then is the clerk's typing safe from it.
  await window.css('main [role=row][aria-selected=true]');
}

async function goToFlagship(window) {
  const search = await window.css('input[aria-label=查找]');
  await window.type(search, FLAGSHIP.initials);
  await window.css('#search-hit-0');
  await window.type(search, KEY.enter);
  await window.heading(FLAGSHIP.title);
}

test('the page reaches the command table over the real channel', async () => {
  const window = await openWindow(office.data);
  try {
    assert.equal(await window.title(), '明白账');
    const { error } = await window.rpc('no_such_command');
    assert.equal(error.code, 'UNKNOWN_COMMAND');
    assert.match(error.message, /[\u4e00-\u9fff]/);
  } finally {
    await window.quit();
  }
});

test('a clerk logs in, finds a household and sees its card; after a restart it is still there', async () => {
  for (const round of ['first', 'again']) {
    const window = await openWindow(office.data);
    try {
      await logIn(window);
      await goToFlagship(window);
      await window.picture(`window-household-${round}`);
      await window.click(await window.xpath('//header//button[contains(., "明白卡")]'));
      const card = await window.css('[data-testid=card-page]');
      assert.ok(await window.drawn(card), '卡片图没有画出来');
      await window.picture(`window-card-${round}`);
    } finally {
      await window.quit();
    }
  }
});

test('a second window on the same folder says so in words', async () => {
  const window = await openWindow(office.data);
  const second = start(programs.window, [], { MINGBAI_DATA: office.data }, 'stderr');
  try {
    const said = createInterface({ input: second.child.stderr });
    const sentence = (async () => {
      for await (const line of said) if (/[\u4e00-\u9fff]/.test(line)) return line;
      throw new Error('第二个窗口什么也没有说');
    })();
    assert.match(await within(20_000, '第二个窗口', sentence), /已|正/);
  } finally {
    await second.end();
    await window.quit();
  }
});
