import { readdirSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import { serve } from '../tools/serve.js';
import { expectSound, openLab, prediction, settled } from './lab.ts';

test('nothing leaves the page, and the policy would stop it', async ({ page, baseURL }) => {
	const elsewhere: string[] = [];
	const errors: string[] = [];
	page.on('request', (request) => {
		if (!/^(data|blob):/.test(request.url()) && !request.url().startsWith(baseURL as string))
			elsewhere.push(request.url());
	});
	page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
	page.on('pageerror', (error) => errors.push(error.message));
	await openLab(page);
	expect(elsewhere).toEqual([]);
	expect(errors).toEqual([]);

	const blocked = await page.evaluate(async () => {
		const seen: string[] = [];
		document.addEventListener('securitypolicyviolation', (event) => seen.push(event.effectiveDirective));
		const script = document.createElement('script');
		script.textContent = 'window.injected = true';
		document.body.append(script);
		const image = new Image();
		image.src = 'https://example.invalid/pixel.png';
		await fetch('http://example.invalid/').catch(() => undefined);
		await new Promise((resolve) => setTimeout(resolve, 300));
		return { seen, injected: 'injected' in window };
	});
	expect(blocked.injected).toBe(false);
	expect(new Set(blocked.seen)).toEqual(new Set(['script-src-elem', 'img-src', 'connect-src']));
});

test('works offline after the first visit, also below a sub-path', async ({ browser }) => {
	const { url, close } = await serve({ base: '/some/lab' });
	const context = await browser.newContext({ baseURL: url, serviceWorkers: 'allow' });
	const page = await context.newPage();
	await openLab(page, '?model=digits&input=digit-4.png&method=grad-cam');
	// The engine's parts and the weights follow the shell; the lab says when all is there.
	await page.getByRole('button', { name: /^Engine/ }).click();
	await expect(page.getByText('it works offline')).toBeVisible({ timeout: 60_000 });
	const parts = readdirSync('build/_app', { recursive: true, encoding: 'utf8' }).filter((path) =>
		/\.(js|bin|wasm)$/.test(path)
	);
	expect(parts.filter((name) => name.endsWith('.bin')).length).toBeGreaterThan(10);
	const kept = await page.evaluate(async () => {
		const addresses: string[] = [];
		for (const key of await caches.keys())
			for (const { url } of await (await caches.open(key)).keys()) addresses.push(url.split('/_app/').pop() as string);
		return addresses;
	});
	expect(kept).toEqual(expect.arrayContaining(parts));
	await close();
	await page.reload();
	await settled(page);
	expect((await prediction(page))[0]?.name).toBe('4');
	await page.getByRole('button', { name: /^Engine/ }).click();
	await expect(page.getByText('it works offline')).toBeVisible();
	await context.close();
});

test('axe finds nothing: light and wide, dark and narrow', async ({ page }) => {
	await openLab(page, '?model=digits&input=digit-4.png');
	await expectSound(page);
});
