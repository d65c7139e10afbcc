import { FieldType, formattedValueToString, getFieldDisplayName, getValueFormat, type PanelProps } from '@grafana/data';
import { useTheme2 } from '@grafana/ui';
import React, { useEffect, useRef } from 'react';
import { isEmpty, NoData } from './NoData';

interface Options {
  readonly yAxis?: { readonly unit?: string };
}

const axisWidth = 64;

/** Buckets from bottom to top, time from left to right, the more the stronger. */
export function HeatmapPanel({ id, data, options, fieldConfig, timeRange, width, height }: PanelProps<Options>) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const theme = useTheme2();
  useEffect(() => {
    const context = canvas.current?.getContext('2d');
    if (context === null || context === undefined) return;
    const rows = data.series.map((frame) => {
      const times = frame.fields.find(({ type }) => type === FieldType.time)?.values ?? [];
      const field = frame.fields.find(({ type }) => type === FieldType.number);
      return { name: field === undefined ? '' : getFieldDisplayName(field, frame), times, values: field?.values ?? [] };
    });
    const largest = Math.max(1e-9, ...rows.flatMap(({ values }) => values.filter(Number.isFinite)));
    const format = getValueFormat(options.yAxis?.unit);
    const [from, to] = [timeRange.from.valueOf(), timeRange.to.valueOf()];
    const rowHeight = height / rows.length;
    context.clearRect(0, 0, width, height);
    context.font = `${theme.typography.bodySmall.fontSize} sans-serif`;
    context.textAlign = 'right';
    rows.forEach(({ name, times, values }, index) => {
      const top = height - (index + 1) * rowHeight;
      const step = times.length > 1 ? ((times[1] - times[0]) / (to - from)) * (width - axisWidth) : 4;
      context.fillStyle = theme.colors.text.secondary;
      if (rowHeight > 10 || index % 2 === 0)
        context.fillText(
          Number.isFinite(Number(name)) ? formattedValueToString(format(Number(name))) : name,
          axisWidth - 6,
          top + rowHeight / 2 + 4,
        );
      values.forEach((value, at) => {
        if (!(value > 0)) return;
        context.globalAlpha = Math.sqrt(value / largest);
        context.fillStyle = theme.visualization.getColorByName('dark-orange');
        const x = axisWidth + ((times[at] - from) / (to - from)) * (width - axisWidth);
        context.fillRect(x, top, Math.max(1, step - 1), rowHeight - 1);
      });
      context.globalAlpha = 1;
    });
  }, [data, height, options, theme, timeRange, width]);
  if (isEmpty(data)) return <NoData panelId={id} data={data} fieldConfig={fieldConfig} />;
  return (
    <canvas ref={canvas} width={width} height={height} role="img" aria-label="Heat map of a histogram over time" />
  );
}
