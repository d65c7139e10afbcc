import type { GrafanaTheme2 } from '@grafana/data';
import type { Ink } from './draw';

export function inkOf(theme: GrafanaTheme2): Ink {
  return {
    text: theme.colors.text.primary,
    faint: theme.colors.border.strong,
    hover: theme.colors.text.primary,
    chosen: theme.isDark ? '#ffffff' : '#000000',
    background: theme.colors.background.primary,
    font: `10px ${theme.typography.fontFamily}`,
  };
}
