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
  json: { type: 'boolean', default: false, help: 'Print what the API answers.', notInFile: true },
} as const satisfies OptionSpecs;

const text = (help: string) => ({ type: 'string', help, notInFile: true }) as const;
const list = (help: string) => ({ type: 'list', default: [], help, notInFile: true }) as const;
const flag = (help: string) => ({ type: 'boolean', default: false, help, notInFile: true }) as const;
const file = (help: string) => ({ type: 'path', help, notInFile: true }) as const;
const limit = (help: string) => ({ type: 'integer', default: 20, min: 1, max: 10_000, help, notInFile: true }) as const;

export const statusOptions = defineOptions({
  command: 'fleetlens billing status',
  about: 'Tells how far each meter is in each cluster, and what is wrong with it.',
  options: connection,
});

export const billOptions = defineOptions({
  command: 'fleetlens billing bill',
  about:
    'Shows a bill: fleetlens billing bill NUMBER, or fleetlens billing bill TENANT for the bill of a period, which is a draft while it is not closed. Without NUMBER and TENANT it lists bills.',
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
  about:
    'Closes bills of a period that is over, for ever: fleetlens billing close --period=2026-03 TENANT …, or with --all. What stands in the way of a bill is told; the others are closed. Exit status 1 means that not all could be closed.',
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
  about:
    'Tells where a line of a bill comes from: fleetlens billing explain NUMBER LINE, or TENANT LINE for a draft. LINE is its place on the bill or its id; without it the lines are listed. Exit status 1 means that its rows do not add up to it.',
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
    'Meters a stretch of time again: fleetlens billing backfill --from=2026-03-01 --to=2026-04-01. It goes on in the daemon if this command is interrupted. Without --from it lists back-fills.',
  options: {
    ...connection,
    from: text('From then on: 2026-03-01, 2026-03-01T08:00:00Z or Unix seconds.'),
    to: text('Until then; now without it.'),
    cluster: list('Only these clusters.'),
    meter: list('Only these meters.'),
    wait: { type: 'boolean', default: true, help: 'Wait until it is done, and show how far it is.', notInFile: true },
    follow: text('Id of a back-fill under way, to wait for that.'),
    cancel: text('Id of a back-fill that ends after the window that it is at. What is recorded stays.'),
  },
});

export const whatIfOptions = defineOptions({
  command: 'fleetlens billing what-if',
  about:
    'Tells what a period would cost with another price book: fleetlens billing what-if --file=prices.yaml --period=2026-03 [TENANT …]. The file has prices, contracts, idle and currency as the billing file has them; what is left out stays as it is. Nothing is changed.',
  options: {
    ...connection,
    file: file('Price book in YAML or JSON.'),
    period: text('Month in which the period begins, such as 2026-03.'),
    limit: limit('How many tenants are shown; sums are of all.'),
  },
});

export const focusOptions = defineOptions({
  command: 'fleetlens billing focus',
  about:
    'Exports the bills of a period in the FOCUS format, as CSV: fleetlens billing focus --period=2026-03 [TENANT …]. With --check it asks no daemon, and checks a file: exit status 1 means that it breaks a rule.',
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
