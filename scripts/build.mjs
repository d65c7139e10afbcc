import { ensureBuilt } from './setup/build.mjs';
import { ensureGrafanaApp } from './setup/grafana-app.mjs';
import { runScript } from './setup/main.mjs';

await runScript(async () => {
  const log = process.stderr;
  await ensureBuilt({ log });
  await ensureGrafanaApp({ log });
  return 0;
});
