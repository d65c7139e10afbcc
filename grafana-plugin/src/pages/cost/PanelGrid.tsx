import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import type { VizPanel } from '@grafana/scenes';
import { useStyles2 } from '@grafana/ui';
import React from 'react';

/** Panels beside each other where there is room, else below each other. */
export function PanelGrid({
  panels,
  height = 280,
}: {
  readonly panels: readonly VizPanel[];
  readonly height?: number;
}) {
  const styles = useStyles2(getStyles);
  return (
    <div className={styles.grid}>
      {panels.map((panel) => (
        <div key={panel.state.key} className={styles.cell} style={{ height }}>
          <panel.Component model={panel} />
        </div>
      ))}
    </div>
  );
}

function getStyles(theme: GrafanaTheme2) {
  return {
    grid: css({
      display: 'grid',
      gridTemplateColumns: 'repeat(auto-fit, minmax(min(100%, 420px), 1fr))',
      gap: theme.spacing(2),
      minWidth: 0,
    }),
    cell: css({ position: 'relative', display: 'flex', minWidth: 0 }),
  };
}
