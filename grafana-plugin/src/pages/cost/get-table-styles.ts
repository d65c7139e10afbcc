import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';

/** Tables of the page scroll sideways on their own, so the page does not. */
export function getTableStyles(theme: GrafanaTheme2) {
  return {
    scroll: css({ overflowX: 'auto', '&:focus-visible': { outline: `2px solid ${theme.colors.primary.main}` } }),
    table: css({
      width: '100%',
      borderCollapse: 'collapse',
      'th, td': {
        padding: theme.spacing(0.75, 1),
        textAlign: 'left',
        verticalAlign: 'top',
        borderBottom: `1px solid ${theme.colors.border.weak}`,
      },
      'td:first-child': { whiteSpace: 'nowrap' },
      th: { color: theme.colors.text.secondary, fontWeight: theme.typography.fontWeightMedium, whiteSpace: 'nowrap' },
      'tbody tr:hover': { background: theme.colors.action.hover },
      a: { color: theme.colors.text.link, textDecoration: 'underline' },
    }),
    /** Digits stand below each other. */
    number: css({ textAlign: 'right !important' as 'right', fontVariantNumeric: 'tabular-nums', whiteSpace: 'nowrap' }),
    faint: css({ color: theme.colors.text.secondary }),
  };
}
