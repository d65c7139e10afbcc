import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { t } from '@grafana/i18n';
import { useStyles2 } from '@grafana/ui';
import React, { useRef } from 'react';
import { HeatMap } from '../heatmap/HeatMap';
import { Legend } from '../heatmap/Legend';
import { useSize } from '../hooks/use-size';
import type { Horizon } from '../horizon';
import type { View } from '../options';
import type { RiskRow } from '../rows/risk-row';
import type { CellContext } from '../table/Cell';
import { RiskTable } from '../table/RiskTable';

interface Props {
  readonly view: View;
  /** All that fit the filter, for the map. */
  readonly selected: readonly RiskRow[];
  /** Those of them that the table shows, the likeliest first. */
  readonly shown: readonly RiskRow[];
  readonly context: CellContext;
  readonly base: number | undefined;
  readonly chosenKey: string | undefined;
  readonly onChoose: (row: RiskRow) => void;
  readonly onHorizon: (horizon: Horizon) => void;
}

/** Beside the table the map takes no more of the height. */
const mostOfHeight = 0.45;
const legendHeight = 26;

export function Lists({ view, selected, shown, context, base, chosenKey, onChoose, onHorizon }: Props) {
  const styles = useStyles2(getStyles);
  const frame = useRef<HTMLDivElement>(null);
  const { height } = useSize(frame);
  const { horizon, scale } = context;
  const isAlone = view === 'heatmap';
  return (
    <div ref={frame} className={styles.lists}>
      {selected.length === 0 && (
        <div className={styles.empty} role="status" data-testid="failure-no-match">
          {t('failure.noMatch', 'No GPU fits the filter and the chosen nodes.')}
        </div>
      )}
      {selected.length > 0 && view !== 'table' && (
        <div className={isAlone ? styles.alone : styles.upper}>
          <Legend scale={scale} base={base} />
          <HeatMap
            rows={selected}
            horizon={horizon}
            scale={scale}
            chosenKey={chosenKey}
            onChoose={onChoose}
            mostHeight={isAlone ? undefined : Math.max(60, height * mostOfHeight - legendHeight)}
          />
        </div>
      )}
      {selected.length > 0 && !isAlone && (
        <RiskTable rows={shown} context={context} chosenKey={chosenKey} onChoose={onChoose} onHorizon={onHorizon} />
      )}
    </div>
  );
}

function getStyles(theme: GrafanaTheme2) {
  return {
    lists: css({ display: 'flex', flexDirection: 'column', flex: 1, minWidth: 0, minHeight: 0 }),
    upper: css({ display: 'flex', flexDirection: 'column', flexShrink: 0, padding: theme.spacing(0, 1, 1, 1) }),
    alone: css({ display: 'flex', flexDirection: 'column', flex: 1, minHeight: 0, padding: theme.spacing(0, 1) }),
    empty: css({ padding: theme.spacing(4, 2), textAlign: 'center', color: theme.colors.text.secondary }),
  };
}
