import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';
import React from 'react';
import type { Hit } from '../answers/search';
import { classText } from '../texts/class-text';
import { HitSummary } from './HitSummary';
import { ItemLink } from './ItemLink';

/** Items to choose from. */
export function HitList({ hits }: { readonly hits: readonly Hit[] }) {
  const styles = useStyles2(getStyles);
  return (
    <ul className={styles.list} data-testid="hits">
      {hits.map((hit) => (
        <li key={hit.id} className={styles.hit}>
          <ItemLink item={hit} />
          <span className={styles.class}>{classText(hit.class)}</span>
          <HitSummary hit={hit} />
        </li>
      ))}
    </ul>
  );
}

function getStyles(theme: GrafanaTheme2) {
  return {
    list: css({ listStyle: 'none', margin: 0, padding: 0, textAlign: 'start' }),
    hit: css({
      display: 'flex',
      flexWrap: 'wrap',
      alignItems: 'baseline',
      columnGap: theme.spacing(1),
      padding: theme.spacing(0.75, 0.5),
      borderBottom: `1px solid ${theme.colors.border.weak}`,
    }),
    class: css({ color: theme.colors.text.secondary }),
  };
}
