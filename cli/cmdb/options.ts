import { defineOptions, type OptionSpecs } from '../../kit/options/define.ts';

/** Where the inventory is, and who asks. */
const connection = {
  'cmdb.url': {
    type: 'string',
    default: 'http://127.0.0.1:9412',
    help: 'Where fleetlens cmdb listens.',
    notInFile: true,
  },
  'cmdb.token-file': { type: 'path', help: 'File with the token, where the daemon wants one.', notInFile: true },
  'cmdb.ca-file': {
    type: 'path',
    help: 'Authority that signed the certificate of the daemon, in PEM form.',
    notInFile: true,
  },
  json: { type: 'boolean', default: false, help: 'Print what the API answers.', notInFile: true },
} as const satisfies OptionSpecs;

const at = {
  type: 'string',
  help: 'As it was at that time: 2026-01-31, 2026-01-31T08:00:00Z or Unix seconds.',
  notInFile: true,
} as const;

const limit = (about: string, most = 1000) =>
  ({ type: 'integer', default: 20, min: 1, max: most, help: about, notInFile: true }) as const;

const oneItem = 'ITEM is its number, its serial number, an address, its name, or any words that find only that one.';

export const findOptions = defineOptions({
  command: 'fleetlens cmdb find',
  about:
    'Finds items: fleetlens cmdb find WORDS. Words are looked for in names, serial numbers, addresses, places, owners and attributes; class:server rack:a12 -state:retired filters. Exit status 1 means that nothing was found.',
  options: { ...connection, at, limit: limit('How many items are shown.', 200) },
});

export const showOptions = defineOptions({
  command: 'fleetlens cmdb show',
  about: `Tells all about one item: fleetlens cmdb show ITEM. ${oneItem}`,
  options: { ...connection, at },
});

export const impactOptions = defineOptions({
  command: 'fleetlens cmdb impact',
  about: `Tells what breaks if an item fails: fleetlens cmdb impact ITEM. ${oneItem}`,
  options: { ...connection, at, limit: limit('How many items are shown; the counts are of all.', 10_000) },
});

export const historyOptions = defineOptions({
  command: 'fleetlens cmdb history',
  about: `Tells who changed what, the newest first: of one item, or of all: fleetlens cmdb history [ITEM]. ${oneItem} Of an item that was deleted it is the number.`,
  options: {
    ...connection,
    limit: limit('How many changes are shown.'),
    from: { type: 'string', help: 'Changes from that time on.', notInFile: true },
    to: { type: 'string', help: 'Changes until that time.', notInFile: true },
  },
});

export const importOptions = defineOptions({
  command: 'fleetlens cmdb import',
  about:
    'Takes over items from a file: fleetlens cmdb import --file=servers.csv. CSV needs a first line that names the columns; YAML and JSON hold a list of items. What is exported can be imported.',
  options: {
    ...connection,
    file: { type: 'path', help: 'CSV, YAML or JSON, told apart by the ending of the name.', notInFile: true },
    'dry-run': {
      type: 'boolean',
      default: false,
      help: 'Tell what would change, and change nothing.',
      notInFile: true,
    },
    complete: {
      type: 'boolean',
      default: false,
      help: 'The file holds all there is: what was imported before and is not in it is missing.',
      notInFile: true,
    },
    'allow-missing': {
      type: 'boolean',
      default: false,
      help: 'With --complete, let any number go missing.',
      notInFile: true,
    },
    create: {
      type: 'boolean',
      default: true,
      help: 'Add what is not known; else it becomes a finding.',
      notInFile: true,
    },
    class: { type: 'string', default: 'server', help: 'Class of rows that name none.', notInFile: true },
  },
});

export const diffOptions = defineOptions({
  command: 'fleetlens cmdb diff',
  about:
    'Tells what has changed between two times, or what a look at a source would change: fleetlens cmdb diff --from=2026-01-31, or fleetlens cmdb diff --source=netbox.',
  options: {
    ...connection,
    from: { type: 'string', help: 'Since when: 2026-01-31, 2026-01-31T08:00:00Z or Unix seconds.', notInFile: true },
    to: { type: 'string', help: 'Until when; now without it.', notInFile: true },
    source: { type: 'string', help: 'Source that is looked at. Nothing is changed.', notInFile: true },
    'allow-missing': {
      type: 'boolean',
      default: false,
      help: 'With --source, let any number go missing.',
      notInFile: true,
    },
    limit: limit('How many items are shown; the counts are of all.'),
  },
});

export const cmdbCommandTables = [
  findOptions,
  showOptions,
  impactOptions,
  importOptions,
  diffOptions,
  historyOptions,
] as const;

export interface ConnectionOptions {
  readonly 'cmdb.url': string;
  readonly 'cmdb.token-file': string | undefined;
  readonly 'cmdb.ca-file': string | undefined;
  readonly json: boolean;
}
