import type { Counters } from '../../../../exporters/gpu/names/counters.ts';
import { checkNameSets, isDcgmSet } from '../../../../exporters/gpu/names/name-sets.ts';
import { readCountersFile } from '../../../../exporters/gpu/sources/dcgm-counters-file.ts';
import type { Check } from '../../check.ts';
import { type Finding, notApplicable, ok, warning } from '../../finding.ts';
import { thrown } from '../../reason.ts';

export const countersFile: Check = {
  name: 'counters_file',
  title: 'counters file',
  group: 'sources',
  run: ({ options }) => {
    const file = options['dcgm.counters-file'];
    if (file === undefined) return notApplicable('no --dcgm.counters-file');
    try {
      const showsDcgm = checkNameSets(options['metrics.names']).some(isDcgmSet);
      return judgeCounters(file, readCountersFile(file), showsDcgm);
    } catch (error) {
      return thrown('failure', error);
    }
  },
};

const mostShown = 5;

export function judgeCounters(file: string, { fields, labels, unknown }: Counters, showsDcgm: boolean): Finding {
  const found = `${file}: ${fields.length} fields, ${labels.length} labels`;
  if (!showsDcgm) {
    return warning(`${found}, but no dcgm name set is shown`, 'add dcgm-4.8 or dcgm-4.9 to --metrics.names');
  }
  if (unknown.length === 0) return ok(found);
  const names = unknown.slice(0, mostShown).map(({ line, name }) => `${name} (line ${line})`);
  const rest = unknown.length > mostShown ? ` and ${unknown.length - mostShown} more` : '';
  return warning(
    `${found}; not shown: ${names.join(', ')}${rest}`,
    'docs/reference/dcgm-names.md lists the fields that can be shown',
  );
}
