import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type Zippable, zipSync } from 'fflate';

export interface AppArchive {
  /** As Grafana's catalogue wants it: id and version. */
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** Zip has no time zones, so this is the same moment everywhere. */
const earliest = new Date(1980, 0, 1);
const [unix, plainFile] = [3, 0o100644 << 16];

/** The built app below one folder with its id. The same files give the same bytes, whoever packs them and whenever. */
export function zipApp(folder: string): AppArchive {
  const { id, version } = readPlugin(folder);
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => statSync(join(folder, file)).isFile() && !isHidden(file))
    .sort();
  const entries: Zippable = {};
  for (const file of files) {
    const path = `${id}/${file.replaceAll('\\', '/')}`;
    entries[path] = [readFileSync(join(folder, file)), { mtime: earliest, level: 9, os: unix, attrs: plainFile }];
  }
  return { name: `${id}-${version}.zip`, bytes: zipSync(entries) };
}

/** Such as the stamp of the build. */
function isHidden(file: string): boolean {
  return file.split(/[\\/]/).some((part) => part.startsWith('.'));
}

function readPlugin(folder: string): { readonly id: string; readonly version: string } {
  const { id, info } = JSON.parse(readFileSync(join(folder, 'plugin.json'), 'utf8'));
  if (typeof id !== 'string' || !/^\d+\.\d+\.\d+/.test(info?.version))
    throw new Error(`${folder}/plugin.json tells no id or no version: build the app first (npm run build)`);
  return { id, version: info.version };
}
