// One browser page over one web twin on one fresh copy of a demo office.
//
//   const office = await open('township-a');   // in before(); await office.close() in after()
//   await office.logIn();
//   await office.page.getByRole('link', { name: '户档案' }).click();
//   await office.picture('households');        // into $MINGBAI_SHOTS, when set
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { chromium } from 'playwright-core';
import { OPERATOR } from '../demo.mjs';
import { copyOf, programs, start, within } from '../programs.mjs';

/** The reference screen of the product. */
export const SCREEN = { width: 1366, height: 768 };

const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--lang=zh-CN',
];

/** The folder that is this office's stick for as long as it is there. */
export const stickOf = (data) => join(data, 'stick', 'KINGSTON');

/** Starts a twin on a data folder and resolves with its address once it is ready. */
export async function startTwin(data) {
  const twin = start(programs.webtwin, ['--data', data, '--dist', programs.dist, '--stick', stickOf(data)]);
  const ready = new Promise((resolve) => {
    createInterface({ input: twin.child.stdout }).once('line', resolve);
  });
  const address = await within(20_000, 'webtwin 启动', Promise.race([ready, twin.failed]));
  return { address, end: twin.end };
}

/** Opens a fresh copy of a demo office in a browser. */
export async function open(office = 'township-a') {
  const copy = await copyOf(office);
  const twin = await startTwin(copy.data);
  const browser = await chromium.launch({
    executablePath: process.env.MINGBAI_CHROMIUM ?? '/usr/bin/chromium',
    headless: true,
    args: FLAGS,
  });
  const context = await browser.newContext({ viewport: SCREEN, locale: 'zh-CN', baseURL: twin.address });
  const page = await context.newPage();
  page.setDefaultTimeout(10_000);

  // A page that complains in its console is a fault even when the screen looks right. A refusal of the command table
  // (422) is an answer like any other, which the browser only happens to note there.
  const complaints = [];
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error' && !message.text().includes('status of 422')) complaints.push(message.text());
  });
  await page.goto('/');

  return {
    page,
    data: copy.data,
    address: twin.address,
    complaints,

    /** Fills in the login as a clerk would and presses Enter. */
    async enter(login, password) {
      await page.getByLabel('用户名').fill(login);
      await page.getByLabel('密码').fill(password);
      await page.getByLabel('密码').press('Enter');
    },

    /** Logs in and waits for the rail. */
    async logIn(operator = OPERATOR) {
      await this.enter(operator.login, operator.password);
      await page.getByRole('navigation', { name: '各部分' }).waitFor();
    },

    /** Goes to a place of the program and waits until its page, and no longer the one before it, is shown. */
    async visit(place) {
      await page.goto(`/#${place}`);
      // What the page keeps of its own behind the question mark may have changed by then.
      await page.locator(`[data-place="${place.split('?')[0]}"]`).waitFor();
    },

    /** Calls the command table as the page does, to prepare or to check what the screen shows. */
    async rpc(command, payload = {}) {
      const answer = await fetch(`${twin.address}/rpc`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ command, payload }),
        signal: AbortSignal.timeout(30_000),
      });
      const body = await answer.json();
      if (!answer.ok) throw Object.assign(new Error(body.message), body);
      return body;
    },

    /** Keeps a picture of the screen for somebody to look at; no test depends on it. */
    async picture(name) {
      const folder = process.env.MINGBAI_SHOTS;
      if (!folder) return;
      await mkdir(folder, { recursive: true });
      await page.screenshot({ path: join(folder, `${name}.png`) });
    },

    async close() {
      await browser.close();
      await twin.end();
      await copy.remove();
    },
  };
}
