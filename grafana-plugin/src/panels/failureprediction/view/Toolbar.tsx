import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { t } from '@grafana/i18n';
import { Input, RadioButtonGroup, useStyles2 } from '@grafana/ui';
import React from 'react';
import { HORIZONS, type Horizon } from '../horizon';
import type { View } from '../options';
import type { Layer } from '../rows/risk-row';
import { horizonText, layerText } from '../texts/words';
import { Badge } from './Badge';

interface Props {
  readonly horizon: Horizon;
  readonly onHorizon: (horizon: Horizon) => void;
  readonly view: View;
  readonly onView: (view: View) => void;
  readonly text: string;
  readonly onText: (text: string) => void;
  readonly shown: number;
  readonly total: number;
  readonly layer: Layer | undefined;
}

export function Toolbar({ horizon, onHorizon, view, onView, text, onText, shown, total, layer }: Props) {
  const styles = useStyles2(getStyles);
  const words = layer === undefined ? undefined : layerText(layer);
  return (
    <div className={styles.bar} data-testid="failure-toolbar">
      <RadioButtonGroup
        size="sm"
        aria-label={t('failure.option.horizon', 'Horizon')}
        value={horizon}
        options={HORIZONS.map((value) => ({ value, label: horizonText(value) }))}
        onChange={onHorizon}
      />
      <div className={styles.filter}>
        <Input
          value={text}
          onChange={(event) => onText(event.currentTarget.value)}
          placeholder={t('failure.filter', 'GPU, node, rack, tenant, rule …')}
          aria-label={t('failure.filterLabel', 'Filter')}
          data-testid="failure-filter"
        />
      </div>
      <RadioButtonGroup<View>
        size="sm"
        aria-label={t('failure.option.view', 'View')}
        value={view}
        options={[
          { value: 'both', label: t('failure.view.both', 'Both') },
          { value: 'table', label: t('failure.view.table', 'Table') },
          { value: 'heatmap', label: t('failure.view.heatmap', 'Heat map') },
        ]}
        onChange={onView}
      />
      <span className={styles.count} data-testid="failure-count">
        {shown === total
          ? t('failure.count.all', '{{total}} GPUs', { total: total.toLocaleString() })
          : t('failure.count.some', '{{shown}} of {{total}} GPUs', {
              shown: shown.toLocaleString(),
              total: total.toLocaleString(),
            })}
      </span>
      {words !== undefined && <Badge text={words.name} about={words.about} testId="failure-layer" />}
    </div>
  );
}

function getStyles(theme: GrafanaTheme2) {
  return {
    bar: css({
      display: 'flex',
      flexWrap: 'wrap',
      gap: theme.spacing(1),
      alignItems: 'center',
      padding: theme.spacing(0, 1, 1, 1),
    }),
    filter: css({ flex: '1 1 180px', maxWidth: 360 }),
    count: css({ ...theme.typography.bodySmall, color: theme.colors.text.secondary, whiteSpace: 'nowrap' }),
  };
}
