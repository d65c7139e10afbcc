import { join } from 'node:path';
import { unpackDebianPackage } from './debian-package.mjs';
import { findPackage, packages, variableOf } from './find-tool.mjs';
import { withLock } from './lock.mjs';
import { SetupError, toolsFolder } from './project.mjs';

/**
 * Finds or fetches the programs of the named packages.
 * @param {readonly ('prometheus' | 'alertmanager' | 'postgresql' | 'kubernetes' | 'victoriametrics' | 'chromium')[]} names
 * @param {{ log: { write(text: string): unknown }, env?: NodeJS.ProcessEnv, folder?: string }} options
 * @returns {Promise<Record<string, string>>} absolute path by program: prometheus, promtool, alertmanager, amtool, postgres, initdb, kubectl, victoria-metrics, chromium
 */
export async function ensureTools(names, { log, env = process.env, folder = toolsFolder }) {
  let paths = {};
  for (const name of names) {
    const found = findPackage(name, { env, folder }) ?? (await fetchPackage(name, { log, env, folder }));
    paths = { ...paths, ...found };
  }
  return paths;
}

/** FLEETLENS_PROMTOOL=… and the like for child processes. */
export function environmentFor(paths) {
  return Object.fromEntries(Object.entries(paths).map(([program, path]) => [variableOf(program), path]));
}

async function fetchPackage(name, { log, env, folder }) {
  const onWait = () => log.write(`Waiting for another process that is fetching packages into ${folder}\n`);
  return withLock(
    join(folder, '.lock-tools'),
    async () => {
      const fetchedMeanwhile = findPackage(name, { env, folder });
      if (fetchedMeanwhile !== undefined) return fetchedMeanwhile;
      const { debian, libraries, versionArguments } = packages[name];
      const problem = await unpackDebianPackage(debian, { log, env, folder, libraries, versionArguments });
      const found = problem === undefined ? findPackage(name, { env, folder }) : undefined;
      if (found === undefined) throw new SetupError(notFound(name, { env, folder, problem }));
      return found;
    },
    { onWait },
  );
}

function notFound(name, { env, folder, problem }) {
  const { title, debian, programs, website = 'https://prometheus.io/download/' } = packages[name];
  return [
    `${Object.keys(programs).join(' and ')} not found.`,
    `  Looked on PATH:  ${env.PATH ?? '(not set)'}`,
    `  Looked in:       ${folder}`,
    `  Debian package:  ${problem ?? `${debian} was unpacked but holds no such programs`}`,
    `Install ${title} (Debian, Ubuntu: apt-get install ${debian}; others: ${website})`,
    `so that ${Object.keys(programs).join(' and ')} are on PATH, then run this again.`,
  ].join('\n');
}
