// The system's own file dialogs, which WebDriver cannot see: answered from the keyboard through the X server.
import { execFile } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);
const xdotool = async (...words) => (await run('xdotool', words, { timeout: 20_000 })).stdout.trim();

/** The dialog with this title once it is on screen. */
async function shown(title) {
  const end = Date.now() + 15_000;
  while (Date.now() < end) {
    const found = await xdotool('search', '--onlyvisible', '--name', title).catch(() => '');
    if (found) return found.split('\n').at(-1);
    await pause(100);
  }
  throw new Error(`系统对话框“${title}”没有出现`);
}

/** Waits until nothing of this title is on screen. */
async function gone(title) {
  const end = Date.now() + 15_000;
  while (Date.now() < end) {
    if (!(await xdotool('search', '--onlyvisible', '--name', title).catch(() => ''))) return;
    await pause(100);
  }
  throw new Error(`系统对话框“${title}”没有关上`);
}

/** Types a path into the dialog of this title and accepts it. The path is ASCII: a key map has no more. */
export async function answer(title, path) {
  const dialog = await shown(title);
  await xdotool('windowfocus', '--sync', dialog);
  // A slash opens the dialog's own line for a path; what comes before the line is there would be lost.
  await xdotool('type', '/');
  await pause(700);
  await xdotool('key', 'ctrl+a');
  await xdotool('type', '--delay', '30', path);
  await pause(400);
  await xdotool('key', 'Return');
  await gone(title);
}
