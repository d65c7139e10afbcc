import type { RequestHandler, Response } from 'express';
import { ApiError } from '../../../kit/api/api-error.ts';
import { bodyText, boundedBody } from '../../../kit/api/body-text.ts';
import { patiently } from '../../../kit/api/patiently.ts';
import type { Meters } from '../meters.ts';
import type { Robots } from '../robots.ts';
import type { Outcome } from '../sending/outcome.ts';
import { notificationOf } from '../webhook-message.ts';

const maxBytes = 16 * 1024 * 1024;

/**
 * POST /notify/ROBOT. Answers 200 once the robot has the message, 503 where Alertmanager is to send it again, and 4xx where it is of no use: Alertmanager
 * then waits for its next group interval.
 */
export function notifyRoute(robots: Robots, meters: Meters): RequestHandler {
  return async (request, response) => {
    const robot = String(request.params['robot']);
    if (!robots.has(robot)) {
      meters.rejected('robot');
      answer(response, 404, 'there is no such robot; see robots in the file of the bridge');
      return;
    }
    const gone = new AbortController();
    response.once('close', () => gone.abort());
    try {
      const text = await bodyText(boundedBody(request, maxBytes, tooLarge));
      const notification = notificationOf(parsed(text), Buffer.byteLength(text));
      const outcome = await patiently(request.socket, () => robots.deliver(robot, notification, gone.signal));
      answerOutcome(response, outcome);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      meters.rejected('body');
      answerFault(response, error);
    }
  };
}

function answerFault(response: Response, { status, field, message }: ApiError): void {
  // What is left of a body that is too large is not read.
  if (status === 413) response.set('Connection', 'close');
  answer(response, status, field === undefined ? message : `${field}: ${message}`);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new ApiError('bad_request', 'it is no JSON; send here what webhook_configs of Alertmanager sends', {
      field: 'body',
    });
  }
}

function tooLarge(): ApiError {
  return new ApiError('too_large', `more than ${maxBytes} bytes; set max_alerts in webhook_configs`);
}

function answerOutcome(response: Response, outcome: Outcome): void {
  switch (outcome.kind) {
    case 'told':
    case 'deduplicated':
    case 'filtered':
      answer(response, 200, outcome.kind);
      return;
    case 'refused':
      answer(response, 422, `the robot refuses it: ${outcome.reason}`);
      return;
    case 'unavailable':
      response.set('Retry-After', String(outcome.retryAfterSeconds));
      answer(response, 503, outcome.reason);
      return;
    case 'abandoned':
      response.destroy();
  }
}

function answer(response: Response, status: number, text: string): void {
  response.status(status).type('text/plain').send(`${text}\n`);
}
