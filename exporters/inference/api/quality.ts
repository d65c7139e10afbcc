import express, { type ErrorRequestHandler, type Express, type RequestHandler } from 'express';
import type { QualityBook } from '../quality/quality-book.ts';
import { parseQuality } from '../quality/quality-message.ts';

export const qualityPath = '/api/v1/quality';

const maxBody = '16kb';

/** Adds POST /api/v1/quality, which takes the quality of a model as an evaluation found it. */
export function qualityRoutes(book: QualityBook, guard: RequestHandler): (app: Express) => void {
  const push: RequestHandler = (request, response) => {
    const text: unknown = request.body;
    const message = parseQuality(typeof text === 'string' ? text : '');
    response.type('text/plain');
    if (typeof message === 'string') response.status(400).send(`${message}\n`);
    else if (book.add(message)) response.status(204).end();
    else response.status(503).send('there are as many qualities as may be shown; push fewer models and data sets\n');
  };
  return (app) => void app.post(qualityPath, guard, express.text({ type: () => true, limit: maxBody }), tooLarge, push);
}

/** What express says of a body that is too large is no error of ours. */
const tooLarge: ErrorRequestHandler = (error: unknown, _request, response, next) => {
  if (typeof error !== 'object' || error === null || !('status' in error) || error.status !== 413) return next(error);
  response.status(413).type('text/plain').send(`the body is larger than ${maxBody}\n`);
};
