import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';
import React, { type ReactNode } from 'react';

export interface Fact {
  readonly id: string;
  readonly label: string;
  readonly value: ReactNode;
}

/** Names and values of one thing, beside each other while there is room. */
export function Facts({ facts, label }: { readonly facts: readonly Fact[]; readonly label: string }) {
  const styles = useStyles2(getStyles);
  return (
    <dl className={styles.grid} aria-label={label}>
      {facts.map(({ id, label: name, value }) => (
        <div key={id} className={styles.fact} data-testid={`fact-${id}`}>
          <dt className={styles.name}>{name}</dt>
          <dd className={styles.value}>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function getStyles(theme: GrafanaTheme2) {
  const { colors, spacing, typography, shape } = theme;
  return {
    grid: css({
      display: 'grid',
      gridTemplateColumns: 'repeat(auto-fit, minmax(min(100%, 150px), 1fr))',
      gap: spacing(1.5),
      margin: 0,
      padding: spacing(1.5),
      background: colors.background.primary,
      border: `1px solid ${colors.border.weak}`,
      borderRadius: shape.radius.default,
    }),
    fact: css({ minWidth: 0 }),
    name: css({ ...typography.bodySmall, color: colors.text.secondary, fontWeight: typography.fontWeightRegular }),
    value: css({ margin: 0, overflowWrap: 'anywhere' }),
  };
}
