import { css } from '@emotion/css';
import type { GrafanaTheme2, PanelProps } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';
import React, { useMemo, useState } from 'react';
import { useCellContext } from '../hooks/use-cell-context';
import { useHeld } from '../hooks/use-held';
import type { RiskData } from '../hooks/use-risk-data';
import type { Horizon } from '../horizon';
import { addressKeyOf, heldText, type Options, viewOf } from '../options';
import { likeliestFirst } from '../rows/rank-rows';
import type { RiskRow } from '../rows/risk-row';
import { selectRows } from '../rows/select-rows';
import { Lists } from './Lists';
import { Notices } from './Notices';
import { Side } from './Side';
import { Toolbar } from './Toolbar';

interface Props extends PanelProps<Options> {
  readonly risk: RiskData;
  readonly horizon: Horizon;
  readonly onHorizon: (horizon: string) => void;
}

/** Narrower, and a chosen GPU takes the place of the list. */
const sideBySide = 860;

/** The list, the map and one GPU, of a fleet that has forecasts. */
export function Filled(props: Props) {
  const { options, width, height, replaceVariables, risk, horizon, onHorizon } = props;
  const styles = useStyles2(getStyles);
  const { fleet, rows, said } = risk;
  const [viewHeld, setView] = useHeld(options.view, undefined);
  const [text, setText] = useState('');
  const [gpu, chooseGpu] = useHeld(heldText(replaceVariables(options.gpu)), addressKeyOf(options.gpu, options.gpuKey));
  const nodes = heldText(replaceVariables(options.nodes));
  const selected = useMemo(() => selectRows(rows, { text, nodes }), [rows, text, nodes]);
  const shown = useMemo(
    () => likeliestFirst(selected, horizon).slice(0, Math.max(1, options.rows)),
    [selected, horizon, options.rows],
  );
  const isConnected = said.problem === undefined && said.value !== undefined;
  const { context, wrongThresholds } = useCellContext({ ...props, shown, isConnected });
  const chosen = useMemo(() => rows.find(({ uuid, key }) => gpu !== '' && (uuid === gpu || key === gpu)), [rows, gpu]);
  const view = viewOf(viewHeld);
  const isWide = width >= sideBySide;
  return (
    <div className={styles.panel} style={{ width, height }} data-testid="failure-prediction">
      <Toolbar
        horizon={horizon}
        onHorizon={onHorizon}
        view={view}
        onView={setView}
        text={text}
        onText={setText}
        shown={selected.length}
        total={rows.length}
        layer={fleet.layer[horizon] ?? rows[0]?.layer[horizon]}
      />
      <Notices
        problem={said.problem}
        onRetry={said.askAgain}
        unusable={fleet.unusableValues}
        wrongThresholds={wrongThresholds}
        staleMs={staleMs(rows, context)}
        cut={view === 'heatmap' ? undefined : { shown: shown.length, total: selected.length }}
      />
      <div className={styles.main}>
        {(isWide || gpu === '') && (
          <Lists
            view={view}
            selected={selected}
            shown={shown}
            context={context}
            base={fleet.baseProbability[horizon]}
            chosenKey={chosen?.key}
            onChoose={({ uuid }) => chooseGpu(uuid)}
            onHorizon={onHorizon}
          />
        )}
        {gpu !== '' && (
          <div className={isWide ? styles.side : styles.whole}>
            <Side {...props} name={gpu} chosen={chosen} isConnected={isConnected} onClose={() => chooseGpu('')} />
          </div>
        )}
      </div>
    </div>
  );
}

/** How old the newest forecast is, if that is too old. */
function staleMs(
  rows: readonly RiskRow[],
  { nowMs, staleMs: most }: { readonly nowMs: number; readonly staleMs: number },
): number | undefined {
  let newest = 0;
  for (const { atMs = 0 } of rows) newest = Math.max(newest, atMs);
  return newest > 0 && nowMs - newest > most ? nowMs - newest : undefined;
}

function getStyles(theme: GrafanaTheme2) {
  const side = { display: 'flex', minHeight: 0, minWidth: 0 } as const;
  return {
    panel: css({ display: 'flex', flexDirection: 'column', overflow: 'hidden', paddingTop: theme.spacing(1) }),
    main: css({ display: 'flex', flex: 1, minHeight: 0 }),
    side: css({ ...side, width: 420, flexShrink: 0, borderLeft: `1px solid ${theme.colors.border.weak}` }),
    whole: css({ ...side, flex: 1 }),
  };
}
