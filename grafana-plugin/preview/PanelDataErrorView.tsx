import type { PanelDataErrorViewProps } from '@grafana/runtime';
import React from 'react';

/** What a panel shows that has nothing to show. */
export function PanelDataErrorView({ message, fieldConfig, data }: PanelDataErrorViewProps) {
  const text = message ?? fieldConfig?.defaults.noValue ?? data.error?.message ?? 'No data';
  return (
    <div
      data-testid="panel-data-error"
      style={{ display: 'flex', height: '100%', alignItems: 'center', justifyContent: 'center', textAlign: 'center' }}
    >
      {text}
    </div>
  );
}
