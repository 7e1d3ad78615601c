import { createServer } from 'node:http';
import { parseArgs } from 'node:util';
import sirv from 'sirv';

/**
 * Serves a built lab as any static host would: files, and the fallback page for all else.
 * @param {{ folder?: string, port?: number, base?: string }} options port 0 takes a free one; base is a sub-path
 * @returns {Promise<{ url: string, close: () => Promise<void> }>}
 */
export function serve({ folder = 'build', port = 0, base = '' } = {}) {
	const files = sirv(folder, { dev: true, single: '404.html' });
	const server = createServer((request, response) => {
		const path = request.url ?? '/';
		if (base && !path.startsWith(`${base}/`)) {
			response.writeHead(path === base ? 301 : 404, { location: `${base}/` });
			response.end();
			return;
		}
		request.url = path.slice(base.length);
		files(request, response);
	});
	return new Promise((resolve, reject) => {
		server.once('error', reject);
		server.listen(port, '127.0.0.1', () => {
			const address = server.address();
			const actual = typeof address === 'object' && address ? address.port : port;
			const close = () =>
				new Promise((done) => {
					server.close(() => done(undefined));
					server.closeAllConnections();
				});
			resolve({ url: `http://localhost:${actual}${base}/`, close: /** @type {() => Promise<void>} */ (close) });
		});
	});
}

if (process.argv[1] === import.meta.filename) {
	const { values } = parseArgs({
		options: { port: { type: 'string' }, base: { type: 'string' }, folder: { type: 'string' } }
	});
	const { url } = await serve({
		port: Number(values.port ?? 4173),
		base: values.base ?? '',
		folder: values.folder ?? 'build'
	});
	console.log(`Vitrine is at ${url}`);
}
