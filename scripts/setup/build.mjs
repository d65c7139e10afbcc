import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { withLock } from './lock.mjs';
import { withProgress } from './progress.mjs';
import { root, SetupError, toolsFolder } from './project.mjs';
import { run } from './run.mjs';

const buildConfig = 'tsconfig.build.json';
const otherInputs = [buildConfig, 'tsconfig.json', 'package.json', 'package-lock.json'];

/**
 * Compiles into dist when a source was changed, added or removed since the last build.
 * @param {{ log: { write(text: string): unknown } }} options
 */
export async function ensureBuilt({ log }) {
  if (isBuilt()) return;
  const onWait = () => log.write('Waiting for another process that is compiling\n');
  await withLock(
    join(toolsFolder, '.lock-build'),
    async () => {
      if (!isBuilt()) await withProgress(log, 'Compiling', build);
    },
    { onWait },
  );
}

/** dist is replaced as a whole, so neither a failed build nor a deleted source leaves anything behind in it. */
async function build() {
  const inputs = fingerprint();
  const workFolder = mkdtempSync(join(toolsFolder, '.building-'));
  const fresh = join(workFolder, 'dist');
  try {
    await compile(fresh);
    await layTemplate(fresh);
    writeFileSync(join(fresh, '.stamp'), inputs);
    const dist = join(root, 'dist');
    if (existsSync(dist)) renameSync(dist, join(workFolder, 'old'));
    renameSync(fresh, dist);
  } finally {
    rmSync(workFolder, { recursive: true, force: true });
  }
}

async function compile(outFolder) {
  const compiler = join(root, 'node_modules', '.bin', 'tsc');
  const { code, output } = await run(compiler, ['-p', buildConfig, '--outDir', outFolder], { cwd: root });
  if (code === 0) return;
  throw new SetupError(`The sources do not compile (tsc -p ${buildConfig}):\n${output.trim()}`);
}

/** An empty database, so that the first start of a daemon need not make one. A package without it works, and starts later. */
async function layTemplate(fresh) {
  const { code, output } = await run(process.execPath, [join(fresh, 'kit/store/embedded/write-template.js'), fresh], {
    cwd: root,
  });
  if (code !== 0) throw new SetupError(`The template of the embedded database cannot be made:\n${output.trim()}`);
}

function isBuilt() {
  const stamp = join(root, 'dist', '.stamp');
  return existsSync(stamp) && readFileSync(stamp, 'utf8') === fingerprint();
}

function fingerprint() {
  const hash = createHash('sha256');
  for (const file of [...sourceFiles(), ...otherInputs].sort()) {
    const { mtimeMs, size } = statSync(join(root, file));
    hash.update(`${file} ${mtimeMs} ${size}\n`);
  }
  return hash.digest('hex');
}

function sourceFiles() {
  const { include } = JSON.parse(readFileSync(join(root, buildConfig), 'utf8'));
  return include.flatMap(sourcesBelow);
}

function sourcesBelow(folder) {
  if (!existsSync(join(root, folder))) return [];
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => join(folder, file));
}
