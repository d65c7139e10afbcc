import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';
import React from 'react';
import type { Hit } from '../answers/search';
import { stateText } from '../texts/state-text';

/** By what people tell apart what is called alike. */
export function HitSummary({ hit }: { readonly hit: Hit }) {
  const styles = useStyles2(getStyles);
  const { site, rack, unit, node, serial, tenants, state, name } = hit;
  const place = [site, rack, unit === undefined ? undefined : `U${unit}`]
    .filter((each) => each !== undefined)
    .join(' / ');
  const parts = [
    state === 'in_service' ? undefined : stateText(state).text,
    node === name ? undefined : node,
    place === '' ? undefined : place,
    serial,
    tenants.length > 3 ? `${tenants.slice(0, 3).join(', ')} …` : tenants.join(', '),
  ].filter((part) => part !== undefined && part !== '');
  return <span className={styles.summary}>{parts.join(' · ')}</span>;
}

function getStyles(theme: GrafanaTheme2) {
  return {
    summary: css({ ...theme.typography.bodySmall, color: theme.colors.text.secondary, overflowWrap: 'anywhere' }),
  };
}
