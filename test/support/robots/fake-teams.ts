import {
  type FakeRobot,
  jsonIn,
  type RobotReply,
  type RobotRequest,
  startRobotServer,
  windowOf,
} from './robot-server.ts';

const maxBytes = 28 * 1024;

/** The webhook of a workflow of Teams: an Adaptive Card in an attachment, 28 KB, 4 requests a second, 202 without a body. */
export function startFakeTeams({ nowMs = Date.now }: { readonly nowMs?: () => number } = {}): Promise<FakeRobot> {
  const within = windowOf(4, 1, nowMs);

  function refuse(request: RobotRequest): RobotReply | undefined {
    if (Buffer.byteLength(request.body) > maxBytes) return { status: 413, body: '' };
    if (!hasCard(request.body)) return { status: 400, body: { error: { code: 'TriggerInputSchemaMismatch' } } };
    return within() ? undefined : { status: 429, headers: { 'retry-after': '7' }, body: { error: { code: '429' } } };
  }

  return startRobotServer({ refuse, good: () => ({ status: 202, body: '' }) }, nowMs);
}

function hasCard(body: string): boolean {
  const attachments = jsonIn(body)?.['attachments'];
  const [first] = Array.isArray(attachments) ? attachments : [];
  return first?.contentType === 'application/vnd.microsoft.card.adaptive' && first.content?.type === 'AdaptiveCard';
}
