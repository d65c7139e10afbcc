import { defineOptions, type OptionSpecs } from '../../kit/options/define.ts';

/** Where billing is, and who asks. */
const connection = {
  'billing.url': {
    type: 'string',
    default: 'http://127.0.0.1:9413',
    help: 'Where fleetlens billing listens.',
    notInFile: true,
  },
  'billing.token-file': { type: 'path', help: 'File with the token, where the daemon wants one.', notInFile: true },
  'billing.ca-file': {
    type: 'path',
    help: 'Authority that signed the certificate of the daemon, in PEM form.',
    notInFile: true,
  },
  json: { type: 'boolean', default: false, help: 'Print what the API answers, as JSON.', notInFile: true },
} as const satisfies OptionSpecs;

const text = (help: string) => ({ type: 'string', help, notInFile: true }) as const;
const list = (help: string) => ({ type: 'list', default: [], help, notInFile: true }) as const;
const flag = (help: string) => ({ type: 'boolean', default: false, help, notInFile: true }) as const;
const file = (help: string) => ({ type: 'path', help, notInFile: true }) as const;
const limit = (help: string) => ({ type: 'integer', default: 20, min: 1, max: 10_000, help, notInFile: true }) as const;

export const statusOptions = defineOptions({
  command: 'fleetlens billing status',
  about:
    'Tells how far each meter is in each cluster, how much of the data it saw, and what is wrong with it: windows that wait, sums that are off, sources that do not answer.',
  options: connection,
});

export const billOptions = defineOptions({
  command: 'fleetlens billing bill',
  words: '[NUMBER | TENANT]',
  about:
    'Shows the bill with the NUMBER, or that of TENANT for a period, which is a draft while it is not closed. Without either it lists closed bills.',
  examples: [
    'fleetlens billing bill search                         # what search owes in the current period',
    'fleetlens billing bill search --period=2026-03 --out=march.pdf',
    'fleetlens billing bill --drafts                       # what everybody owes so far',
  ],
  options: {
    ...connection,
    period: text('Month in which the period begins, such as 2026-03; of a tenant, the current one without it.'),
    drafts: flag('List drafts instead of closed bills.'),
    draft: flag('Reckon the bill of TENANT anew, also where it is closed.'),
    out: file('File that is written, of the type that its ending says: .pdf, .html, .csv or .json.'),
    limit: limit('How many bills are listed.'),
  },
});

export const closeOptions = defineOptions({
  command: 'fleetlens billing close',
  words: '[TENANT …]',
  about:
    'Closes the bills of tenants, or with --all of everybody, for a period that is over. They are never changed again; corrections are bills of their own. What stands in the way of a bill is told, and the others are closed. Exit status 1 means that not all could be closed.',
  examples: [
    'fleetlens billing close --period=2026-03 search vision',
    'fleetlens billing close --period=2026-03 --all',
  ],
  options: {
    ...connection,
    period: text('Month in which the period begins, such as 2026-03.'),
    all: flag('Close the bills of all tenants.'),
    'accept.watermark': text('Reason why it is right to close although not all is metered; it stays on the bill.'),
    'accept.held': text('Reason why it is right to close although windows wait for data.'),
    'accept.coverage': text('Reason why it is right to close although too few scrapes were seen.'),
    'accept.conservation': text('Reason why it is right to close although sums differ from what is installed.'),
  },
});

export const explainOptions = defineOptions({
  command: 'fleetlens billing explain',
  words: 'NUMBER | TENANT [LINE]',
  about:
    'Tells where a line of a bill, or of the draft of TENANT, comes from: how it was reckoned, the rows of the ledger behind it, and the samples behind these. LINE is its place on the bill or its id; without it the lines are listed. Exit status 1 means that its rows do not add up to it.',
  examples: ['fleetlens billing explain INV-2026-00002 1', 'fleetlens billing explain search 3 --period=2026-03'],
  options: {
    ...connection,
    period: text('Month in which the period of TENANT begins; the current one without it.'),
    limit: { ...limit('How many rows of the ledger are shown.'), max: 1000 },
    cursor: text('Where to go on, as the page before says.'),
  },
});

export const backfillOptions = defineOptions({
  command: 'fleetlens billing backfill',
  about:
    'Meters a stretch of time again. What is in the ledger already is not added twice. It goes on in the daemon if this command is interrupted. Without --from it lists back-fills.',
  examples: [
    'fleetlens billing backfill --from=2026-01-01 --to=2026-02-01',
    'fleetlens billing backfill --follow=ID                # waits for one that is under way',
  ],
  options: {
    ...connection,
    from: text('From then on: 2026-03-01, 2026-03-01T08:00:00Z or Unix seconds.'),
    to: text('Until then; now without it.'),
    cluster: list('Only these clusters.'),
    meter: list('Only these meters.'),
    wait: {
      type: 'boolean',
      default: true,
      help: 'Wait until it is done, and show how far it is; with --no-wait it is begun and goes on alone.',
      notInFile: true,
    },
    follow: text('Id of a back-fill under way, to wait for that.'),
    cancel: text('Id of a back-fill that ends after the window that it is at. What is recorded stays.'),
  },
});

export const whatIfOptions = defineOptions({
  command: 'fleetlens billing what-if',
  words: '[TENANT …]',
  about:
    'Tells what a period would cost with another price book, for tenants or for everybody, from the ledger as it is. The file has prices, contracts, idle and currency as the billing file has them; what is left out stays as it is. Nothing is changed.',
  examples: ['fleetlens billing what-if --file=prices-2027.yaml --period=2026-03'],
  options: {
    ...connection,
    file: file('Price book in YAML or JSON.'),
    period: text('Month in which the period begins, such as 2026-03.'),
    limit: limit('How many tenants are shown; sums are of all.'),
  },
});

export const focusOptions = defineOptions({
  command: 'fleetlens billing focus',
  words: '[TENANT …]',
  about:
    'Exports the bills of a period, of tenants or of everybody, in the FOCUS format, as CSV. With --check it asks no daemon, and checks a file: exit status 1 means that it breaks a rule.',
  examples: [
    'fleetlens billing focus --period=2026-03 --out=march-focus.csv',
    'fleetlens billing focus --check=march-focus.csv',
  ],
  options: {
    'billing.url': connection['billing.url'],
    'billing.token-file': connection['billing.token-file'],
    'billing.ca-file': connection['billing.ca-file'],
    period: text('Month in which the period begins, such as 2026-03.'),
    drafts: flag('Take in the drafts of tenants whose bill is not closed.'),
    out: file('File that is written; without it the CSV is printed.'),
    check: file(
      'FOCUS 1.2 file in CSV that is checked by the rules of the specification, of ours or of any other provider.',
    ),
    json: connection.json,
  },
});

export const billingCommandTables = [
  statusOptions,
  billOptions,
  closeOptions,
  explainOptions,
  backfillOptions,
  whatIfOptions,
  focusOptions,
] as const;
