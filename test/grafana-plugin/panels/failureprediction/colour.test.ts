import {
  colourAt,
  colours,
  readThresholds,
  scaleOf,
} from '../../../../grafana-plugin/src/panels/failureprediction/colour/scale';

/** Relative luminance of WCAG. */
function brightness(colour: string): number {
  const channel = (at: number) => {
    const value = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return value <= 0.03928 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  return 0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5);
}

const contrast = (a: string, b: string) => {
  const [low, high] = [brightness(a), brightness(b)].sort((x, y) => x - y);
  return ((high ?? 0) + 0.05) / ((low ?? 0) + 0.05);
};

test.each([
  ['dark', '#181b1f'],
  ['light', '#ffffff'],
] as const)(
  'on %s each step is told from the next by brightness, and the most from the background',
  (mode, background) => {
    const row = colours[mode];
    for (const [at, colour] of row.entries()) {
      if (at === 0) continue;
      expect(contrast(colour, row[at - 1] ?? '')).toBeGreaterThan(1.25);
      expect(contrast(colour, background)).toBeGreaterThan(contrast(row[at - 1] ?? '', background));
    }
    expect(contrast(row.at(-1) ?? '', background)).toBeGreaterThan(7);
  },
);

test('colours follow the base rate, and without one the probability itself', () => {
  const { steps, by } = scaleOf({ mode: 'dark', thresholds: [], base: 0.002 });
  expect(by).toBe('base');
  expect(colourAt(steps, 0.001)).toBe(colours.dark[0]);
  expect(colourAt(steps, 0.002)).toBe(colours.dark[1]);
  expect(colourAt(steps, 0.9)).toBe(colours.dark.at(-1));
  expect(scaleOf({ mode: 'dark', thresholds: [], base: undefined }).by).toBe('plain');
});

test('the strongest colour belongs to the highest threshold however few there are', () => {
  const { steps } = scaleOf({ mode: 'light', thresholds: [0.1], base: 0.002 });
  expect(steps).toEqual([
    { from: 0, colour: colours.light[0] },
    { from: 0.1, colour: colours.light.at(-1) },
  ]);
});

test.each([
  ['1%, 5%, 20%', [0.01, 0.05, 0.2]],
  ['0.01 0.05', [0.01, 0.05]],
  ['', []],
])('thresholds %s', (text, bounds) => {
  expect(readThresholds(text)).toEqual({ bounds, wrong: undefined });
});

test.each(['5%, 1%', 'red', '150%', '0', '1%,2%,3%,4%,5%,6%', '1%, x'])(
  'thresholds %s are refused as a whole',
  (text) => {
    expect(readThresholds(text)).toEqual({ bounds: [], wrong: text });
  },
);
