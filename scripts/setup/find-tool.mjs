import { accessSync, constants, readdirSync, statSync } from 'node:fs';
import { delimiter, isAbsolute, join } from 'node:path';
import { toolsFolder } from './project.mjs';

/** Programs that come together: taken from one place, so that their versions agree. */
export const packages = {
  prometheus: {
    debian: 'prometheus',
    title: 'Prometheus 2.42 or newer',
    programs: { prometheus: ['prometheus'], promtool: ['promtool'] },
  },
  alertmanager: {
    debian: 'prometheus-alertmanager',
    title: 'Alertmanager 0.25 or newer',
    programs: { alertmanager: ['alertmanager', 'prometheus-alertmanager'], amtool: ['amtool'] },
  },
  postgresql: {
    debian: 'postgresql-15',
    title: 'PostgreSQL 15 or newer',
    website: 'https://www.postgresql.org/download/',
    programs: { postgres: ['postgres'], initdb: ['initdb'] },
    // Debian keeps servers of several versions beside each other, so none is on PATH.
    folders: ['/usr/lib/postgresql/15/bin'],
    // What it is linked with and a small system does not have.
    libraries: ['libpq5', 'libxml2', 'libicu72'],
  },
  kubernetes: {
    debian: 'kubernetes-client',
    title: 'kubectl 1.20 or newer',
    website: 'https://kubernetes.io/docs/tasks/tools/',
    programs: { kubectl: ['kubectl'] },
    versionArguments: ['version', '--client'],
  },
  victoriametrics: {
    debian: 'victoria-metrics',
    title: 'VictoriaMetrics 1.79 or newer',
    website: 'https://docs.victoriametrics.com/',
    programs: { 'victoria-metrics': ['victoria-metrics', 'victoria-metrics-prod'] },
    versionArguments: ['-version'],
  },
  chromium: {
    // The whole browser needs a desktop's libraries.
    debian: 'chromium-headless-shell',
    title: 'Chromium 120 or newer',
    website: 'https://www.chromium.org/getting-involved/download-chromium/',
    programs: {
      chromium: ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chromium-headless-shell'],
    },
    libraries: [
      'chromium-common',
      ...['fontconfig-config', 'fonts-dejavu-core', 'libfontconfig1', 'libfreetype6', 'libpng16-16', 'libbrotli1'],
      ...['libgraphite2-3', 'libharfbuzz0b', 'libharfbuzz-subset0', 'libjpeg62-turbo', 'liblcms2-2', 'libopenjp2-7'],
      ...['libasound2', 'libasyncns0', 'libflac12', 'libmp3lame0', 'libmpg123-0', 'libogg0', 'libopus0', 'libpulse0'],
      ...['libsndfile1', 'libvorbis0a', 'libvorbisenc2', 'libdav1d6', 'libopenh264-7', 'libminizip1'],
      ...[
        'libatk1.0-0',
        'libatspi2.0-0',
        'libdbus-1-3',
        'libglib2.0-0',
        'libdouble-conversion3',
        'libnspr4',
        'libnss3',
      ],
      ...[
        'libsqlite3-0',
        'libexpat1',
        'libbsd0',
        'libmd0',
        'libdrm2',
        'libgbm1',
        'libwayland-server0',
        'libxkbcommon0',
      ],
      ...['libx11-6', 'libx11-xcb1', 'libxau6', 'libxcb1', 'libxcomposite1', 'libxdamage1', 'libxdmcp6', 'libxext6'],
      ...['libxfixes3', 'libxi6', 'libxnvctrl0', 'libxrandr2', 'libxrender1'],
    ],
  },
};

/** FLEETLENS_PROMTOOL and the like: where a user or `npm test` says that a program is. */
export const variableOf = (program) => `FLEETLENS_${program.toUpperCase().replaceAll('-', '_')}`;

/**
 * Where the programs of one package are, or undefined when one of them is missing.
 * @returns {Record<string, string> | undefined}
 */
export function findPackage(name, { env = process.env, folder = toolsFolder } = {}) {
  const { programs, debian, folders = [] } = packages[name];
  const path = [env.PATH ?? '', ...folders].join(delimiter);
  return (
    located(programs, (program) => fromVariable(program, env)) ??
    located(programs, (_, names) => findOnPath(names, path)) ??
    findUnpacked(debian, programs, folder)
  );
}

/** The first executable file on PATH with one of these names; names in order of preference. */
export function findOnPath(names, path) {
  const folders = path.split(delimiter).filter(isAbsolute);
  return names.flatMap((name) => folders.map((folder) => join(folder, name))).find(isExecutable);
}

/** Every unpacked version has its own folder, complete from the moment it has its name; the newest wins. */
function findUnpacked(debian, programs, folder) {
  const versions = listFolder(folder)
    .filter((entry) => entry.startsWith(`${debian}-`) && /^\d/.test(entry.slice(debian.length + 1)))
    .sort((a, b) => b.localeCompare(a, 'en', { numeric: true }));
  for (const version of versions) {
    const found = located(programs, (program) => fromFolder(join(folder, version, 'bin', program)));
    if (found !== undefined) return found;
  }
  return undefined;
}

function located(programs, locate) {
  const found = Object.entries(programs).map(([program, names]) => [program, locate(program, names)]);
  return found.every(([, path]) => path !== undefined) ? Object.fromEntries(found) : undefined;
}

function fromVariable(program, env) {
  const path = env[variableOf(program)];
  return path === undefined || path === '' ? undefined : path;
}

const fromFolder = (path) => (isExecutable(path) ? path : undefined);

function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

function listFolder(folder) {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
