import { t } from '@grafana/i18n';
import { LoadingPlaceholder } from '@grafana/ui';
import React, { useEffect } from 'react';
import { Empty } from '../../../states/Empty';
import { ServiceNotice } from '../../../states/ServiceNotice';
import { factsOf, type InfoFacts } from '../models/info-series';
import type { Resolution } from '../models/resolve';
import { asIs } from '../texts/as-is';
import { HitList } from './HitList';
import { KnownFromSeries } from './KnownFromSeries';
import { useResolution } from './use-resolution';

interface Props {
  readonly text: string;
  readonly facts: readonly InfoFacts[];
  readonly onResolved: (id: number) => void;
}

/** Goes on to the item that a text stands for, or says what there is instead. */
export function FoundItem({ text, facts, onResolved }: Props) {
  const { resolution, problem, askAgain } = useResolution(text);
  const id = resolution?.kind === 'one' ? resolution.item.id : undefined;
  useEffect(() => {
    if (id !== undefined) onResolved(id);
  }, [id, onResolved]);
  if (problem !== undefined)
    return (
      <>
        <ServiceNotice problem={problem} onRetry={askAgain} />
        <KnownFromSeries facts={factsOf(facts, text)} />
      </>
    );
  if (resolution === undefined || resolution.kind === 'one')
    return <LoadingPlaceholder text={t('cmdb.loading', 'Asking the inventory …')} />;
  return resolution.kind === 'several' ? (
    <Several resolution={resolution} text={text} />
  ) : (
    <Nothing resolution={resolution} text={text} />
  );
}

function Several({
  resolution: { found },
  text,
}: {
  readonly resolution: Extract<Resolution, { kind: 'several' }>;
  readonly text: string;
}) {
  return (
    <div data-testid="several-found">
      <Empty title={t('cmdb.several.title', '{{count}} items fit “{{text}}”', { count: found.total, text, ...asIs })}>
        {found.total > found.hits.length
          ? t(
              'cmdb.several.truncated',
              'The best {{listed}} are listed. One more word finds fewer, as class:server or a rack.',
              {
                listed: found.hits.length,
              },
            )
          : t('cmdb.several.choose', 'Choose one.')}
      </Empty>
      <HitList hits={found.hits} />
      <Notes notes={found.notes} />
    </div>
  );
}

function Nothing({
  resolution: { near },
  text,
}: {
  readonly resolution: Extract<Resolution, { kind: 'none' }>;
  readonly text: string;
}) {
  return (
    <div data-testid="nothing-found">
      <Empty title={t('cmdb.nothing.title', 'Nothing in the inventory fits “{{text}}”', { text, ...asIs })}>
        {near.hits.length > 0
          ? t('cmdb.nothing.near', 'These begin alike:')
          : t('cmdb.nothing.text', 'Look at how it is written. What is new shows up when its source has looked.')}
      </Empty>
      <HitList hits={near.hits} />
      <Notes notes={near.notes} />
    </div>
  );
}

function Notes({ notes }: { readonly notes: readonly string[] }) {
  return (
    <>
      {notes.map((note) => (
        <div key={note}>{note}</div>
      ))}
    </>
  );
}
