import { type FieldDisplay, type PanelProps, VizOrientation } from '@grafana/data';
import { BarGaugeDisplayMode, type VizTextDisplayOptions } from '@grafana/schema';
import { BarGauge, useTheme2, VizRepeater } from '@grafana/ui';
import React from 'react';
import { isEmpty, NoData } from './NoData';
import { type ReducedOptions, useReducedValues } from './reduced-values';

interface Options extends ReducedOptions {
  readonly displayMode?: BarGaugeDisplayMode;
  readonly minVizHeight?: number;
  readonly maxVizHeight?: number;
  readonly text?: VizTextDisplayOptions;
}

export function BarGaugePanel(props: PanelProps<Options>) {
  const { id, data, options, fieldConfig, width, height } = props;
  const theme = useTheme2();
  const getValues = useReducedValues(props);
  if (isEmpty(data)) return <NoData panelId={id} data={data} fieldConfig={fieldConfig} />;
  return (
    <VizRepeater<FieldDisplay>
      getValues={getValues}
      source={data}
      width={width}
      height={height}
      renderCounter={0}
      orientation={VizOrientation.Horizontal}
      itemSpacing={6}
      minVizHeight={options.minVizHeight}
      maxVizHeight={options.maxVizHeight}
      renderValue={({ value, width: cellWidth, height: cellHeight }) => (
        <BarGauge
          value={value.display}
          field={value.field}
          display={value.view?.getFieldDisplayProcessor(value.colIndex ?? 0)}
          width={cellWidth}
          height={cellHeight}
          orientation={VizOrientation.Horizontal}
          displayMode={options.displayMode ?? BarGaugeDisplayMode.Basic}
          theme={theme}
          text={options.text}
          showUnfilled={false}
        />
      )}
    />
  );
}
