import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { useStyles2, useTheme2 } from '@grafana/ui';
import React from 'react';
import { percentText } from './percent-text';

interface Props {
  /** 1 is all of it; more is possible. */
  readonly ratio: number;
}

/** How much is used. The colour is that of the boards, and never the only sign. */
export function UsedBar({ ratio }: Props) {
  const styles = useStyles2(getStyles);
  const { colors } = useTheme2();
  const colour = ratio >= 1 ? colors.error.main : ratio >= 0.8 ? colors.warning.main : colors.success.main;
  const width = `${Math.min(100, Math.max(0, ratio * 100))}%`;
  return (
    <div className={styles.line}>
      <div className={styles.track} aria-hidden>
        <div className={styles.fill} style={{ width, background: colour }} />
      </div>
      <span className={styles.text}>{percentText(ratio)}</span>
    </div>
  );
}

function getStyles(theme: GrafanaTheme2) {
  return {
    line: css({ display: 'flex', gap: theme.spacing(1), alignItems: 'center', minWidth: 140 }),
    track: css({
      flexGrow: 1,
      height: 8,
      minWidth: 60,
      borderRadius: 4,
      overflow: 'hidden',
      background: theme.colors.background.secondary,
      border: `1px solid ${theme.colors.border.weak}`,
    }),
    fill: css({ height: '100%' }),
    text: css({ minWidth: 56, textAlign: 'right', fontVariantNumeric: 'tabular-nums' }),
  };
}
