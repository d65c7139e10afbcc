import { join } from 'node:path';
import { ensureBuilt } from './setup/build.mjs';
import { ensureGrafanaApp } from './setup/grafana-app.mjs';
import { runScript } from './setup/main.mjs';
import { checkNodeVersion } from './setup/node-version.mjs';
import { ensurePackages } from './setup/packages.mjs';
import { root } from './setup/project.mjs';
import { runInTerminal } from './setup/terminal.mjs';
import { ensureTools } from './setup/tools.mjs';

await runScript(async (args) => {
  const log = process.stderr;
  checkNodeVersion();
  await ensurePackages({ log });
  await ensureBuilt({ log });
  await ensureGrafanaApp({ log });
  const programs = await programOptions(args, log);
  return runInTerminal(process.execPath, [join(root, 'dist', 'cli', 'main.js'), 'up', ...programs, ...args]);
});

/** --prometheus.bin and --alertmanager.bin, except where the user names the program or only asks for help. */
async function programOptions(args, log) {
  if (args.includes('--help') || args.includes('-h')) return [];
  const isGiven = (option) => args.some((arg) => arg === option || arg.startsWith(`${option}=`));
  const needed = ['prometheus', 'alertmanager'].filter((name) => !isGiven(`--${name}.bin`));
  const paths = await ensureTools(needed, { log });
  return needed.map((name) => `--${name}.bin=${paths[name]}`);
}
