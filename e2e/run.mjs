// Starts the built program with the demonstration city on a free port and runs every journey against it.
// The last line has the form that `cargo xtask ci` counts: `test result: ok. N passed; N failed`.
import { spawn } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';

const here = fileURLToPath(new URL('.', import.meta.url));
const program = process.env.JINBAN_BIN ?? join(here, '../target/debug/jinban');
const patience = 90_000; // ms: a demonstration city is seeded before the address is printed

/** Starts `jinban demo`; answers the process and the address it prints. */
function start(folder) {
  const server = spawn(program, ['demo', '--listen', '127.0.0.1:0', '--data', folder], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const address = new Promise((found, failed) => {
    let said = '';
    const timer = setTimeout(() => failed(new Error(`no address after ${patience} ms:\n${said}`)), patience);
    const listen = (chunk) => {
      said = (said + chunk).slice(-20_000);
      const match = /http:\/\/127\.0\.0\.1:(?!0\b)\d+/.exec(said);
      if (match) {
        clearTimeout(timer);
        found(match[0]);
      }
    };
    server.stdout.on('data', listen);
    server.stderr.on('data', listen);
    server.on('error', failed);
    server.on('exit', (code) => failed(new Error(`the program ended with ${code}:\n${said}`)));
  });
  return { server, address };
}

/** Runs the journeys one after the other; answers how many passed and failed. */
async function journeys(address) {
  const wanted = process.argv[2] ?? '';
  const names = (await readdir(join(here, 'journeys'))).filter((name) => name.endsWith('.mjs') && name.includes(wanted)).sort();
  if (names.length === 0) throw new Error('e2e/journeys is empty');
  process.env.JINBAN_URL = address;
  process.env.JINBAN_DATA = folder;
  const count = { passed: 0, failed: 0 };
  const stream = run({ files: names.map((name) => join(here, 'journeys', name)), concurrency: 1, timeout: 120_000 });
  const leaf = (event) => event.details?.type !== 'suite' && event.name !== event.file;
  stream.on('test:pass', (event) => { if (leaf(event)) count.passed += 1; });
  stream.on('test:fail', (event) => { if (leaf(event)) count.failed += 1; });
  const report = stream.compose(new spec());
  report.pipe(process.stdout);
  await new Promise((done) => report.on('end', done));
  return count;
}

const folder = await mkdtemp(join(tmpdir(), 'jinban-e2e-'));
const { server, address } = start(folder);
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(1));
process.on('exit', () => server.kill('SIGKILL'));

let count = { passed: 0, failed: 1 };
try {
  count = await journeys(await address);
} catch (error) {
  console.error(error);
} finally {
  server.removeAllListeners('exit');
  server.kill('SIGTERM');
  await new Promise((done) => (server.exitCode === null && server.signalCode === null ? server.on('exit', done) : done()));
  await rm(folder, { recursive: true, force: true });
}
const word = count.failed === 0 ? 'ok' : 'FAILED';
console.log(`test result: ${word}. ${count.passed} passed; ${count.failed} failed`);
process.exit(count.failed === 0 ? 0 : 1);
