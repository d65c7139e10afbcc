import { optional, type Place } from '../../../kit/config-values.ts';
import { givenName, listedParameters, parameterCharacters, phoneNumbers, templateValues } from '../settings/phone.ts';
import { optionalKey, robotFields, secretFile, timeZoneOf } from '../settings/robot-fields.ts';
import { signTc3 } from '../signing/tc3.ts';
import type { MessageField } from '../texts/message-fields.ts';
import {
  type ChannelAnswer,
  type ChannelKind,
  type ChannelRequest,
  defineChannel,
  type RenderContext,
  type Verdict,
} from './channel.ts';

/** A template of Tencent Cloud that is filled for each number. */
export interface TencentTemplate {
  readonly secret_id_file: string;
  readonly secret_key_file: string;
  readonly phone_numbers: readonly string[];
  readonly sdk_app_id: string;
  readonly template_id: string;
  /** Fields for {1}, {2} … of the template, in this order. */
  readonly parameters?: readonly MessageField[];
  readonly parameter_characters?: number;
  readonly region: string;
  readonly time_zone?: string;
}

interface TencentKind<Own> {
  readonly name: string;
  readonly api: { readonly host: string; readonly service: string; readonly action: string; readonly version: string };
  /** Keys beside those of the template. */
  readonly ownKeys: readonly (keyof Own & string)[];
  readonly parseOwn: (field: (key: string) => Place) => Own;
  /** What is asked for one number. */
  readonly bodyFor: (number: string, settings: TencentTemplate & Own, variables: readonly string[]) => object;
  readonly judge: (answer: ChannelAnswer) => Verdict;
}

/** How long a variable may be is agreed with each template; this is short enough for most. */
const defaultCharacters = 20;
const defaultRegion = 'ap-guangzhou';
const sharedKeys = [
  'secret_id_file',
  'secret_key_file',
  'phone_numbers',
  'sdk_app_id',
  'template_id',
  'parameters',
  'parameter_characters',
  'region',
  'time_zone',
];

/** One message a minute for each number, of the two that Tencent Cloud allows. */
export function defineTencent<Own>({
  name,
  api,
  ownKeys,
  parseOwn,
  bodyFor,
  judge,
}: TencentKind<Own>): ChannelKind<TencentTemplate & Own> {
  return defineChannel<TencentTemplate & Own>({
    name,
    limits: { bodyBytes: 8192, messages: 1, seconds: 60 },
    parse(value, path) {
      const field = robotFields(value, path, [...sharedKeys, ...ownKeys]);
      return {
        secret_id_file: secretFile(field('secret_id_file')),
        secret_key_file: secretFile(field('secret_key_file')),
        phone_numbers: phoneNumbers(field('phone_numbers')),
        sdk_app_id: givenName(field('sdk_app_id')),
        template_id: givenName(field('template_id')),
        ...optionalKey(field, 'parameters', listedParameters),
        ...optionalKey(field, 'parameter_characters', parameterCharacters),
        region: optional(field('region'), givenName) ?? defaultRegion,
        ...optionalKey(field, 'time_zone', timeZoneOf),
        ...parseOwn(field),
      };
    },
    recipients: ({ phone_numbers }) => phone_numbers,
    secretFiles: ({ secret_id_file, secret_key_file }) => [secret_id_file, secret_key_file],
    render(message, settings, context) {
      const characters = settings.parameter_characters ?? defaultCharacters;
      const show = templateValues(message, { characters, timeZone: settings.time_zone });
      const variables = (settings.parameters ?? []).map(show);
      return settings.phone_numbers.map((number) =>
        requestOf({ ...api, region: settings.region }, bodyFor(number, settings, variables), settings, context),
      );
    },
    judge,
  });
}

function requestOf(
  call: TencentKind<unknown>['api'] & { readonly region: string },
  body: object,
  { secret_id_file, secret_key_file }: TencentTemplate,
  context: RenderContext,
): ChannelRequest {
  const key = { id: context.secret(secret_id_file), secret: context.secret(secret_key_file) };
  const text = JSON.stringify(body);
  const headers = signTc3({ ...call, body: text, nowMs: context.nowMs }, key);
  return { url: new URL(`https://${call.host}/`), method: 'POST', headers, body: text };
}
