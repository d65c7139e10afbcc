import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { t } from '@grafana/i18n';
import { Badge, useStyles2 } from '@grafana/ui';
import React from 'react';
import { Section } from '../../panels/cmdblookup/components/Section';
import { useFreshAnswer } from '../../panels/cmdblookup/components/use-fresh-answer';
import { When } from '../../panels/cmdblookup/components/When';
import { type Source, sourcesQuestion } from './answers/sources';

/** How the sources of the inventory are doing. */
export function SourceTable() {
  const styles = useStyles2(getStyles);
  const answer = useFreshAnswer(sourcesQuestion());
  const sources = answer.value ?? [];
  return (
    <Section title={t('inventory.sources.title', 'Sources')} testId="sources" answer={answer}>
      {answer.value?.length === 0 && (
        <div>{t('inventory.sources.none', 'No source is configured; everything is entered by hand or imported.')}</div>
      )}
      {sources.length > 0 && (
        <table className={styles.table}>
          <thead>
            <tr>
              <th scope="col">{t('inventory.sources.name', 'Source')}</th>
              <th scope="col">{t('inventory.sources.state', 'State')}</th>
              <th scope="col">{t('inventory.sources.items', 'Items')}</th>
              <th scope="col">{t('inventory.sources.last', 'Last good look')}</th>
            </tr>
          </thead>
          <tbody>
            {sources.map((source) => (
              <Row key={source.name} source={source} />
            ))}
          </tbody>
        </table>
      )}
    </Section>
  );
}

function Row({ source }: { readonly source: Source }) {
  const styles = useStyles2(getStyles);
  const { name, type, last } = source;
  return (
    <tr>
      <th scope="row">
        {name}
        {type !== undefined && type !== name && <span className={styles.quiet}> {type}</span>}
      </th>
      <td>
        <State source={source} />
        {last !== undefined && last.reason !== '' && <div className={styles.quiet}>{last.reason}</div>}
      </td>
      <td>{last?.items ?? 0}</td>
      <td>{last?.succeededAt === undefined ? '–' : <When at={last.succeededAt} />}</td>
    </tr>
  );
}

function State({ source: { isConfigured, last } }: { readonly source: Source }) {
  if (!isConfigured) return <Badge color="darkgrey" text={t('inventory.sources.former', 'no longer configured')} />;
  if (last === undefined) return <Badge color="blue" text={t('inventory.sources.waiting', 'not looked yet')} />;
  if (last.outcome !== 'taken_over')
    return (
      <Badge
        color="red"
        text={
          last.outcome === 'refused'
            ? t('inventory.sources.refused', 'refused')
            : t('inventory.sources.failed', 'failed')
        }
      />
    );
  if (last.problems > 0)
    return (
      <Badge color="orange" text={t('inventory.sources.problems', '{{count}} problems', { count: last.problems })} />
    );
  return <Badge color="green" text={t('inventory.sources.good', 'good')} />;
}

function getStyles(theme: GrafanaTheme2) {
  return {
    table: css({
      width: '100%',
      'th, td': {
        padding: theme.spacing(0.25, 1, 0.25, 0),
        textAlign: 'start',
        verticalAlign: 'top',
        overflowWrap: 'anywhere',
      },
      'thead th': { color: theme.colors.text.secondary, fontWeight: theme.typography.fontWeightRegular },
      'tbody th': { fontWeight: theme.typography.fontWeightRegular },
    }),
    quiet: css({ ...theme.typography.bodySmall, color: theme.colors.text.secondary }),
  };
}
