import { parseEnginesFile } from '../../../../exporters/inference/engines/engines-file.ts';
import { ConfigError } from '../../../../kit/errors.ts';

test('a whole file', () => {
  const [vllm, llama] = parseEnginesFile(
    'engines.yaml',
    `engines:
  - {name: chat-0, kind: vllm, url: "http://gpu-node-1:8000"}
  - name: laptop
    kind: llamacpp
    url: https://laptop.example/llm
    metrics_path: /metrics
    model_name: llama-3.2-3b
    bearer_token_file: /run/secrets/llama
`,
  );
  expect(vllm).toEqual({
    name: 'chat-0',
    kind: 'vllm',
    url: new URL('http://gpu-node-1:8000'),
    metricsPath: undefined,
    modelName: undefined,
    bearerTokenFile: undefined,
  });
  expect(llama).toMatchObject({ name: 'laptop', modelName: 'llama-3.2-3b', bearerTokenFile: '/run/secrets/llama' });
});

test.each(['', 'engines:\n', 'engines: []\n'])('no engines: %j', (text) => {
  expect(parseEnginesFile('engines.yaml', text)).toEqual([]);
});

const good = { name: 'a', kind: 'vllm', url: 'http://h:1' };

test.each<[string, unknown, string]>([
  ['a list at the top', [], 'engines.yaml must be keys and values, got []'],
  [
    'a wrong key at the top',
    { engine: [] },
    'engines.yaml has the unknown key engine; it may have engines; did you mean engines?',
  ],
  ['no list', { engines: 'x' }, 'engines.yaml: engines must be a list, got "x"'],
  [
    'a wrong key',
    { engines: [{ ...good, uri: 1 }] },
    'engines.yaml: engines[0] has the unknown key uri; it may have name, kind, url, metrics_path, model_name, bearer_token_file; did you mean url?',
  ],
  ['no kind', { engines: [{ ...good, kind: undefined }] }, 'engines.yaml: engines[0].kind must be one of vllm,'],
  ['a wrong kind', { engines: [{ ...good, kind: 'vlm' }] }, 'engines[0].kind must be one of vllm, sglang,'],
  [
    'an empty name',
    { engines: [{ ...good, name: ' ' }] },
    'engines[0].name must be a text of 1 to 500 characters, got " "',
  ],
  ['no address', { engines: [{ ...good, url: 'gpu-node-1' }] }, 'engines[0].url must be an address such as'],
  [
    'an address of another kind',
    { engines: [{ ...good, url: 'ftp://h' }] },
    'engines[0].url must be an address such as',
  ],
  [
    'an address with a password',
    { engines: [{ ...good, url: 'http://u:p@h' }] },
    'engines[0].url must not hold a user or password; name a file that holds the key',
  ],
  [
    'a path that is none',
    { engines: [{ ...good, metrics_path: 'metrics' }] },
    'engines[0].metrics_path must be a path',
  ],
  [
    'a model that is needed',
    { engines: [{ ...good, kind: 'tgi' }] },
    'engines[0].model_name is needed: tgi does not name',
  ],
  ['one name twice', { engines: [good, good] }, 'engines[1].name is "a", which another engine has already'],
  [
    'too many',
    { engines: Array.from({ length: 501 }, () => good) },
    'engines.yaml: engines has 501 entries; at most 500 are allowed',
  ],
])('%s is refused in one line', (_what, document, message) => {
  const parse = () => parseEnginesFile('engines.yaml', JSON.stringify(document));
  expect(parse).toThrow(ConfigError);
  expect(parse).toThrow(message);
});

test('what is no YAML is refused with its place', () => {
  expect(() => parseEnginesFile('engines.yaml', 'engines: [\n')).toThrow(/^engines\.yaml:\d+:\d+ is no valid YAML/);
});
