import type { PanelProps } from '@grafana/data';
import React from 'react';

export function TextPanel({ options }: PanelProps<{ readonly content?: string }>) {
  return <div style={{ whiteSpace: 'pre-wrap' }}>{options.content ?? ''}</div>;
}
