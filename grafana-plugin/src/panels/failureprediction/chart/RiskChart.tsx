import { css } from '@emotion/css';
import { dateTimeFormat, type GrafanaTheme2 } from '@grafana/data';
import { t } from '@grafana/i18n';
import { useStyles2, useTheme2 } from '@grafana/ui';
import React, { type PointerEvent, useMemo, useRef, useState } from 'react';
import type { SaidIncident } from '../api/read-explained';
import { useSize } from '../hooks/use-size';
import type { Horizon } from '../horizon';
import { percentText, rangeText } from '../texts/format';
import { horizonText } from '../texts/words';
import { type BandPoint, bandOf, type History, type HorizonLine, piecesOf, pointNear } from './history-of';
import { heightOf, logScale, probabilityTicks } from './probability-scale';
import { bandPath, linePath } from './shape';
import { pixelOf, timeTicks, valueAt } from './time-scale';

interface Props {
  readonly history: History;
  readonly horizon: Horizon;
  /** Known failures, by which the band is as wide as it is. */
  readonly failures: number | undefined;
  readonly base: number | undefined;
  readonly incidents: readonly SaidIncident[];
  readonly fromMs: number;
  readonly toMs: number;
  readonly timeZone: string;
}

const height = 190;
const [left, right, top, bottom] = [52, 8, 8, 22];

/** How the risk went, all horizons, with how far the rate of the chosen one may be off, and the incidents. */
export function RiskChart(props: Props) {
  const { history, horizon, failures, base, incidents, fromMs, toMs, timeZone } = props;
  const styles = useStyles2(getStyles);
  const colours = useColours();
  const frame = useRef<HTMLDivElement>(null);
  const { width } = useSize(frame);
  const [pointedMs, setPointedMs] = useState<number>();
  const chosen = history.lines.find((line) => line.horizon === horizon);
  const band = useMemo(() => bandOf(chosen?.points ?? [], failures), [chosen, failures]);
  const x = { from: fromMs, to: toMs, start: left, end: Math.max(left + 1, width - right) };
  const y = useMemo(() => logScale(shownValues(history, band, base), height - bottom, top), [history, band, base]);
  const onPointerMove = (event: PointerEvent<SVGSVGElement>) => {
    const box = event.currentTarget.getBoundingClientRect();
    setPointedMs(Math.min(toMs, Math.max(fromMs, valueAt(x, event.clientX - box.left))));
  };
  const timeFormat = toMs - fromMs > 2 * 86_400_000 ? 'MM-DD' : 'HH:mm';
  return (
    <div ref={frame} className={styles.frame} data-testid="failure-chart">
      <svg
        width={width}
        height={height}
        role="img"
        aria-label={t('failure.chart.label', 'Probability of failure over time, by horizon')}
        onPointerMove={onPointerMove}
        onPointerLeave={() => setPointedMs(undefined)}
      >
        {probabilityTicks(y, 6).map((tick) => (
          <g key={tick}>
            <line x1={left} x2={x.end} y1={heightOf(y, tick)} y2={heightOf(y, tick)} className={styles.grid} />
            <text x={left - 6} y={heightOf(y, tick) + 3} textAnchor="end" className={styles.label}>
              {percentText(tick)}
            </text>
          </g>
        ))}
        {timeTicks(fromMs, toMs, Math.floor((x.end - left) / 70)).map((tick) => (
          <text key={tick} x={pixelOf(x, tick)} y={height - 6} textAnchor="middle" className={styles.label}>
            {dateTimeFormat(tick, { timeZone, format: timeFormat })}
          </text>
        ))}
        <path d={bandPath(band, x, y)} fill={colours[horizon]} fillOpacity={0.18} data-testid="failure-band" />
        {base !== undefined && (
          <line x1={left} x2={x.end} y1={heightOf(y, base)} y2={heightOf(y, base)} className={styles.base} />
        )}
        {history.lines.map((line) => (
          <path
            key={line.horizon}
            d={linePath(piecesOf(line.points, history.gapMs), x, y)}
            fill="none"
            stroke={colours[line.horizon]}
            strokeWidth={line.horizon === horizon ? 2.5 : 1.2}
            strokeDasharray={dashes[line.horizon]}
            data-testid={`failure-line-${line.horizon}`}
          />
        ))}
        {incidents.map((incident) => (
          <Incident
            key={`${incident.startMs} ${incident.what}`}
            incident={incident}
            at={pixelOf(x, incident.startMs)}
          />
        ))}
        {pointedMs !== undefined && (
          <line
            x1={pixelOf(x, pointedMs)}
            x2={pixelOf(x, pointedMs)}
            y1={top}
            y2={height - bottom}
            className={styles.cross}
          />
        )}
      </svg>
      <div className={styles.key}>
        {history.lines.map((line) => (
          <KeyEntry
            key={line.horizon}
            line={line}
            colour={colours[line.horizon]}
            pointedMs={pointedMs}
            band={line.horizon === horizon ? band : []}
          />
        ))}
        {base !== undefined && (
          <span className={styles.faint}>
            {t('failure.chart.base', '┄ base rate {{rate}}', { rate: percentText(base) })}
          </span>
        )}
        {pointedMs !== undefined && (
          <span className={styles.faint}>{dateTimeFormat(pointedMs, { timeZone, format: 'YYYY-MM-DD HH:mm' })}</span>
        )}
      </div>
    </div>
  );
}

