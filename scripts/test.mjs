import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ensureBuilt } from './setup/build.mjs';
import { ensureGrafanaApp } from './setup/grafana-app.mjs';
import { runScript } from './setup/main.mjs';
import { checkNodeVersion } from './setup/node-version.mjs';
import { ensurePackages } from './setup/packages.mjs';
import { secondsSince } from './setup/progress.mjs';
import { root } from './setup/project.mjs';
import { run } from './setup/run.mjs';
import { runInTerminal } from './setup/terminal.mjs';
import { ensureTools, environmentFor } from './setup/tools.mjs';

// Biome colours every character of what it prints, in a log file as well.
const colours = process.stdout.isTTY ? [] : ['--colors=off'];
const checks = [
  { name: 'format and lint', command: ['biome', 'ci', ...colours, '.'] },
  { name: 'types', command: ['tsc'] },
  { name: 'generated files', command: ['tsx', 'scripts/gen.ts', '--check'] },
];
const appChecks = [
  { name: 'app: lint', command: ['eslint', '--max-warnings=0', '.'], folder: 'grafana-plugin' },
  { name: 'app: types', command: ['tsc', '--noEmit'], folder: 'grafana-plugin' },
  { name: 'app: Grafana 12', command: ['tsc', '--noEmit', '-p', 'tsconfig.g12.json'], folder: 'grafana-plugin' },
];
// promtool and Prometheus run for moments and hundreds of times, and would spend a fifth of that on collecting a few megabytes of garbage.
const jest = { name: 'tests', command: ['jest'], env: { GOGC: '400' } };
const browser = { name: 'browser tests', command: ['playwright', 'test', '--config=test/browser'] };
// Boards, failures and more than the pages on the oldest Grafana take minutes; `npm test -- test/browser` runs them too.
const shortBrowser = {
  ...browser,
  command: [...browser.command, '--grep-invert=@full', '--project=g12', '--project=g13'],
};
const oldestGrafana = join(root, 'test', 'host-g12');
const needed = ['prometheus', 'alertmanager', 'postgresql', 'kubernetes', 'victoriametrics', 'chromium'];

await runScript(async (args) => {
  const log = process.stderr;
  checkNodeVersion();
  // The programs come from the network while the rest is installed and compiled.
  const said = [];
  const toldLater = { write: (text) => said.push(text) };
  const [tools] = await Promise.all([ensureTools(needed, { log: toldLater }), ensurePackagesAndApp(log)]);
  log.write(said.join(''));
  const updates = args.includes('-u') ? { UPDATE_GOLDEN: '1' } : {};
  const env = { ...process.env, ...environmentFor(tools), ...updates };
  // With arguments, somebody works on one test and does not want to wait for the rest.
  const results = args.length > 0 ? await runSteps([oneStep(args)], env) : await runAll(env);
  if (results.length > 1) process.stdout.write(`\n${results.map(describe).join('\n')}\n`);
  return results.find(({ code }) => code !== undefined && code !== 0)?.code ?? 0;
});

async function ensurePackagesAndApp(log) {
  await ensurePackages({ log });
  await ensurePackages({ log, folder: oldestGrafana });
  await ensureBuilt({ log });
  await ensureGrafanaApp({ log, names: ['g13', 'g12'] });
}

/** `test/browser` and what stands behind it are for Playwright, all else for Jest. */
function oneStep(args) {
  const [first, ...rest] = args;
  if (first?.startsWith('test/browser') !== true) return { ...jest, command: [...jest.command, ...args] };
  const file = first.replace(/^test\/browser\/?/, '');
  return { ...browser, command: [...browser.command, ...(file === '' ? rest : [file, ...rest])] };
}

/** The checks together, each on one core for the most part; then the tests, unless a check has failed. */
async function runAll(env) {
  const checked = await Promise.all([...appChecks, ...checks].map((check) => runCheck(check, env)));
  for (const { command, output } of checked) process.stdout.write(`\n> ${command.join(' ')}\n${output}`);
  const failed = checked.some(({ code }) => code > 0);
  const tests = [jest, shortBrowser];
  return [...checked, ...(failed ? tests : await runSteps(tests, env))];
}

async function runCheck(check, env) {
  const [program, ...args] = check.command;
  const startedMs = Date.now();
  const cwd = join(root, check.folder ?? '.');
  const { code, output } = await run(programIn(cwd, program), args, { cwd, env });
  return { ...check, code, output, took: secondsSince(startedMs) };
}

/** One after the other; what comes after a failure is not run. */
async function runSteps(steps, env) {
  const results = [];
  let failed = false;
  for (const step of steps) {
    results.push(failed ? step : await runStep(step, env));
    failed ||= results.at(-1).code > 0;
  }
  return results;
}

async function runStep(step, env) {
  const [program, ...args] = step.command;
  process.stdout.write(`\n> ${step.command.join(' ')}\n`);
  const startedMs = Date.now();
  const cwd = join(root, step.folder ?? '.');
  const code = await runInTerminal(programIn(cwd, program), args, { cwd, env: { ...step.env, ...env } });
  return { ...step, code, took: secondsSince(startedMs) };
}

/** The app has its own compiler, because its tools do not work with that of the rest. */
function programIn(folder, program) {
  const own = join(folder, 'node_modules', '.bin', program);
  return existsSync(own) ? own : join(root, 'node_modules', '.bin', program);
}

function describe({ name, command, code, took }) {
  const verdict = code === undefined ? 'not run' : code === 0 ? 'ok' : `FAILED (exit code ${code})`;
  return `${name.padEnd(16)} ${verdict.padEnd(8)} ${(took ?? '').padStart(7)}  ${command.join(' ')}`;
}
