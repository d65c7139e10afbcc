import { type DataFrame, dateTimeFormat, FieldType, getFieldDisplayName, type PanelProps } from '@grafana/data';
import { LegendDisplayMode, type SortOrder, type TooltipDisplayMode, type VizLegendOptions } from '@grafana/schema';
import { TimeSeries } from '@grafana/ui';
import React, { useMemo } from 'react';
import { isEmpty, NoData } from './NoData';

interface Options {
  readonly legend?: VizLegendOptions;
  readonly tooltip?: { readonly mode: TooltipDisplayMode; readonly sort: SortOrder };
}

const usualLegend: VizLegendOptions = {
  calcs: [],
  displayMode: LegendDisplayMode.List,
  placement: 'bottom',
  showLegend: true,
};

export function TimeSeriesPanel({
  id,
  data,
  options,
  fieldConfig,
  timeRange,
  timeZone,
  width,
  height,
}: PanelProps<Options>) {
  const frames = useMemo(() => data.series.filter(({ length }) => length > 0), [data.series]);
  if (isEmpty(data)) return <NoData panelId={id} data={data} fieldConfig={fieldConfig} />;
  return (
    <figure style={{ margin: 0 }} aria-label={lastValues(frames, timeRange.to.valueOf())}>
      <TimeSeries
        frames={frames}
        structureRev={data.structureRev}
        timeRange={timeRange}
        timeZone={timeZone}
        width={width}
        height={height}
        legend={options.legend ?? usualLegend}
        options={{}}
      />
    </figure>
  );
}

/** What the curves end in, for people who do not see them. */
function lastValues(frames: DataFrame[], endMs: number): string {
  const told = frames
    .flatMap((frame) => frame.fields.map((field) => ({ frame, field })))
    .filter(({ field }) => field.type === FieldType.number)
    .slice(0, 10)
    .map(({ frame, field }) => {
      const shown = field.display?.(field.values.at(-1));
      return `${getFieldDisplayName(field, frame, frames)} ${shown === undefined ? '' : `${shown.prefix ?? ''}${shown.text}${shown.suffix ?? ''}`}`;
    });
  return `${told.join(', ')} (${dateTimeFormat(endMs)})`;
}
