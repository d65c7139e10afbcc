import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { withLock } from './lock.mjs';
import { installedAgrees } from './npm-lock.mjs';
import { withProgress } from './progress.mjs';
import { root, SetupError, toolsFolder } from './project.mjs';
import { run } from './run.mjs';

/**
 * Installs the npm packages of package-lock.json unless exactly those are installed already.
 * @param {{ log: { write(text: string): unknown }, folder?: string }} options
 */
export async function ensurePackages({ log, folder = root }) {
  if (isInstalled(folder)) return;
  const onWait = () => log.write('Waiting for another process that is installing npm packages\n');
  await withLock(
    join(toolsFolder, '.lock-packages'),
    async () => {
      if (isInstalled(folder)) return;
      if (!installedAgrees(folder)) await withProgress(log, 'Installing npm packages (once)', () => install(folder));
      writeFileSync(markerOf(folder), fingerprint(folder));
    },
    { onWait },
  );
}

async function install(folder) {
  // NODE_ENV=production would leave out the compiler.
  const { code, output } = await run('npm', ['ci', '--include=dev', '--loglevel=error'], { cwd: folder });
  if (code === 127) throw new SetupError(`npm could not be started (${output}). Install npm, it comes with Node.js.`);
  if (code !== 0) throw new SetupError(`npm ci failed with exit code ${code}:\n${output.trim()}`);
}

const markerOf = (folder) => join(folder, 'node_modules', '.fleetlens-lock');

function isInstalled(folder) {
  const marker = markerOf(folder);
  return existsSync(marker) && readFileSync(marker, 'utf8') === fingerprint(folder);
}

/** Some packages hold programs for one platform, so a folder shared with another machine counts as not installed. */
function fingerprint(folder) {
  const hash = createHash('sha256')
    .update(readFileSync(join(folder, 'package-lock.json')))
    .digest('hex');
  return `${hash} ${process.platform}-${process.arch}\n`;
}
