import { type Address, defineOptions, type OptionSpec, type OptionValues } from '../../../kit/options/define.ts';
import type { sample } from './sample-table.ts';

type Values = OptionValues<typeof sample.options>;

/** True only if both types are the same, `undefined` and `readonly` included. */
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;

/** The compiler is the judge: a wrong line does not compile. */
const types: readonly true[] = [
  true satisfies Same<Values['name'], string>,
  true satisfies Same<Values['name.prefix'], string | undefined>,
  true satisfies Same<Values['web.config.file'], string | undefined>,
  true satisfies Same<Values['web.listen-address'], Address>,
  true satisfies Same<Values['pool.size'], number>,
  true satisfies Same<Values['pool.share'], number | undefined>,
  true satisfies Same<Values['pool.wait'], number>,
  true satisfies Same<Values['pool.enabled'], boolean>,
  true satisfies Same<Values['log.level'], 'debug' | 'info' | 'warn'>,
  true satisfies Same<Values['libraries'], readonly string[]>,
  // @ts-expect-error an option with default is never undefined
  true satisfies Same<Values['name'], string | undefined>,
  // @ts-expect-error an enum is no text
  true satisfies Same<Values['log.level'], string>,
];

function misuse(values: Values): readonly unknown[] {
  return [
    // @ts-expect-error there is no such option
    values['pool.sise'],
    // @ts-expect-error the option has no such value
    values['log.level'] === 'loud',
    // @ts-expect-error the value may be missing
    values['name.prefix'].length,
    // @ts-expect-error values are read only
    // biome-ignore lint/suspicious/noAssignInExpressions: the assignment is what must not compile
    (values.name = 'x'),
  ];
}

const badSpecs: readonly OptionSpec[] = [
  // @ts-expect-error a number needs its bounds
  { type: 'integer', default: 1, help: 'x' },
  // @ts-expect-error a switch needs a default
  { type: 'boolean', help: 'x' },
  // @ts-expect-error an enum needs its values
  { type: 'enum', default: 'a', help: 'x' },
  // @ts-expect-error a default has the type of the option
  { type: 'string', default: 5, help: 'x' },
  // @ts-expect-error every option says what it does
  { type: 'string' },
  // @ts-expect-error there is no such type
  { type: 'regexp', default: 'x', help: 'x' },
];

test('the types hold', () => {
  expect(types).not.toContain(false);
  expect(typeof misuse).toBe('function');
  expect(badSpecs).toHaveLength(6);
});

test('defining keeps the literal types', () => {
  const table = defineOptions({
    command: 'x',
    about: 'x',
    options: { mode: { type: 'enum', default: 'a', values: ['a', 'b'], help: 'x' } },
  });
  const mode: 'a' | 'b' = (table.options.mode.values satisfies readonly ['a', 'b'])[0];
  expect(mode).toBe('a');
});
