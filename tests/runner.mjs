// Makes the demo county once, then runs the test files of a folder under node's own runner, one after another.
import { spawn } from 'node:child_process';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { makeDemo } from './programs.mjs';

/** After so long a file of tests hangs; the whole working day in the window takes two minutes, on a busy machine four. */
const HANGS = 600_000;

/** Runs every `*.test.mjs` of a folder, or those whose name holds one of the words, and returns the exit code. */
export async function runFolder(folder, words) {
  const files = (await readdir(folder))
    .filter((name) => name.endsWith('.test.mjs'))
    .filter((name) => words.length === 0 || words.some((word) => name.includes(word)))
    .sort()
    .map((name) => join(folder, name));
  if (files.length === 0) {
    console.error(`没有名称含“${words.join(' ')}”的测试`);
    return 1;
  }
  const demo = await makeDemo();
  try {
    const runner = spawn(process.execPath, ['--test', '--test-concurrency=1', `--test-timeout=${HANGS}`, ...files], {
      stdio: ['ignore', 'inherit', 'inherit'],
      env: { ...process.env, MINGBAI_DEMO: demo },
    });
    return await new Promise((resolve) => runner.once('close', (code) => resolve(code ?? 1)));
  } finally {
    await rm(demo, { recursive: true, force: true });
  }
}
