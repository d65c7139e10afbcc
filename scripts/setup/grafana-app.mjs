import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { withLock } from './lock.mjs';
import { withProgress } from './progress.mjs';
import { root, SetupError, toolsFolder } from './project.mjs';
import { run } from './run.mjs';

const plugin = join(root, 'grafana-plugin');

/** What the app is made of, by path from the root. */
const appSources = [
  'grafana-plugin/src',
  'grafana-plugin/.config',
  'grafana-plugin/package.json',
  'grafana-plugin/webpack.config.ts',
  'dashboards',
  'package-lock.json',
];

/** The libraries with which the host is built: those of the workspace, and those of the oldest Grafana that the app works with. */
const hosts = {
  g13: { dependencies: 'grafana-plugin', lock: 'package-lock.json' },
  g12: { dependencies: 'test/host-g12', lock: 'test/host-g12/package-lock.json' },
};

/**
 * Builds the Grafana app and the host in which a browser shows it without Grafana, unless they are built from exactly these sources.
 * @param {{ log: { write(text: string): unknown }, names?: readonly ('g12' | 'g13')[] }} options
 */
export async function ensureGrafanaApp({ log, names = ['g13'] }) {
  const steps = [
    { title: 'Building the Grafana app', sources: appSources, stamp: join(plugin, 'dist', '.stamp'), make: buildApp },
    ...names.map((name) => ({
      title: `Building the preview on the libraries of Grafana ${name.slice(1)}`,
      sources: ['grafana-plugin/preview', 'scripts/setup/build-host.mjs', hosts[name].lock],
      stamp: join(plugin, 'dist-preview', name, '.stamp'),
      make: () => buildHost(name),
    })),
  ];
  for (const step of steps) await ensureStep(step, log);
}

async function ensureStep({ title, sources, stamp, make }, log) {
  if (isMade(stamp, sources)) return;
  await withLock(
    join(toolsFolder, '.lock-grafana-app'),
    async () => {
      if (isMade(stamp, sources)) return;
      const made = fingerprint(sources);
      await withProgress(log, title, make);
      writeFileSync(stamp, made);
    },
    { onWait: () => log.write('Waiting for another process that is building the Grafana app\n') },
  );
}

async function buildApp() {
  const webpack = join(root, 'node_modules', 'webpack', 'bin', 'webpack.js');
  const args = ['--import', 'tsx', webpack, '-c', 'webpack.config.ts', '--env', 'production'];
  const { code, output } = await run(process.execPath, args, { cwd: plugin });
  if (code !== 0)
    throw new SetupError(`The Grafana app cannot be built (npm run build -w grafana-plugin):\n${output.trim()}`);
}

async function buildHost(name) {
  mkdirSync(join(plugin, 'dist-preview', name), { recursive: true });
  const { buildPreviewHost } = await import('./build-host.mjs');
  const { dependencies } = hosts[name];
  await buildPreviewHost({
    source: join(plugin, 'preview'),
    dependencies: join(root, dependencies),
    outFolder: join(plugin, 'dist-preview', name),
  });
}

function isMade(stamp, sources) {
  return existsSync(stamp) && readFileSync(stamp, 'utf8') === fingerprint(sources);
}

function fingerprint(sources) {
  const hash = createHash('sha256');
  for (const file of sources.flatMap(filesBelow).sort()) {
    const { mtimeMs, size } = statSync(join(root, file));
    hash.update(`${file} ${mtimeMs} ${size}\n`);
  }
  return hash.digest('hex');
}

function filesBelow(path) {
  if (!existsSync(join(root, path))) return [];
  if (statSync(join(root, path)).isFile()) return [path];
  return readdirSync(join(root, path), { recursive: true, encoding: 'utf8' })
    .map((file) => join(path, file))
    .filter((file) => statSync(join(root, file)).isFile());
}
