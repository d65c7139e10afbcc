import { type FieldDisplay, getFieldDisplayValues, type PanelProps, type ReduceDataOptions } from '@grafana/data';
import { useTheme2 } from '@grafana/ui';

export interface ReducedOptions {
  readonly reduceOptions?: ReduceDataOptions;
}

/** How to get one value of each series, as text with its colour: what figures and bars show. */
export function useReducedValues({
  data,
  options,
  fieldConfig,
  replaceVariables,
  timeZone,
}: PanelProps<ReducedOptions>): () => FieldDisplay[] {
  const theme = useTheme2();
  return () =>
    getFieldDisplayValues({
      fieldConfig,
      reduceOptions: options.reduceOptions ?? { calcs: ['lastNotNull'], values: false },
      replaceVariables,
      theme,
      data: data.series,
      timeZone,
    });
}
