import { meterTitle } from '../meters/meter-title.ts';

export interface Service {
  readonly category: string;
  readonly subcategory: string;
  readonly name: string;
}

const services: readonly { readonly meters: RegExp; readonly category: string; readonly subcategory: string }[] = [
  { meters: /llm|token|request|inference/, category: 'AI and Machine Learning', subcategory: 'Generative AI' },
  { meters: /gpu/, category: 'AI and Machine Learning', subcategory: 'AI Platforms' },
  { meters: /cpu|memory/, category: 'Compute', subcategory: 'Containers' },
  { meters: /storage|volume|disk/, category: 'Storage', subcategory: 'Other (Storage)' },
  { meters: /network|traffic|egress/, category: 'Networking', subcategory: 'Other (Networking)' },
];

/** What a meter is of, in the words of FOCUS; lines about the whole bill have no meter. */
export function serviceOf(meter: string): Service {
  const found = services.find(({ meters }) => meters.test(meter));
  const { category, subcategory } = found ?? { category: 'Other', subcategory: 'Other (Other)' };
  return { category, subcategory, name: meter === '' ? 'GPU platform' : meterTitle(meter) };
}
