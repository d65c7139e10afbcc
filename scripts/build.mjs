import { ensureBuilt } from './setup/build.mjs';
import { runScript } from './setup/main.mjs';

await runScript(async () => {
  await ensureBuilt({ log: process.stderr });
  return 0;
});
