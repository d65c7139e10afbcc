import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { t } from '@grafana/i18n';
import { Button, useStyles2 } from '@grafana/ui';
import React, { useState } from 'react';
import type { Item } from '../answers/item';
import type { Place } from '../answers/place';
import { itemFacts, sourcesOf } from '../models/item-facts';
import { factText } from '../texts/fact-text';
import { CopyButton } from './CopyButton';
import { Section } from './Section';

interface Props {
  readonly item: Item;
  readonly place: Place | undefined;
}

const shownAtFirst = 8;

/** What tells the item from others, with a button that copies it, and what the sources say of it. */
export function FactsSection({ item, place }: Props) {
  const styles = useStyles2(getStyles);
  const [isAll, setIsAll] = useState(false);
  const facts = itemFacts(item);
  const shown = isAll ? facts : facts.slice(0, shownAtFirst);
  return (
    <Section title={t('cmdb.facts.title', 'What it is')} testId="facts">
      <dl className={styles.list}>
        {item.identities.map(({ kind, value }) => (
          <div className={styles.row} key={`${kind} ${value}`}>
            <dt className={styles.term}>{factText(kind)}</dt>
            <dd className={styles.identity}>
              <span className={styles.identifier}>{value}</span>
              <CopyButton text={value} what={factText(kind)} />
            </dd>
          </div>
        ))}
        {place?.node !== undefined && <Row term={t('cmdb.fact.node', 'Node in Prometheus')} value={place.node} />}
        {place?.cluster !== undefined && <Row term={t('cmdb.fact.cluster', 'Cluster')} value={place.cluster} />}
        {shown.map(({ name, value, source }) => (
          <Row key={name} term={factText(name)} value={value} source={source} />
        ))}
      </dl>
      {facts.length > shownAtFirst && (
        <Button size="sm" variant="secondary" fill="text" aria-expanded={isAll} onClick={() => setIsAll(!isAll)}>
          {isAll
            ? t('cmdb.facts.fewer', 'Show less')
            : t('cmdb.facts.all', 'Show all {{count}}', { count: facts.length })}
        </Button>
      )}
      <Conflicts item={item} />
      <div className={styles.sources}>
        {t('cmdb.facts.sources', 'Sources')}: {sourcesOf(item).join(', ') || '–'}
      </div>
    </Section>
  );
}

function Row({
  term,
  value,
  source,
}: {
  readonly term: string;
  readonly value: string;
  readonly source?: string | undefined;
}) {
  const styles = useStyles2(getStyles);
  return (
    <div className={styles.row}>
      <dt className={styles.term}>{term}</dt>
      <dd className={styles.value} title={source}>
        {value}
      </dd>
    </div>
  );
}

function Conflicts({ item: { conflicts } }: { readonly item: Item }) {
  const styles = useStyles2(getStyles);
  if (conflicts.length === 0) return null;
  return (
    <div className={styles.conflicts} data-testid="conflicts">
      <strong>{t('cmdb.facts.conflicts', 'Sources disagree')}</strong>
      <ul className={styles.plain}>
        {conflicts.map(({ about, said }) => (
          <li key={about}>
            {factText(about)}: {said.map(([source, value]) => `${source} ${value}`).join(', ')}
          </li>
        ))}
      </ul>
    </div>
  );
}

function getStyles(theme: GrafanaTheme2) {
  return {
    list: css({ margin: 0 }),
    row: css({
      display: 'grid',
      gridTemplateColumns: 'minmax(96px, 2fr) minmax(0, 3fr)',
      gap: theme.spacing(1),
      padding: theme.spacing(0.25, 0),
      alignItems: 'baseline',
    }),
    term: css({ color: theme.colors.text.secondary, fontWeight: theme.typography.fontWeightRegular, margin: 0 }),
    value: css({ margin: 0, overflowWrap: 'anywhere' }),
    identity: css({ margin: 0, display: 'flex', alignItems: 'center', gap: theme.spacing(0.5), minWidth: 0 }),
    identifier: css({ overflowWrap: 'anywhere', minWidth: 0 }),
    sources: css({ ...theme.typography.bodySmall, color: theme.colors.text.secondary, marginTop: theme.spacing(0.5) }),
    conflicts: css({ color: theme.colors.warning.text, marginTop: theme.spacing(1) }),
    plain: css({ listStyle: 'none', margin: 0, padding: 0 }),
  };
}
