// Where the programs under test are, and how they are started and ended. Shared by the browser and the window tests.
import { spawn, execFile } from 'node:child_process';
import { mkdir, mkdtemp, cp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

export const root = join(dirname(fileURLToPath(import.meta.url)), '..');

const products = join(process.env.CARGO_TARGET_DIR ?? join(root, 'target'), 'debug');

export const programs = {
  cli: process.env.MINGBAI_CLI ?? join(products, 'mingbai'),
  window: process.env.MINGBAI_WINDOW ?? join(products, 'mingbai-desktop'),
  webtwin: process.env.MINGBAI_WEBTWIN ?? join(products, 'webtwin'),
  dist: process.env.MINGBAI_DIST ?? join(root, 'ui', 'dist'),
  driver: process.env.MINGBAI_DRIVER ?? 'tauri-driver',
};

/** Makes the demo county once and returns its folder. */
export async function makeDemo() {
  const folder = await mkdtemp(join(tmpdir(), 'mingbai-demo-'));
  await promisify(execFile)(programs.cli, ['demo', folder], { maxBuffer: 64 * 1024 * 1024 });
  return folder;
}

/** In the place of a demo office: a PC on which the program was never started. */
export const NEW_PC = 'new-pc';

/** A fresh copy of one folder of the demo county, for example `township-a`. */
export async function copyOf(office) {
  const demo = process.env.MINGBAI_DEMO;
  if (!demo) throw new Error('MINGBAI_DEMO 没有设置：请通过 run.mjs 运行');
  const folder = await mkdtemp(join(tmpdir(), 'mingbai-test-'));
  const data = join(folder, office);
  if (office === NEW_PC) await mkdir(data);
  else await cp(join(demo, office), data, { recursive: true });
  return { data, remove: () => rm(folder, { recursive: true, force: true }) };
}

/** Starts a program in a process group of its own, so that `end` takes its children along. One stream can be read. */
export function start(program, args, env = {}, read = 'stdout') {
  const child = spawn(program, args, {
    detached: true,
    stdio: read === 'stdout' ? ['ignore', 'pipe', 'inherit'] : ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, ...env },
  });
  const closed = new Promise((resolve) => child.once('close', resolve));
  const failed = new Promise((_, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => reject(new Error(`${program} 提前结束（${signal ?? code}）`)));
  });
  failed.catch(() => {});
  return {
    child,
    failed,
    async end() {
      if (child.exitCode === null && child.signalCode === null && child.pid) {
        try {
          process.kill(-child.pid, 'SIGTERM');
        } catch (failure) {
          if (failure.code !== 'ESRCH') throw failure;
        }
      }
      const slow = setTimeout(() => {
        try {
          process.kill(-child.pid, 'SIGKILL');
        } catch {
          // The group ended by itself meanwhile.
        }
      }, 5_000);
      await closed;
      clearTimeout(slow);
    },
  };
}

/** Rejects with a sentence when something takes too long. */
export async function within(milliseconds, what, promise) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what}：超过 ${milliseconds} 毫秒没有结果`)), milliseconds);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
