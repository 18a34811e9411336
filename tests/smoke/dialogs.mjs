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

/** How long a dialog gets to close once its path was accepted, and how often the path is typed. */
const CLOSES = 5_000;
const TRIES = 3;

/** Whether nothing of this title is on screen any more, waiting for it. */
async function gone(title) {
  const end = Date.now() + CLOSES;
  while (Date.now() < end) {
    if (!(await xdotool('search', '--onlyvisible', '--name', title).catch(() => ''))) return true;
    await pause(100);
  }
  return false;
}

/**
 * Types a path into the dialog of this title and accepts it. The path is ASCII: a key map has no more. The dialog lists
 * its folder while it is typed into, and on a busy machine what is typed meanwhile gets lost: then it is typed again.
 */
export async function answer(title, path) {
  const dialog = await shown(title);
  for (let go = 0; go < TRIES; go += 1) {
    await xdotool('windowfocus', '--sync', dialog);
    // A slash opens the dialog's own line for a path; what comes before the line is there would be lost.
    if (go === 0) await xdotool('type', '/');
    await pause(700 * (go + 1));
    await xdotool('key', 'ctrl+a');
    await xdotool('type', '--delay', '30', path);
    await pause(400 * (go + 1));
    await xdotool('key', 'Return');
    if (await gone(title)) return;
  }
  throw new Error(`系统对话框“${title}”没有关上`);
}
