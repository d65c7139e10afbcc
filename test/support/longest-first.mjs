import { existsSync } from 'node:fs';
import { join, relative } from 'node:path';
import sequencer from '@jest/test-sequencer';

const root = join(import.meta.dirname, '..', '..');

/** The suites that take longest on two cores, the longest first. */
const longest = [
  'test/e2e/up.test.ts',
  'test/rules/mutations.test.ts',
  'test/rules/situations.test.ts',
  'test/e2e/training-scenarios.test.ts',
  'test/e2e/billing-month.test.ts',
  'test/cli/store/store-command.test.ts',
  'test/kit/store/backup.test.ts',
  'test/rules/slo.test.ts',
  'test/rules/promtool.test.ts',
  'test/exporters/billing/ledger/ledger.test.ts',
  'test/kit/store/durability.test.ts',
  'test/e2e/cmdb.test.ts',
  'test/e2e/billing-crash.test.ts',
  'test/cli/simulate/prediction/planted-fleet.test.ts',
  'test/e2e/inference-scenarios.test.ts',
  'test/e2e/prediction-planted.test.ts',
  'test/exporters/billing/ledger/backup.test.ts',
  'test/kit/store/dialect.test.ts',
  'test/e2e/billing-sources.test.ts',
  'test/kit/store/crash.test.ts',
  'test/e2e/gpu-exporter.test.ts',
  'test/exporters/billing/collection/pair-collector.test.ts',
  'test/rules/annotations.test.ts',
  'test/alertmanager/routes.test.ts',
  'test/cli/doctor/doctor.test.ts',
  'test/cli/training-run/training-run.test.ts',
  'test/e2e/billing-long-term.test.ts',
  'test/e2e/cmdb-crash.test.ts',
  'test/cli/capture.test.ts',
  'test/alertmanager/bridge/sizes.test.ts',
  'test/e2e/billing-replicas.test.ts',
  'test/exporters/billing/ledger/totals.test.ts',
  'test/exporters/billing/reckoning/invoice.test.ts',
  'test/e2e/prediction-crash.test.ts',
];

/**
 * Jest begins with what took longest the last time. On a fresh machine it does not know, and takes the largest files first; many of the
 * longest suites are small, and at the end one of them would run while the other workers have nothing left to do.
 */
export default class LongestFirst extends (sequencer.default ?? sequencer) {
  async sort(tests) {
    const gone = longest.filter((file) => !existsSync(join(root, file)));
    if (gone.length > 0) throw new Error(`test/support/longest-first.mjs names ${gone.join(', ')}, which is not there`);
    const sorted = await super.sort(tests);
    const placeOf = ({ path }) => {
      const place = longest.indexOf(relative(root, path));
      return place < 0 ? longest.length : place;
    };
    return sorted.toSorted((a, b) => placeOf(a) - placeOf(b));
  }
}
