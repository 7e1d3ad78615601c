/// <reference types="@sveltejs/kit" />
/// <reference lib="webworker" />
import { build, files, prerendered, version } from '$service-worker';

/**
 * Offline after the first visit: the lab's own files from a cache of their own, weights too. Requests to other hosts, and
 * what other caches hold, are not touched.
 */
const worker = globalThis as unknown as ServiceWorkerGlobalScope;
const PREFIX = 'vitrine-lab-';
const CACHE = PREFIX + version;
/** Kept when everything is: nothing is served there. */
const WHOLE = './whole';
/** Weights are large: they follow when the page already works. */
const LARGE = /\.(bin|wasm)$/;
const shell = [...build, ...files, ...prerendered].filter((path) => !LARGE.test(path) && !path.startsWith('data:'));
const rest = [...build, ...files].filter((path) => LARGE.test(path));

worker.addEventListener('install', (event) => {
	event.waitUntil(
		caches
			.open(CACHE)
			.then((cache) => cache.addAll(shell))
			.then(() => worker.skipWaiting())
	);
});

/**
 * Keeps a script and all that it names: the build's list has the workers, but not the parts that they load.
 * @param seen addresses that are kept already
 * @returns how many could not be fetched
 */
async function keepParts(cache: Cache, address: string, seen: Set<string>): Promise<number> {
	if (seen.has(address)) return 0;
	seen.add(address);
	if (!(await keep(cache, address))) return 1;
	if (!address.endsWith('.js')) return 0;
	let missing = 0;
	const text = (await (await cache.match(address))?.text()) ?? '';
	for (const [, path = ''] of text.matchAll(/["'`](\.{1,2}\/[\w./-]+\.(?:js|wasm))["'`]/g))
		missing += await keepParts(cache, new URL(path, address).href, seen);
	return missing;
}

/** @returns whether it is kept now */
async function keep(cache: Cache, address: string): Promise<boolean> {
	if (await cache.match(address)) return true;
	return cache.add(address).then(
		() => true,
		() => false
	);
}

worker.addEventListener('activate', (event) => {
	event.waitUntil(
		(async () => {
			for (const key of await caches.keys()) if (key.startsWith(PREFIX) && key !== CACHE) await caches.delete(key);
			await worker.clients.claim();
			const cache = await caches.open(CACHE);
			const seen = new Set<string>();
			let missing = 0;
			for (const path of build)
				if (path.includes('/workers/'))
					missing += await keepParts(cache, new URL(path, worker.location.origin).href, seen);
			// One after the other, so that what the user wants now comes first.
			for (const path of rest) if (!(await keep(cache, path))) missing++;
			if (missing) return;
			await cache.put(WHOLE, new Response());
			for (const client of await worker.clients.matchAll()) client.postMessage({ type: 'offline-ready' });
		})()
	);
});

/** What carries its hash in its name never changes; all else is asked for first, as a new version may be out. */
async function answer(request: Request): Promise<Response> {
	const cache = await caches.open(CACHE);
	// The query of a page is the lab's state, not another page.
	const kept = await cache.match(request, { ignoreSearch: request.mode === 'navigate' });
	if (kept && request.url.includes('/_app/immutable/')) return kept;
	try {
		return await fetch(request);
	} catch (error) {
		const fallback = kept ?? (request.mode === 'navigate' ? await cache.match(prerendered[0] ?? './') : undefined);
		if (fallback) return fallback;
		throw error;
	}
}

/** A page that came later asks. */
worker.addEventListener('message', (event) => {
	const asked = (event.data as { type?: unknown } | null)?.type === 'offline?';
	if (!asked) return;
	event.waitUntil(
		caches
			.open(CACHE)
			.then((cache) => cache.match(WHOLE))
			.then((whole) => whole && event.source?.postMessage({ type: 'offline-ready' }))
	);
});

worker.addEventListener('fetch', (event) => {
	const { request } = event;
	if (request.method === 'GET' && new URL(request.url).origin === worker.location.origin)
		event.respondWith(answer(request));
});
