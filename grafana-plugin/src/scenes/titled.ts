import type { VizPanel } from '@grafana/scenes';

/** A panel of a board under a title in the reader's language. */
export function titled(panel: VizPanel, title: string): VizPanel {
  panel.setState({ title });
  return panel;
}
