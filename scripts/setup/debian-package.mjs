import { mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { withProgress } from './progress.mjs';
import { relocate } from './relocate.mjs';
import { run } from './run.mjs';

/**
 * Downloads a Debian package and unpacks it into `<folder>/<package>-<version>`, without root and without touching the system.
 * The packages of its libraries are unpacked into the same folder. `versionArguments` are what its programs tell their version for.
 * @returns {Promise<string | undefined>} what went wrong, in one line, or undefined
 */
export async function unpackDebianPackage(
  name,
  { log, env, folder, libraries = [], versionArguments = ['--version'] },
) {
  const apt = aptIn(join(folder, 'apt'), env);
  // The dot keeps a half-finished unpack out of sight; only the rename at the end gives it its name.
  const workFolder = mkdtempSync(join(folder, '.unpacking-'));
  try {
    const { problem } = await download(apt, name, { log, workFolder });
    const missing = problem ?? (await downloadLibraries(apt, libraries, { name, log, workFolder }));
    if (missing !== undefined) return missing;
    const lost = [name, ...libraries].find((each) => archiveOf(each, workFolder) === undefined);
    if (lost !== undefined) return `apt-get download ${lost} left no package behind`;
    return await withProgress(log, `Unpacking ${name}`, () =>
      unpack(name, { libraries, versionArguments, workFolder, folder, env }),
    );
  } finally {
    rmSync(workFolder, { recursive: true, force: true });
  }
}

async function download(apt, name, { log, workFolder }) {
  const known = await describe(apt, name);
  if (known !== undefined) {
    const first = await fetch(apt, name, { log, workFolder, known });
    if (first.problem === undefined) return first;
    // The mirror has moved on since the lists were fetched; fresh lists know the new version.
  }
  const updated = await withProgress(log, 'Fetching Debian package lists (once)', () => apt(['update']));
  const fresh = await describe(apt, name);
  // One unreachable third-party source makes "update" fail although Debian's own lists are there, so the package decides.
  if (fresh === undefined) {
    return { problem: `${name} is in no package list; apt-get said: ${lastError(updated.output)}` };
  }
  return fetch(apt, name, { log, workFolder, known: fresh });
}

async function fetch(apt, name, { log, workFolder, known }) {
  const { code, output } = await withProgress(log, `Downloading ${known} (once)`, () =>
    apt(['download', name], workFolder),
  );
  return { problem: code === 0 ? undefined : `apt-get download ${name} failed: ${lastError(output)}` };
}

/** All at once: apt reads its lists each time that it starts. The lists know them as they know the package itself. */
async function downloadLibraries(apt, libraries, { name, log, workFolder }) {
  if (libraries.length === 0) return undefined;
  const text = `Downloading ${libraries.length} libraries of ${name} (once)`;
  const { code, output } = await withProgress(log, text, () => apt(['download', ...libraries], workFolder));
  return code === 0 ? undefined : `apt-get download of the libraries of ${name} failed: ${lastError(output)}`;
}

/** Such as "prometheus_2.42.0+ds-5_amd64.deb, 19 MB"; undefined when no list names the package. */
async function describe(apt, name) {
  const { code, output } = await apt(['download', '--print-uris', name]);
  const line = /^'[^']*' (\S+) (\d+) /m.exec(output);
  if (code !== 0 || line === null) return undefined;
  return `${line[1]}, ${Math.max(1, Math.round(Number(line[2]) / 1e6))} MB`;
}

function archiveOf(name, workFolder) {
  const file = readdirSync(workFolder).find((each) => each.startsWith(`${name}_`) && each.endsWith('.deb'));
  return file === undefined ? undefined : join(workFolder, file);
}

async function unpack(name, { libraries, versionArguments, workFolder, folder, env }) {
  const archive = archiveOf(name, workFolder);
  const version = await run('dpkg-deb', ['--field', archive, 'Version'], { env });
  if (version.code !== 0) return `dpkg-deb --field failed: ${lastError(version.output)}`;
  const target = join(folder, `${name}-${version.output.trim().replaceAll(/[^\w.+~-]/g, '_')}`);
  const content = join(workFolder, 'content');
  for (const each of [name, ...libraries]) {
    const unpacked = await run('dpkg', ['-x', archiveOf(each, workFolder), content], { env });
    if (unpacked.code !== 0) return `dpkg -x failed: ${lastError(unpacked.output)}`;
  }
  relocate(content);
  const problem = await firstThatCannotRun(join(content, 'bin'), versionArguments, env);
  if (problem !== undefined) return problem;
  rmSync(target, { recursive: true, force: true });
  renameSync(content, target);
  return undefined;
}

async function firstThatCannotRun(binFolder, versionArguments, env) {
  for (const program of readdirSync(binFolder)) {
    const { code, output } = await run(join(binFolder, program), versionArguments, { env });
    if (code !== 0) return `${program} was unpacked but does not run here: ${lastError(output)}`;
  }
  return undefined;
}

/** apt-get with lists, cache and state of its own; the sources and keys stay the system's. */
function aptIn(folder, env) {
  const lists = join(folder, 'lists');
  const cache = join(folder, 'cache');
  for (const needed of [join(lists, 'partial'), join(cache, 'archives', 'partial')]) {
    mkdirSync(needed, { recursive: true });
  }
  const status = join(folder, 'status');
  writeFileSync(status, '');
  const settings = {
    'Dir::State': folder,
    'Dir::State::Lists': lists,
    'Dir::State::status': status,
    'Dir::Cache': cache,
    'Dir::Log': folder,
    // As root, apt drops to a user that may not enter this folder.
    'APT::Sandbox::User': 'root',
    'Acquire::Retries': '3',
    'Acquire::http::Timeout': '30',
    'Acquire::Languages': 'none',
  };
  const options = Object.entries(settings).flatMap(([key, value]) => ['-o', `${key}=${value}`]);
  return (args, cwd = folder) => run('apt-get', [...options, '-q', ...args], { cwd, env: { ...env, LC_ALL: 'C' } });
}

function lastError(output) {
  const lines = output.split('\n').filter((line) => line.trim() !== '');
  return lines.findLast((line) => /^(E|W|Err|dpkg\S*):/.test(line)) ?? lines.at(-1) ?? 'nothing';
}
