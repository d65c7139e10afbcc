import { createDcgmNames, type DcgmNamesSettings } from '../../../../exporters/gpu/names/dcgm-names.ts';
import type { NodeView } from '../../../../exporters/gpu/node-view.ts';
import { renderExposition } from '../../../../kit/exposition/render.ts';
import { parseExposition, type Sample } from '../../../support/exposition.ts';

export const settings: DcgmNamesSettings = { sets: ['dcgm-4.8'], hostname: 'node-1', hostnameLabel: 'Hostname' };

export interface Rendered {
  readonly text: string;
  /** Of one name, in order. */
  readonly samples: (name: string) => readonly Sample[];
  /** Of the only sample of that name, as written; undefined if there is none. */
  readonly value: (name: string) => string | undefined;
  readonly names: readonly string[];
}

/** What a scrape shows after the views, one after the other. */
export function render(views: readonly NodeView[], changes: Partial<DcgmNamesSettings> = {}): Rendered {
  const names = createDcgmNames({ ...settings, ...changes });
  const families = views.map((view) => names.families(view)).at(-1) ?? [];
  const text = renderExposition('text', families);
  const parsed = parseExposition('text', text);
  const samples = (name: string): readonly Sample[] => parsed.get(name)?.samples ?? [];
  return {
    text,
    samples,
    value: (name) => {
      const [first, second] = samples(name);
      if (second !== undefined) throw new Error(`${name} has several samples`);
      return first?.value;
    },
    names: [...parsed.keys()],
  };
}
