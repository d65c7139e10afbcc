import { join } from 'node:path';
import { ensureBuilt } from './setup/build.mjs';
import { runScript } from './setup/main.mjs';
import { checkNodeVersion } from './setup/node-version.mjs';
import { ensurePackages } from './setup/packages.mjs';
import { secondsSince } from './setup/progress.mjs';
import { root } from './setup/project.mjs';
import { runInTerminal } from './setup/terminal.mjs';
import { ensureTools, environmentFor } from './setup/tools.mjs';

// Biome colours every character of what it prints, in a log file as well.
const colours = process.stdout.isTTY ? [] : ['--colors=off'];
const checks = [
  { name: 'format and lint', command: ['biome', 'ci', ...colours, '.'] },
  { name: 'types', command: ['tsc'] },
  { name: 'generated files', command: ['tsx', 'scripts/gen.ts', '--check'] },
];
const jest = { name: 'tests', command: ['jest'] };

await runScript(async (args) => {
  const log = process.stderr;
  checkNodeVersion();
  await ensurePackages({ log });
  await ensureBuilt({ log });
  const needed = ['prometheus', 'alertmanager', 'postgresql', 'kubernetes', 'victoriametrics', 'chromium'];
  const tools = environmentFor(await ensureTools(needed, { log }));
  const updates = args.includes('-u') ? { UPDATE_GOLDEN: '1' } : {};
  const env = { ...process.env, ...tools, ...updates };
  // With arguments, somebody works on one test and does not want to wait for the rest.
  const steps = args.length > 0 ? [{ ...jest, command: [...jest.command, ...args] }] : [...checks, jest];
  const results = await runSteps(steps, env);
  if (steps.length > 1) process.stdout.write(`\n${results.map(describe).join('\n')}\n`);
  return results.find(({ code }) => code !== undefined && code !== 0)?.code ?? 0;
});

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
  const code = await runInTerminal(join(root, 'node_modules', '.bin', program), args, { cwd: root, env });
  return { ...step, code, took: secondsSince(startedMs) };
}

function describe({ name, command, code, took }) {
  const verdict = code === undefined ? 'not run' : code === 0 ? 'ok' : `FAILED (exit code ${code})`;
  return `${name.padEnd(16)} ${verdict.padEnd(8)} ${(took ?? '').padStart(7)}  ${command.join(' ')}`;
}
