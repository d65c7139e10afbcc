import { createGate, LateError } from '../../../../../exporters/training/sources/files/gate.ts';

/** An operation that answers when it is told to. */
function held() {
  let answer: (value: string) => void = () => undefined;
  let isStarted = false;
  const promise = new Promise<string>((resolve) => {
    answer = resolve;
  });
  return {
    run: () => {
      isStarted = true;
      return promise;
    },
    answer: () => answer('late'),
    isStarted: () => isStarted,
  };
}

const at = (name: string) => Promise.resolve(name);
const patienceSeconds = 0.02;

test('operations give what they give', async () => {
  const gate = createGate({ patienceSeconds: 10 });
  await expect(gate.run('/a', () => at('a'))).resolves.toBe('a');
  await expect(gate.run('/a', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(gate.stuck()).toBe(0);
});

test('no more than the width go on at once, in the order in which they came', async () => {
  const gate = createGate({ patienceSeconds: 10, width: 2 });
  const operations = [held(), held(), held(), held()];
  const results = operations.map((operation, index) => gate.run(`/${index}`, operation.run));
  await at('next turn');
  expect(operations.map((operation) => operation.isStarted())).toEqual([true, true, false, false]);
  operations[1]?.answer();
  await results[1];
  await at('next turn');
  expect(operations.map((operation) => operation.isStarted())).toEqual([true, true, true, false]);
  for (const operation of operations) operation.answer();
  await Promise.all(results);
});

test('one that hangs is given up, and its path is left alone until it answers', async () => {
  const gate = createGate({ patienceSeconds });
  const hanging = held();
  await expect(gate.run('/a', hanging.run)).rejects.toThrow(LateError);
  expect(gate.stuck()).toBe(1);
  const again = jest.fn(() => at('a'));
  await expect(gate.run('/a', again)).rejects.toThrow(LateError);
  expect(again).not.toHaveBeenCalled();
  await expect(gate.run('/b', () => at('b'))).resolves.toBe('b');
  hanging.answer();
  await new Promise((resolve) => setImmediate(resolve));
  expect(gate.stuck()).toBe(0);
  await expect(gate.run('/a', again)).resolves.toBe('a');
});

test('all of a disk that hangs is left alone', async () => {
  const gate = createGate({ patienceSeconds });
  const hanging = held();
  await expect(gate.run('/a', hanging.run, 7)).rejects.toThrow(LateError);
  await expect(gate.run('/b', () => at('b'), 7)).rejects.toThrow(LateError);
  await expect(gate.run('/c', () => at('c'), 8)).resolves.toBe('c');
  hanging.answer();
});

test('one that waited for its turn while its disk began to hang is refused', async () => {
  const gate = createGate({ patienceSeconds, width: 1 });
  const hanging = held();
  const first = gate.run('/a', hanging.run, 7);
  const second = jest.fn(() => at('b'));
  const waiting = gate.run('/b', second, 7);
  const third = gate.run('/c', () => at('c'), 8);
  await expect(first).rejects.toThrow(LateError);
  await expect(waiting).rejects.toThrow(LateError);
  expect(second).not.toHaveBeenCalled();
  await expect(third).resolves.toBe('c');
  hanging.answer();
});

test('never more than three hang, whatever waits', async () => {
  const gate = createGate({ patienceSeconds, width: 2 });
  const operations = Array.from({ length: 10 }, held);
  const results = await Promise.allSettled(operations.map((operation, index) => gate.run(`/${index}`, operation.run)));
  expect(results.map(({ status }) => status)).toEqual(operations.map(() => 'rejected'));
  expect(operations.filter((operation) => operation.isStarted())).toHaveLength(3);
  expect(gate.stuck()).toBe(3);
  await expect(gate.run('/x', () => at('x'))).rejects.toThrow(LateError);
  for (const operation of operations) operation.answer();
  await new Promise((resolve) => setImmediate(resolve));
  await expect(gate.run('/x', () => at('x'))).resolves.toBe('x');
});

test('one that fails after it was given up disturbs nobody', async () => {
  const gate = createGate({ patienceSeconds });
  let fail: (error: Error) => void = () => undefined;
  const failing = new Promise<string>((_resolve, reject) => {
    fail = reject;
  });
  await expect(gate.run('/a', () => failing)).rejects.toThrow(LateError);
  fail(new Error('EIO'));
  await new Promise((resolve) => setImmediate(resolve));
  expect(gate.stuck()).toBe(0);
});
