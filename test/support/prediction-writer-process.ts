// Takes the folder of the prediction daemon and writes to all its stores as fast as it can, and prints what was acknowledged: a word and a number a line.
// Arguments: the folder, the number to begin with, files of two sets of models.
import { join } from 'node:path';
import { createAnomalyEngine } from '../../exporters/prediction/anomaly/engine/engine.ts';
import { defaultAnomaly } from '../../exporters/prediction/anomaly/settings.ts';
import { readAnomalyState, writeAnomalyState } from '../../exporters/prediction/sources/anomaly/state-file.ts';
import { prepareFeatureFolder } from '../../exporters/prediction/store/features/feature-folder.ts';
import { openFeatureStore } from '../../exporters/prediction/store/features/feature-store.ts';
import { lockFolder } from '../../exporters/prediction/store/folder-lock.ts';
import { removeLeftovers } from '../../exporters/prediction/store/leftovers.ts';
import { loadModelSet } from '../../exporters/prediction/store/models/model-set-file.ts';
import { openModelStore } from '../../exporters/prediction/store/models/model-store.ts';
import { openSaidLog } from '../../exporters/prediction/store/said-log.ts';
import { createSignKeeper } from '../../exporters/prediction/store/signs/sign-keeper.ts';
import {
  anomalyFile,
  bookOf,
  chunkOf,
  featureFolder,
  featureMaking,
  readingsOf,
  saidOf,
  signFileOf,
  spanOf,
  stepAt,
} from './prediction-crash.ts';

const [folder = '', first = '0', ...files] = process.argv.slice(2);
const say = (word: string, number: number): void => void process.stdout.write(`${word} ${number}\n`);

await lockFolder(folder, () => process.exit(3));
await removeLeftovers(folder);
await prepareFeatureFolder(featureFolder(folder), 'gpu', featureMaking);
const chunks = await openFeatureStore({ folder: featureFolder(folder), kind: 'gpu', schema: featureMaking.schema });
const models = await openModelStore({ folder: join(folder, 'models') });
const sets = await Promise.all(files.map(loadModelSet));
const said = await openSaidLog(join(folder, 'said'), (problem) => process.stderr.write(problem));
const signs = createSignKeeper(signFileOf(folder), 'http://prometheus:9090');
const engine = createAnomalyEngine(defaultAnomaly);
readAnomalyState(anomalyFile(folder), engine);
process.stdout.write('ready 0\n');

for (let number = Number(first); ; number += 1) {
  await chunks.put(spanOf(number), chunkOf(number));
  say('chunk', number);
  const set = sets[number % sets.length];
  if (set === undefined) throw new Error('no set of models is named');
  await models.swap(set);
  say('models', number);
  engine.step(stepAt(number), readingsOf(number));
  writeAnomalyState(anomalyFile(folder), engine);
  say('anomalies', number);
  await said.add(saidOf(number));
  say('said', number);
  await signs.save(bookOf(number));
  say('signs', number);
}
