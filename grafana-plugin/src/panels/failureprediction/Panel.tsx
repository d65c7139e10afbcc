import { css } from '@emotion/css';
import { type GrafanaTheme2, LoadingState, type PanelProps } from '@grafana/data';
import { t } from '@grafana/i18n';
import { PanelDataErrorView } from '@grafana/runtime';
import { LoadingPlaceholder, useStyles2, useTheme2 } from '@grafana/ui';
import React, { useMemo, useState } from 'react';
import { readThresholds, scaleOf } from './colour/scale';
import { Detail } from './detail/Detail';
import { HeatMap } from './heatmap/HeatMap';
import { Legend } from './heatmap/Legend';
import { useHeld } from './hooks/use-held';
import { type RiskData, useRiskData } from './hooks/use-risk-data';
import { useTopReasons } from './hooks/use-top-reasons';
import { addressKeyOf, heldHorizon, heldText, type Options, type View } from './options';
import type { RiskRow } from './rows/risk-row';
import { selectRows } from './rows/select-rows';
import { NEEDED } from './series-names';
import { RiskTable } from './table/RiskTable';
import { Notices } from './view/Notices';
import { NotThere } from './view/NotThere';
import { Toolbar } from './view/Toolbar';

/** Who is likeliest to fail, how sure that is, why, and what to do. */
export function Panel(props: PanelProps<Options>) {
  const { data, options, replaceVariables } = props;
  const [horizonHeld, chooseHorizon] = useHeld(
    heldHorizon(replaceVariables(options.horizon)),
    addressKeyOf(options.horizon, options.horizonKey),
  );
  const horizon = heldHorizon(horizonHeld);
  const risk = useRiskData(data, horizon);
  if (risk.rows.length === 0 && (data.state === LoadingState.Loading || risk.said.isLoading))
    return <LoadingPlaceholder text={t('failure.loading', 'Asking …')} />;
  if (risk.rows.length === 0) return <Nothing {...props} risk={risk} />;
  return <Filled {...props} risk={risk} horizon={horizon} onHorizon={chooseHorizon} />;
}

interface WithRisk extends PanelProps<Options> {
  readonly risk: RiskData;
}

/** Says what the panel needs and what came instead. */
function Nothing({ id, fieldConfig, data, risk }: WithRisk) {
  const { otherSeries, unusableValues } = risk.fleet;
  const failed = data.errors?.[0]?.message ?? data.error?.message;
  const found = otherSeries.slice(0, 6).join(', ');
  const message =
    failed ??
    (unusableValues > 0
      ? t('failure.nothing.unusable', '{{series}} has no value from 0 to 1. Values that are none: {{many}}.', {
          series: NEEDED,
          many: unusableValues,
        })
      : found === ''
        ? t(
            'failure.nothing',
            'No forecasts in this time range. The panel reads {{series}} with the labels uuid and horizon; is the prediction service scraped?',
            { series: NEEDED },
          )
        : t(
            'failure.nothing.others',
            'The panel reads {{series}} with the labels uuid and horizon. Found instead: {{found}}.',
            {
              series: NEEDED,
              found,
            },
          ));
  return <PanelDataErrorView panelId={id} fieldConfig={fieldConfig} data={data} message={message} />;
}

interface FilledProps extends WithRisk {
  readonly horizon: ReturnType<typeof heldHorizon>;
  readonly onHorizon: (horizon: string) => void;
}

/** Narrower, and a chosen GPU takes the place of the list. */
const sideBySide = 860;
const detailWidth = 420;

