import { phasesOnly } from '../../../../../exporters/training/sources/command/phases-only.ts';
import { createFakeStream } from '../../../../support/fake-journal.ts';

test('of a rank that is not the first only the phases are told, with its number', () => {
  const { stream, told } = createFakeStream();
  const rank = phasesOnly(stream, 3);
  rank.framework('deepspeed');
  rank.value('loss', 1, 1, undefined);
  rank.lossMissing({});
  rank.scalar('a', 1);
  rank.sessionStart({});
  rank.phaseTime({ phase: 'forward', seconds: 1 });
  rank.phaseTime({ phase: 'forward', seconds: 2, rank: 7 });
  rank.checkpoint({ outcome: 'complete' });
  rank.enter('failed', { exitCode: 1 });
  rank.writerAlive(false);
  rank.settle(5);
  rank.close();
  expect(told).toEqual([
    { call: 'framework', name: 'deepspeed' },
    { call: 'phaseTime', phase: 'forward', seconds: 1, rank: 3 },
    { call: 'phaseTime', phase: 'forward', seconds: 2, rank: 7 },
    { call: 'settle', readAtSeconds: 5 },
    { call: 'close' },
  ]);
});
