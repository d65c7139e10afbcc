import type { VizPanel } from '@grafana/scenes';

/** A panel under a short title, for a place where the question of the board would be cut off. The question becomes its description. */
export function titled(panel: VizPanel, title: string): VizPanel {
  const { title: question, description } = panel.state;
  const text = typeof description === 'string' ? `${question} ${description}` : question;
  panel.setState({ title, description: text });
  return panel;
}