function Filled({
  options,
  width,
  height,
  replaceVariables,
  fieldConfig,
  timeRange,
  timeZone,
  risk,
  horizon,
  onHorizon,
}: FilledProps) {
  const styles = useStyles2(getStyles);
  const { isDark } = useTheme2();
  const { fleet, rows, said, nowMs } = risk;
  const [view, setView] = useHeld(options.view, undefined);
  const [text, setText] = useState('');
  const [gpu, chooseGpu] = useHeld(heldText(replaceVariables(options.gpu)), addressKeyOf(options.gpu, options.gpuKey));
  const nodes = heldText(replaceVariables(options.nodes));
  const selected = useMemo(
    () => selectRows(rows, { horizon, text, nodes, most: options.rows }),
    [rows, horizon, text, nodes, options.rows],
  );
  const { bounds, wrong } = useMemo(() => readThresholds(options.thresholds), [options.thresholds]);
  const base = fleet.baseProbability[horizon];
  const scale = useMemo(
    () => scaleOf({ mode: isDark ? 'dark' : 'light', thresholds: bounds, base }),
    [isDark, bounds, base],
  );
  const isConnected = said.problem === undefined && said.value !== undefined;
  const topReasons = useTopReasons(selected.shown, horizon, isConnected);
  const chosen = useMemo(() => rows.find(({ uuid, key }) => gpu !== '' && (uuid === gpu || key === gpu)), [rows, gpu]);
  const staleMs = options.staleMinutes * 60_000;
  const ageMs = ageOf(rows, nowMs);
  const isWide = width >= sideBySide;
  const choose = (row: RiskRow) => chooseGpu(row.uuid);
  const context = {
    horizon,
    scale,
    decimals: fieldConfig.defaults.decimals,
    noValue: fieldConfig.defaults.noValue ?? '',
    nowMs,
    staleMs,
    topReasons,
  };
  const map = view !== 'table' && (
    <div className={view === 'both' ? styles.upper : styles.only}>
      <Legend scale={scale} base={base} />
      <HeatMap rows={selected.rows} horizon={horizon} scale={scale} chosenKey={chosen?.key} onChoose={choose} />
    </div>
  );
  const table = view !== 'heatmap' && (
    <RiskTable
      rows={selected.shown}
      context={context}
      chosenKey={chosen?.key}
      onChoose={choose}
      onHorizon={onHorizon}
    />
  );
  return (
    <div className={styles.panel} style={{ width, height }} data-testid="failure-prediction">
      <Toolbar
        horizon={horizon}
        onHorizon={onHorizon}
        view={viewOf(view)}
        onView={setView}
        text={text}
        onText={setText}
        shown={selected.rows.length}
        total={rows.length}
        layer={fleet.layer[horizon] ?? rows[0]?.layer[horizon]}
      />
      <Notices
        problem={said.problem}
        onRetry={said.askAgain}
        unusable={fleet.unusableValues}
        wrongThresholds={wrong}
        staleMs={ageMs !== undefined && ageMs > staleMs ? ageMs : undefined}
        cut={
          selected.shown.length < selected.rows.length && view !== 'heatmap'
            ? { shown: selected.shown.length, total: selected.rows.length }
            : undefined
        }
      />
      <div className={styles.main}>
        {(isWide || gpu === '') && (
          <div className={styles.lists}>
            {selected.rows.length === 0 ? (
              <div className={styles.empty} data-testid="failure-no-match">
                {t('failure.noMatch', 'No GPU fits the filter.')}
              </div>
            ) : (
              <>
                {map}
                {table}
              </>
            )}
          </div>
        )}
        {gpu !== '' && (
          <div className={styles.side} style={isWide ? { width: detailWidth } : { flex: 1 }}>
            {chosen === undefined ? (
              <NotThere name={gpu} onClose={() => chooseGpu('')} />
            ) : (
              <Detail
                key={chosen.key}
                row={chosen}
                fleet={fleet}
                total={rows.length}
                probabilities={risk.probabilities}
                horizon={horizon}
                decimals={fieldConfig.defaults.decimals}
                runbooks={options.runbooks}
                fromMs={timeRange.from.valueOf()}
                toMs={timeRange.to.valueOf()}
                timeZone={timeZone}
                isConnected={isConnected}
                onClose={() => chooseGpu('')}
              />
            )}
          </div>
        )}
      </div>
    </div>
  );
}

function viewOf(text: string): View {
  return text === 'table' || text === 'heatmap' ? text : 'both';
}

/** Of the newest forecast. */
function ageOf(rows: readonly RiskRow[], nowMs: number): number | undefined {
  let newest: number | undefined;
  for (const { atMs } of rows) if (atMs !== undefined && atMs > (newest ?? 0)) newest = atMs;
  return newest === undefined ? undefined : nowMs - newest;
}

function getStyles(theme: GrafanaTheme2) {
  return {
    panel: css({ display: 'flex', flexDirection: 'column', overflow: 'hidden', paddingTop: theme.spacing(1) }),
    main: css({ display: 'flex', flex: 1, minHeight: 0 }),
    lists: css({ display: 'flex', flexDirection: 'column', flex: 1, minWidth: 0, minHeight: 0 }),
    upper: css({ display: 'flex', flexDirection: 'column', flexShrink: 0, padding: theme.spacing(0, 1, 1, 1) }),
    only: css({ display: 'flex', flexDirection: 'column', flex: 1, minHeight: 0, padding: theme.spacing(0, 1) }),
    side: css({ display: 'flex', minHeight: 0, minWidth: 0, borderLeft: `1px solid ${theme.colors.border.weak}` }),
    empty: css({ padding: theme.spacing(4, 2), textAlign: 'center', color: theme.colors.text.secondary }),
  };
}
