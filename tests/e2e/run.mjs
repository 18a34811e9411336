// node tests/e2e/run.mjs [word…]: the browser tests, all or those whose file name holds a word.
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runFolder } from '../runner.mjs';

const folder = join(dirname(fileURLToPath(import.meta.url)), 'specs');
process.exitCode = await runFolder(folder, process.argv.slice(2));
