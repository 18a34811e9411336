// The real window through tauri-driver: plain W3C WebDriver calls, each with its own time limit.
import { execFile } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { programs, start, within } from '../programs.mjs';

const ELEMENT = 'element-6066-11e4-a52e-4f735466cecf';

/** Keys as WebDriver writes them. */
export const KEY = { enter: '\uE007', escape: '\uE00C' };

/** How long the driver may take for one answer, and a screen until it shows what is awaited: enough for a busy machine. */
const ANSWER = 40_000;
const SHOWN = 45_000;

async function freePort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function call(address, method, path, body) {
  const answer = await fetch(`${address}${path}`, {
    method,
    headers: { 'content-type': 'application/json' },
    body: method === 'POST' ? JSON.stringify(body ?? {}) : undefined,
    signal: AbortSignal.timeout(ANSWER),
  });
  const { value } = await answer.json();
  if (!answer.ok) throw Object.assign(new Error(`${path}：${value?.message ?? answer.status}`), { code: value?.error });
  return value;
}

/** Tries until something is there; errors meanwhile mean "not yet". */
async function until(what, attempt) {
  const end = Date.now() + SHOWN;
  let last;
  while (Date.now() < end) {
    try {
      const found = await attempt();
      if (found) return found;
    } catch (failure) {
      last = failure;
    }
    await pause(100);
  }
  throw new Error(`${what}：${SHOWN} 毫秒内没有出现`, { cause: last });
}

/** Starts the window on a data folder. */
export async function openWindow(data) {
  const [port, native] = [await freePort(), await freePort()];
  // No accessibility bus: on a bare virtual screen it only fills the log.
  const env = { MINGBAI_DATA: data, NO_AT_BRIDGE: '1' };
  const driver = start(programs.driver, ['--port', String(port), '--native-port', String(native)], env);
  // Nobody reads the driver's output; it must not fill the pipe.
  driver.child.stdout.resume();
  const address = `http://127.0.0.1:${port}`;
  try {
    await Promise.race([until('tauri-driver', () => call(address, 'GET', '/status')), driver.failed]);
    const capabilities = { alwaysMatch: { 'tauri:options': { application: programs.window } } };
    const session = await within(30_000, '窗口启动', call(address, 'POST', '/session', { capabilities }));
    return windowOf(address, `/session/${session.sessionId}`, driver);
  } catch (failure) {
    await driver.end();
    throw failure;
  }
}

function windowOf(address, session, driver) {
  const ask = (method, path, body) => call(address, method, `${session}${path}`, body);
  const find = (using, value) => until(value, async () => (await ask('POST', '/element', { using, value }))[ELEMENT]);

  return {
    title: () => ask('GET', '/title'),

    /** The element a CSS selector or an XPath names, once it is there. */
    css: (selector) => find('css selector', selector),
    xpath: (path) => find('xpath', path),

    /** Waits for the page's heading. */
    heading: (text) => find('xpath', `//h1[contains(., ${JSON.stringify(text)})]`),

    clear: (element) => ask('POST', `/element/${element}/clear`),

    /** Clicks once the element has come to rest: a dialog that is still opening would be missed. */
    async click(element) {
      let before = '';
      await until('停下来的按钮', async () => {
        const rect = JSON.stringify(await ask('GET', `/element/${element}/rect`));
        const rests = rect === before;
        before = rect;
        return rests;
      });
      await ask('POST', `/element/${element}/click`);
    },

    async type(element, text) {
      await ask('POST', `/element/${element}/value`, { text });
    },

    /** What an attribute of an element says. */
    attribute: (element, name) => ask('GET', `/element/${element}/attribute/${name}`),

    /** Whether a picture element has loaded and has a size. */
    drawn: (element) =>
      until('图片', () =>
        ask('POST', '/execute/sync', {
          script: 'return arguments[0].complete && arguments[0].naturalWidth > 0 && arguments[0].clientHeight > 0;',
          args: [{ [ELEMENT]: element }],
        }),
      ),

    /** Calls the command table over the window's real channel; resolves with `{ok}` or `{error}`. */
    rpc: (command, payload = {}) =>
      ask('POST', '/execute/async', {
        script: `const [command, payload, done] = arguments;
          window.__TAURI_INTERNALS__.invoke('rpc', { command, payload })
            .then((ok) => done({ ok }), (error) => done({ error }));`,
        args: [command, payload],
      }),

    /** A picture of the virtual screen. WebDriver's own may be a stale frame, so the X server is asked, once it has caught up. */
    async picture(name) {
      const folder = process.env.MINGBAI_SHOTS;
      if (!folder) return;
      await mkdir(folder, { recursive: true });
      await pause(2_500);
      await promisify(execFile)('import', ['-window', 'root', join(folder, `${name}.png`)], { timeout: ANSWER });
    },

    /** Ends this session, which closes the window, and the driver with all its children. */
    async quit() {
      try {
        await call(address, 'DELETE', session);
      } finally {
        await driver.end();
      }
    },
  };
}
