import express from 'express';
import { createProxyMiddleware } from 'http-proxy-middleware';

/** What people build who need no more than a proxy: express with http-proxy-middleware, which measures nothing. */
const [target = ''] = process.argv.slice(2);
const app = express();
app.use(createProxyMiddleware({ target, changeOrigin: true }));
const server = app.listen(0, '127.0.0.1', () => process.send?.({ port: (server.address() as { port: number }).port }));
process.on('disconnect', () => process.exit(0));
