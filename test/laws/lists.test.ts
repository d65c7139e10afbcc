import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..', '..');

/** Explicit lists beside a folder: every file of the folder must be named in its index, or be listed here as something else. */
const lists: readonly { readonly folder: string; readonly except: readonly string[] }[] = [
  { folder: 'exporters/gpu/collectors', except: ['gpu-collector.ts'] },
  { folder: 'exporters/training/collectors', except: ['training-collector.ts'] },
  { folder: 'exporters/inference/collectors', except: ['inference-collector.ts'] },
  { folder: 'exporters/billing/collectors', except: ['billing-collector.ts'] },
  {
    folder: 'exporters/prediction/collectors',
    except: [
      'prediction-collector.ts',
      'anomaly-reports.ts',
      'anomaly-scores.ts',
      'anomaly-settings.ts',
      'anomaly-state.ts',
    ],
  },
  { folder: 'rules/alerts', except: [] },
  { folder: 'rules/recording', except: [] },
  { folder: 'alertmanager/channels', except: ['channel.ts'] },
  {
    folder: 'alertmanager/bridge/channels',
    except: ['channel.ts', 'mentions.ts', 'aliyun.ts', 'tencent.ts'],
  },
  { folder: 'metrics/engines', except: ['engine.ts'] },
  { folder: 'metrics/vendors', except: [] },
  { folder: 'metrics', except: ['define.ts', 'promql.ts', 'labels.ts', 'long-term.ts', 'xid.ts'] },
];

test.each(lists)('$folder/index.ts names every file of its folder', ({ folder, except }) => {
  const index = readFileSync(join(root, folder, 'index.ts'), 'utf8');
  const files = readdirSync(join(root, folder)).filter((file) => file.endsWith('.ts') && file !== 'index.ts');
  const missing = files.filter((file) => !except.includes(file) && !index.includes(`'./${file}'`));
  expect(missing).toEqual([]);
});
