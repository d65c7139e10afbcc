import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';
import React from 'react';

interface Props {
  readonly name: string;
  /** Undefined if the table is sorted by something else. */
  readonly direction: 'up' | 'down' | undefined;
  readonly onClick: () => void;
}

export function SortButton({ name, direction, onClick }: Props) {
  const styles = useStyles2(getStyles);
  const arrow = { up: ' ↑', down: ' ↓' };
  return (
    <button type="button" className={styles.button} onClick={onClick}>
      {name}
      {direction !== undefined && arrow[direction]}
    </button>
  );
}

function getStyles(theme: GrafanaTheme2) {
  return {
    button: css({
      all: 'unset',
      cursor: 'pointer',
      '&:focus-visible': { outline: `2px solid ${theme.colors.primary.main}` },
    }),
  };
}