function shownValues({ lines }: History, band: readonly BandPoint[], base: number | undefined): number[] {
  const own = lines.flatMap(({ points }) => points.map(({ value }) => value));
  return [...own, ...band.flatMap(({ low, high }) => [low, high]), ...(base === undefined ? [] : [base])];
}

function Incident({ incident, at }: { readonly incident: SaidIncident; readonly at: number }) {
  const styles = useStyles2(getStyles);
  return (
    <g data-testid="failure-incident">
      <title>{incident.what}</title>
      <line x1={at} x2={at} y1={top} y2={height - bottom} className={styles.incident} />
      <path d={`M${at - 5},${top}h10l-5,8z`} className={styles.flag} />
    </g>
  );
}

interface KeyProps {
  readonly line: HorizonLine;
  readonly colour: string;
  readonly pointedMs: number | undefined;
  readonly band: readonly BandPoint[];
}

function KeyEntry({ line, colour, pointedMs, band }: KeyProps) {
  const styles = useStyles2(getStyles);
  const point = pointedMs === undefined ? line.points.at(-1) : pointNear(line.points, pointedMs);
  const range = band.find(({ atMs }) => atMs === point?.atMs);
  return (
    <span className={styles.entry}>
      <svg width={18} height={6} aria-hidden>
        <line x1={0} x2={18} y1={3} y2={3} stroke={colour} strokeWidth={2} strokeDasharray={dashes[line.horizon]} />
      </svg>
      {horizonText(line.horizon)} {point !== undefined && percentText(point.value)}
      {range !== undefined && <span className={styles.faint}>({rangeText(range)})</span>}
    </span>
  );
}

/** Lines differ by dashes as well as by colour. */
const dashes: Readonly<Record<Horizon, string | undefined>> = { '24h': '2 3', '7d': undefined, '30d': '7 3' };

function useColours(): Readonly<Record<Horizon, string>> {
  const { visualization } = useTheme2();
  return {
    '24h': visualization.getColorByName('purple'),
    '7d': visualization.getColorByName('orange'),
    '30d': visualization.getColorByName('blue'),
  };
}

function getStyles(theme: GrafanaTheme2) {
  return {
    frame: css({ width: '100%' }),
    grid: css({ stroke: theme.colors.border.weak }),
    label: css({ fill: theme.colors.text.secondary, fontSize: 10, fontFamily: theme.typography.fontFamily }),
    base: css({ stroke: theme.colors.text.secondary, strokeDasharray: '1 4' }),
    cross: css({ stroke: theme.colors.text.secondary }),
    incident: css({ stroke: theme.colors.error.border, strokeWidth: 1.5 }),
    flag: css({ fill: theme.colors.error.border }),
    key: css({ ...theme.typography.bodySmall, display: 'flex', flexWrap: 'wrap', gap: theme.spacing(0.25, 1.5) }),
    entry: css({ display: 'inline-flex', alignItems: 'center', gap: 4 }),
    faint: css({ color: theme.colors.text.secondary }),
  };
}
