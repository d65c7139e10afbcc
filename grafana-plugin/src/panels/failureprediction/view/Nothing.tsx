import type { PanelProps } from '@grafana/data';
import { t } from '@grafana/i18n';
import { PanelDataErrorView } from '@grafana/runtime';
import React from 'react';
import type { Fleet } from '../rows/fleet';
import { NEEDED } from '../series-names';

interface Props extends Pick<PanelProps, 'id' | 'fieldConfig' | 'data'> {
  readonly fleet: Fleet;
}

/** Says what the panel needs and what came instead. */
export function Nothing({ id, fieldConfig, data, fleet }: Props) {
  const failed = data.errors?.[0]?.message;
  return <PanelDataErrorView panelId={id} fieldConfig={fieldConfig} data={data} message={failed ?? messageOf(fleet)} />;
}

function messageOf({ otherSeries, unusableValues }: Fleet): string {
  if (unusableValues > 0)
    return t('failure.nothing.unusable', '{{series}} has no value from 0 to 1. Values that are none: {{many}}.', {
      series: NEEDED,
      many: unusableValues,
    });
  if (otherSeries.length === 0)
    return t(
      'failure.nothing.atAll',
      'No forecasts in this time range. The panel reads {{series}} with the labels uuid and horizon; is the prediction service scraped?',
      { series: NEEDED },
    );
  return t(
    'failure.nothing.others',
    'The panel reads {{series}} with the labels uuid and horizon. Found instead: {{found}}.',
    { series: NEEDED, found: otherSeries.slice(0, 6).join(', ') },
  );
}
