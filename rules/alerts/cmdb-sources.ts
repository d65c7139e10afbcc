import { cmdb } from '../../metrics/cmdb.ts';
import { promql, select, series } from '../../metrics/promql.ts';
import { defineAlerts } from '../alert.ts';
import { readCmdbLog, whichSource } from '../cmdb-texts.ts';
import { exampleCmdbReplica, exampleCmdbTarget } from '../examples.ts';
import { thresholds } from '../thresholds.ts';
import { perSource, recent } from '../vectors.ts';

const source = 'netbox';
const ofSource = { ...exampleCmdbTarget, source } as const;
const ofReplica = { ...exampleCmdbReplica, source } as const;
const onAlert = { cluster: 'c1', source } as const;

/** Sources that are looked at by the clock; those that are only looked at by hand have no interval to miss. */
const interval = promql`(${perSource(recent(cmdb.cmdb_source_interval_seconds))} > 0)`;
const lastSuccess = perSource(recent(cmdb.cmdb_source_last_success_timestamp_seconds));

const lookByHand =
  'See what a look would change, without changing anything: `fleetlens cmdb diff <source>`. Its errors name the place and the remedy.';

/** What the sources of the inventory see, and whether it is taken over. */
export default defineAlerts({
  theme: 'cmdb-sources',
  alerts: [
    {
      name: 'CmdbSourceStale',
      expr: promql`time() - ${lastSuccess} > (${thresholds.cmdbStaleIntervalsCount} * ${interval} + ${thresholds.cmdbStaleGraceSeconds})`,
      thresholds: ['cmdbStaleIntervalsCount', 'cmdbStaleGraceSeconds'],
      for: '5m',
      severity: 'warning',
      action: 'investigate',
      domain: 'cmdb',
      team: 'observability',
      summary: 'A source of the inventory has not been taken over for several intervals.',
      description: `${whichSource} was last taken over {{ $value | humanizeDuration }} ago. The log of the daemon says what it failed at.`,
      runbook: {
        meaning:
          'What the source would tell is missing: new hardware is not found, moves are not noticed, and rack and owner on alerts may be wrong. What the inventory holds stays as it was.',
        firstLook: [
          readCmdbLog,
          lookByHand,
          'Freshness, duration and counts of every source: the board Inventory and drift.',
        ],
        remedy: [
          'Connection refused or timeout: is what the source looks at up, and may the daemon reach it.',
          '401 or 403: renew the token or password in the file that the configuration names; the daemon reads it anew.',
          'A look that takes longer than the interval: raise `every` of the source.',
        ],
      },
      fires: {
        when: 'NetBox, looked at every 10 minutes, has not answered for half an hour and more, seen by two replicas; and a script that runs every second',
        series: [
          [series(cmdb.cmdb_source_interval_seconds, ofSource), '600x80'],
          [series(cmdb.cmdb_source_interval_seconds, ofReplica), '600x80'],
          [series(cmdb.cmdb_source_last_success_timestamp_seconds, ofSource), '30x80'],
          [series(cmdb.cmdb_source_last_success_timestamp_seconds, ofReplica), '30x80'],
          [series(cmdb.cmdb_source_interval_seconds, { ...ofSource, source: 'script' }), '1x80'],
          [series(cmdb.cmdb_source_last_success_timestamp_seconds, { ...ofSource, source: 'script' }), '30x80'],
        ],
        at: '38m',
        alerts: [onAlert, { ...onAlert, source: 'script' }],
      },
      quiet: {
        when: 'The third look in a row has just failed, and a file was read once by hand, long ago',
        series: [
          [series(cmdb.cmdb_source_interval_seconds, ofSource), '600x40'],
          [series(cmdb.cmdb_source_last_success_timestamp_seconds, ofSource), '70x40'],
          [series(cmdb.cmdb_source_interval_seconds, { ...ofSource, source: 'csv' }), '0x40'],
          [series(cmdb.cmdb_source_last_success_timestamp_seconds, { ...ofSource, source: 'csv' }), '-900000x40'],
        ],
        at: '38m',
      },
    },
    {
      name: 'CmdbSourceNeverRead',
      expr: promql`${interval} unless ${lastSuccess}`,
      for: '30m',
      severity: 'warning',
      action: 'investigate',
      domain: 'cmdb',
      team: 'observability',
      summary: 'A source of the inventory has never been taken over.',
      description: `${whichSource} is looked at every {{ $value | humanizeDuration }} and was never taken over. The log of the daemon says what it failed at.`,
      runbook: {
        meaning: 'The source is configured, and nothing of what it sees is in the inventory.',
        firstLook: [readCmdbLog, lookByHand],
        remedy: [
          'Mend address, certificate or password, whichever the error names.',
          'A source that is not needed: take it out of the configuration.',
        ],
      },
      fires: {
        when: 'A source has a wrong password from the start, and another one, which is looked at every second, too',
        series: [
          [series(cmdb.cmdb_source_interval_seconds, ofSource), '600x60'],
          [series(cmdb.cmdb_source_interval_seconds, { ...ofSource, source: 'script' }), '1x60'],
        ],
        at: '50m',
        alerts: [onAlert, { ...onAlert, source: 'script' }],
      },
      quiet: {
        when: 'The first look takes a quarter of an hour, and a file is only read by hand',
        series: [
          [series(cmdb.cmdb_source_interval_seconds, { ...ofSource, source: 'csv' }), '0x60'],
          [series(cmdb.cmdb_source_interval_seconds, ofSource), '600x60'],
          [series(cmdb.cmdb_source_last_success_timestamp_seconds, ofSource), '_x15 900x45'],
        ],
        at: '50m',
      },
    },
    {
      name: 'CmdbSourceRefused',
      expr: promql`${perSource(recent(cmdb.cmdb_source_refused))} == 1`,
      for: '1m',
      severity: 'warning',
      action: 'investigate',
      domain: 'cmdb',
      team: 'observability',
      summary: 'A look of a source was refused because too much of the inventory would be missing.',
      description: `${whichSource} suddenly sees so few items that its look was refused. Find out whether the source is wrong before you let it through.`,
      runbook: {
        meaning:
          'A source that returns a small part of the fleet is broken far more often than the fleet is gone. Nothing was changed, and nothing new comes from the source until somebody decides.',
        firstLook: [
          lookByHand,
          'How many items it saw before: `cmdb_source_items{source="<source>"}` over the last days.',
          'Has a filter, a permission or a page limit of the source changed.',
        ],
        remedy: [
          'The source is wrong: mend it; the next look is taken over by itself.',
          'The items are really gone: look once by hand and confirm it, as the guide of the inventory says.',
        ],
      },
      fires: {
        when: 'An importer returns a few percent of the fleet',
        series: [[series(cmdb.cmdb_source_refused, ofSource), '0x5 1x10']],
        at: '10m',
        alerts: [onAlert],
      },
      quiet: {
        when: 'Every look is taken over',
        series: [[series(cmdb.cmdb_source_refused, ofSource), '0x15']],
        at: '10m',
      },
    },
    {
      name: 'CmdbSourceProblems',
      expr: promql`${perSource(recent(cmdb.cmdb_source_problems))} > ${thresholds.cmdbProblemsCount}`,
      thresholds: ['cmdbProblemsCount'],
      for: '30m',
      severity: 'info',
      action: 'investigate',
      domain: 'cmdb',
      team: 'observability',
      summary: 'A source of the inventory tells much that cannot be read.',
      description: `${whichSource} told {{ $value | humanize }} things that could not be read or made no sense. The work list names each of them.`,
      runbook: {
        meaning: 'Part of what the source sees is left out, so items or attributes are missing from the inventory.',
        firstLook: [readCmdbLog, 'The list with places and reasons: the findings of kind invalid in the API.'],
        remedy: [
          'Mend the records where they are kept: the reason beside each says what is wrong.',
          'All of one kind after an upgrade of the source: its format has changed; report it with one record.',
        ],
      },
      fires: {
        when: 'Eleven records have no serial number and no name',
        series: [[series(cmdb.cmdb_source_problems, ofSource), '11x60']],
        at: '40m',
        alerts: [onAlert],
      },
      quiet: {
        when: 'A few odd records, as in every inventory',
        series: [[series(cmdb.cmdb_source_problems, ofSource), '10x60']],
        at: '40m',
      },
    },
    {
      name: 'CmdbUnknownAsset',
      expr: promql`${perSource(recent(select(cmdb.cmdb_findings, { kind: 'unknown' })))} > 0`,
      for: '30m',
      severity: 'warning',
      action: 'investigate',
      domain: 'cmdb',
      team: 'sre',
      summary: 'A source sees items that the inventory does not know.',
      description: `${whichSource} sees {{ $value | humanize }} items that nobody has entered. Take them over or find out whose they are.`,
      runbook: {
        meaning:
          'The source may not create items, and what it sees matches none that is there. Unknown hardware has no owner, is on no bill, and no maintenance window covers it.',
        firstLook: [
          'The list with what is known of each: the findings of kind unknown on the board Inventory and drift and in the API.',
          'Is it known under another serial number or name: `fleetlens cmdb find <serial>`.',
        ],
        remedy: [
          'New hardware: enter it where your records are kept, or let the source create items with `create: true`.',
          'A part that was exchanged: enter the new serial number, so that the history goes on.',
          'Not yours: leave it out with a filter of the source.',
        ],
      },
      fires: {
        when: 'A GPU was exchanged and nobody entered the new one',
        series: [[series(cmdb.cmdb_findings, { ...ofSource, kind: 'unknown' }), '0x5 1x60']],
        at: '50m',
        alerts: [onAlert],
      },
      quiet: {
        when: 'Conflicts, which are another list',
        series: [
          [series(cmdb.cmdb_findings, { ...ofSource, kind: 'unknown' }), '0x60'],
          [series(cmdb.cmdb_findings, { ...ofSource, kind: 'conflict' }), '3x60'],
        ],
        at: '50m',
      },
    },
    {
      name: 'CmdbConflict',
      expr: promql`${perSource(recent(select(cmdb.cmdb_findings, { kind: 'conflict' })))} > ${thresholds.cmdbConflictsCount}`,
      thresholds: ['cmdbConflictsCount'],
      for: '1h',
      severity: 'info',
      action: 'investigate',
      domain: 'cmdb',
      team: 'sre',
      summary: 'Sources of the inventory contradict each other.',
      description: `${whichSource} contradicts others in {{ $value | humanize }} cases. The inventory follows the surer source until somebody decides.`,
      runbook: {
        meaning:
          'Two sources say different things of one item, or one identity fits two items. Nothing is overwritten or merged on a guess, so what is shown may be the wrong one of two.',
        firstLook: [
          'The list with both values and their sources: the findings of kind conflict in the API.',
          'Two items with one serial number: `fleetlens cmdb find <serial>`.',
        ],
        remedy: [
          'Correct the record that is wrong, where it is kept.',
          'One source is right throughout: give it the higher precedence in the configuration.',
        ],
      },
      fires: {
        when: 'NetBox and the management controller give one server two serial numbers',
        series: [[series(cmdb.cmdb_findings, { ...ofSource, kind: 'conflict' }), '1x90']],
        at: '80m',
        alerts: [onAlert],
      },
      quiet: {
        when: 'A conflict that was mended within the hour, and an unknown server',
        series: [
          [series(cmdb.cmdb_findings, { ...ofSource, kind: 'conflict' }), '1x40 0x60'],
          [series(cmdb.cmdb_findings, { ...ofSource, kind: 'unknown' }), '1x100'],
        ],
        at: '80m',
      },
    },
  ],
});
