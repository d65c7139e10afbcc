import type { DataFrame } from '@grafana/data';
import { t } from '@grafana/i18n';
import { type Sample, samplesOf } from '../scenes/samples';
import { type Domain, domains } from './prometheus-domains';

export interface Finding {
  readonly id: string;
  readonly name: string;
  readonly isWell: boolean;
  readonly text: string;
}

/** Which domains have series, and what to look at for those that have none. */
export function findings(frames: readonly DataFrame[]): readonly Finding[] {
  const up = byJob(samplesOf(frames, 'targets'));
  const down = byJob(samplesOf(frames, 'targetsDown'));
  return domains.map((domain) => {
    const count = samplesOf(frames, domain.id)[0]?.value;
    const isWell = count !== undefined && count > 0;
    return {
      id: domain.id,
      name: domain.name(),
      isWell,
      text: isWell
        ? t('connections.domain.series', 'Series: {{amount}}', { amount: count })
        : missingText(domain, { up: up.get(domain.job ?? ''), down: down.get(domain.job ?? '') }),
    };
  });
}

interface Targets {
  readonly up: number | undefined;
  readonly down: number | undefined;
}

function missingText({ job }: Domain, { up, down }: Targets): string {
  if (job === undefined)
    return t(
      'connections.domain.noRules',
      'None are evaluated: load the rule files of FleetLens into Prometheus or its ruler.',
    );
  if (up !== undefined)
    return t('connections.domain.nothingToTell', 'The job {{job}} is scraped, and has nothing to tell.', { job });
  if (down !== undefined)
    return t('connections.domain.down', 'Targets of the job {{job}} that cannot be scraped: {{down}}.', { job, down });
  return t('connections.domain.noJob', 'The job {{job}} is missing in the scrape configuration.', { job });
}

function byJob(samples: readonly Sample[]): ReadonlyMap<string, number> {
  return new Map(samples.map(({ labels, value }) => [labels.job ?? '', value]));
}
