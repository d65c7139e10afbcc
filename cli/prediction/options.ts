import { statistics } from '../../exporters/prediction/features/feature-spec.ts';
import { windows } from '../../exporters/prediction/features/windows.ts';
import { defineOptions, type OptionSpecs } from '../../kit/options/define.ts';

const text = (help: string) => ({ type: 'string', help, notInFile: true }) as const;
const list = (help: string) => ({ type: 'list', default: [], help, notInFile: true }) as const;
const flag = (help: string) => ({ type: 'boolean', default: false, help, notInFile: true }) as const;
const file = (help: string) => ({ type: 'path', help, notInFile: true }) as const;
const whole = (fallback: number, min: number, max: number, help: string) =>
  ({ type: 'integer', default: fallback, min, max, help, notInFile: true }) as const;

const folder = {
  data: {
    type: 'path',
    default: 'fleetlens-prediction',
    help: 'Folder with features, failures and models; it is made if it is not there.',
    notInFile: true,
  },
} as const satisfies OptionSpecs;

/** Where the history of a fleet is: the folder that backfill filled, or a CSV file. */
const history = {
  ...folder,
  csv: file(
    'CSV file with an entity, a time and readings in each row, instead of what backfill has read; .gz is unpacked.',
  ),
  'csv.kind': {
    type: 'enum',
    default: 'gpu',
    values: ['gpu', 'node'],
    help: 'What the entities of the CSV file are.',
    notInFile: true,
  },
  'csv.entity': { ...text('Column with the name of the entity.'), default: 'entity' },
  'csv.time': {
    ...text('Column with the time: RFC 3339 with its zone, or Unix seconds or milliseconds.'),
    default: 'time',
  },
  'csv.node': text('Column with the node of a GPU.'),
  'csv.cluster': text('Column with the cluster.'),
  'csv.ignore': list('Columns that are not read, such as texts, or such that are only known after a failure.'),
  'csv.window': list(
    `Statistics of a column over the time up to each row, as column:statistic:window, such as ecc:growth:7d. Statistics are ${statistics.join(', ')}; windows ${windows.join(', ')}.`,
  ),
  tickets: list('CSV files with failures that people know of; columns entity, start, end and kind.'),
} as const satisfies OptionSpecs;

const json = { json: flag('Print JSON.') } as const satisfies OptionSpecs;

const learning = {
  seed: whole(1, 0, 2 ** 31 - 1, 'The same seed and the same history give the same models.'),
  alerts: whole(10, 1, 1000, 'Alerts a day that somebody can look at; figures are told for so many.'),
  threads: whole(2, 1, 64, 'Threads that learn at most. The models do not depend on it.'),
} as const satisfies OptionSpecs;

const which = {
  kind: {
    type: 'enum',
    default: 'gpu',
    values: ['gpu', 'node'],
    help: 'GPUs or nodes.',
    notInFile: true,
  },
  horizon: {
    type: 'enum',
    default: '7d',
    values: ['24h', '7d', '30d'],
    help: 'How far ahead.',
    notInFile: true,
  },
} as const satisfies OptionSpecs;

const models = {
  models: file(
    'File with models, such as one from elsewhere, instead of those in the folder. It is checked, and never run.',
  ),
} as const satisfies OptionSpecs;

export const backfillOptions = defineOptions({
  command: 'fleetlens prediction backfill',
  about:
    'Reads the history of a fleet from Prometheus: features of each GPU and node every six hours, and what says that something failed. What the folder has already is not read again, so it can be stopped and goes on where it was. Exit status 130 means that it was stopped.',
  examples: [
    'fleetlens prediction backfill --prometheus.url=http://prometheus:9090 --from=2026-01-01',
    'fleetlens prediction backfill --from=2026-01-01 --match=\'cluster="prod"\' --data=/srv/prediction',
  ],
  options: {
    ...folder,
    'prometheus.url': {
      type: 'string',
      default: 'http://127.0.0.1:9090',
      help: 'Prometheus, Thanos, Mimir or VictoriaMetrics, up to and without /api/v1.',
      notInFile: true,
    },
    'prometheus.token-file': file('File with the bearer token, where the server wants one.'),
    from: text('From then on: 2026-03-01, 2026-03-01T08:00:00Z or Unix seconds.'),
    to: text('Until then; now without it.'),
    match: list('Matchers that all series must have, such as cluster="prod".'),
    'label.cluster': { ...text('Label that holds the cluster.'), default: 'cluster' },
    'label.node': { ...text('Label that holds the node.'), default: 'node' },
    'label.rack': { ...text('Label that holds the rack.'), default: 'rack' },
    ...json,
  },
});

