// xvfb-run -a -s "-screen 0 1366x768x24" dbus-run-session -- node tests/smoke/run.mjs: the tests of the real window.
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runFolder } from '../runner.mjs';

process.exitCode = await runFolder(dirname(fileURLToPath(import.meta.url)), process.argv.slice(2));
