import { type FieldDisplay, type PanelProps, VizOrientation } from '@grafana/data';
import {
  BigValue,
  BigValueColorMode,
  BigValueGraphMode,
  BigValueJustifyMode,
  BigValueTextMode,
  useTheme2,
  VizRepeater,
} from '@grafana/ui';
import React from 'react';
import { type ReducedOptions, useReducedValues } from './reduced-values';

interface Options extends ReducedOptions {
  readonly colorMode?: BigValueColorMode;
  readonly textMode?: BigValueTextMode;
}

export function StatPanel(props: PanelProps<Options>) {
  const { data, options, width, height } = props;
  const theme = useTheme2();
  const getValues = useReducedValues(props);
  return (
    <VizRepeater<FieldDisplay>
      getValues={getValues}
      source={data}
      width={width}
      height={height}
      renderCounter={0}
      orientation={VizOrientation.Auto}
      renderValue={({ value, width: cellWidth, height: cellHeight, count }) => (
        <BigValue
          value={{ ...value.display, title: count > 1 ? value.display.title : undefined }}
          width={cellWidth}
          height={cellHeight}
          count={count}
          theme={theme}
          colorMode={options.colorMode ?? BigValueColorMode.Value}
          graphMode={BigValueGraphMode.None}
          justifyMode={BigValueJustifyMode.Auto}
          textMode={count > 1 ? BigValueTextMode.ValueAndName : BigValueTextMode.Value}
        />
      )}
    />
  );
}