export const trainOptions = defineOptions({
  command: 'fleetlens prediction train',
  about:
    'Makes the models of a fleet from its history and puts them into use; those before are kept for --roll-back. A learned model is used only where it has proven better than the base rate and recent failures on this fleet, and does no worse than the one in use on what came since; exit status 1 means that the models in use stay. Without a history of its own the fleet gets priors.',
  examples: [
    'fleetlens prediction train',
    'fleetlens prediction train --csv=history.csv --tickets=failures.csv',
    'fleetlens prediction train --roll-back                 # the models before are used again',
  ],
  options: {
    ...history,
    ...learning,
    'roll-back': flag('Use the models before again, and train nothing.'),
    force: flag('Use the new models even where they do worse than those in use on what came since.'),
    ...json,
  },
});

export const evaluateOptions = defineOptions({
  command: 'fleetlens prediction evaluate',
  about:
    'Tells how well failures of this fleet can be foreseen: rate model, boosted trees, random forest and logistic regression predict the same stretches of time, each from what was known before. Nothing is stored or put into use.',
  examples: [
    'fleetlens prediction evaluate',
    'fleetlens prediction evaluate --csv=history.csv --tickets=failures.csv --csv.window=ecc:growth:7d --alerts=5',
  ],
  options: { ...history, ...learning, ...which, ...json },
});

export const scoreOptions = defineOptions({
  command: 'fleetlens prediction score',
  about: 'Lists who is most likely to fail, as of the newest row of the history, and what speaks for it.',
  examples: ['fleetlens prediction score --limit=10', 'fleetlens prediction score --kind=node --horizon=30d'],
  options: { ...history, ...models, ...which, limit: whole(20, 1, 100_000, 'How many are listed.'), ...json },
});

export const explainOptions = defineOptions({
  command: 'fleetlens prediction explain',
  words: 'UUID | NODE',
  about:
    'Tells why a GPU or node has the probability to fail that it has: what moves it by how much, what its peers have, and which past incidents began like that.',
  examples: [
    'fleetlens prediction explain GPU-4f1c8e52-0f6e-4c1b-9d3a-8f4f0e6b7a21',
    'fleetlens prediction explain gpu-07 --horizon=30d',
  ],
  options: { ...history, ...models, horizon: which.horizon, ...json },
});

export const cardOptions = defineOptions({
  command: 'fleetlens prediction card',
  about: 'Prints the model card: what the model rests on, how good it is, what it does not know, in Markdown or JSON.',
  examples: ['fleetlens prediction card > card.md', 'fleetlens prediction card --kind=node --horizon=24h --json'],
  options: { ...folder, ...models, ...which, ...json },
});

export const simulateOptions = defineOptions({
  command: 'fleetlens prediction simulate',
  about:
    'Writes the history of a made-up fleet with failures whose causes are known, to try the other commands on: history.csv, failures.csv, and truth.csv with what nobody would know of a real one. Some failures show signs before, some GPUs have signs and do not fail.',
  examples: [
    'fleetlens prediction simulate',
    'fleetlens prediction simulate --signs=0 --out=./silent      # no failure shows before',
  ],
  options: {
    out: { type: 'path', default: 'simulated-fleet', help: 'Folder for the files.', notInFile: true },
    gpus: whole(200, 8, 2000, 'How many GPUs, eight to a node.'),
    days: whole(240, 30, 1000, 'How many days.'),
    signs: whole(
      60,
      0,
      100,
      'Percentage of failures that show signs before. With 0 none does, and none follows from another.',
    ),
    seed: whole(1, 0, 2 ** 31 - 1, 'The same seed gives the same files.'),
    ...json,
  },
});

/** For the reference of options. */
export const predictionCommandTables = [
  backfillOptions,
  trainOptions,
  evaluateOptions,
  scoreOptions,
  explainOptions,
  cardOptions,
  simulateOptions,
] as const;
