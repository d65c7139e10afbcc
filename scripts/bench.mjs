import { join } from 'node:path';
import { ensureBuilt } from './setup/build.mjs';
import { ensureGrafanaApp } from './setup/grafana-app.mjs';
import { runScript } from './setup/main.mjs';
import { checkNodeVersion } from './setup/node-version.mjs';
import { ensurePackages } from './setup/packages.mjs';
import { root } from './setup/project.mjs';
import { runInTerminal } from './setup/terminal.mjs';
import { ensureTools, environmentFor } from './setup/tools.mjs';

await runScript(async (args) => {
  const log = process.stderr;
  checkNodeVersion();
  await ensurePackages({ log });
  await ensureBuilt({ log });
  const tools = ['prometheus', 'alertmanager', 'postgresql'];
  if (args.includes('grafana-app')) {
    await ensureGrafanaApp({ log });
    tools.push('chromium');
  }
  const env = { ...process.env, ...environmentFor(await ensureTools(tools, { log })) };
  const tsx = join(root, 'node_modules', '.bin', 'tsx');
  return runInTerminal(tsx, ['test/bench/run.ts', ...args], { cwd: root, env });
});
