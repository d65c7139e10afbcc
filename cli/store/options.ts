import { defineOptions } from '../../kit/options/define.ts';
import { storeOptions } from '../../kit/store/options.ts';
import { daemonNames } from './daemon-stores.ts';

const place = {
  daemon: {
    type: 'enum',
    default: 'cmdb',
    values: daemonNames,
    help: 'Whose state it is about.',
  },
  'store.folder': {
    type: 'path',
    help: "Folder of the embedded database; that of the daemon's default if it is left out. The daemon must be stopped.",
  },
  'store.url-file': storeOptions('')['store.url-file'],
  'config.file': { type: 'path', help: 'YAML file with any of these options.' },
} as const;

export const backupOptions = defineOptions({
  command: 'fleetlens store backup',
  about:
    'Writes the state of a daemon into one file, from the embedded database or from PostgreSQL. It can be restored into either of them.',
  options: {
    file: { type: 'path', help: 'File to write, or - for standard output. Readable by its owner alone.' },
    force: { type: 'boolean', default: false, help: 'Replace the file if it is there.' },
    ...place,
  },
});

export const restoreOptions = defineOptions({
  command: 'fleetlens store restore',
  about:
    'Puts a backup into the embedded database or into PostgreSQL, compares every row, and brings it to this version. If that fails, all is as it was before.',
  options: {
    file: { type: 'path', help: 'File that fleetlens store backup has written, or - for standard input.' },
    replace: { type: 'boolean', default: false, help: 'Put it in the place of what is there.' },
    ...place,
  },
});
