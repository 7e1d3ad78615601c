import '../../src/app.css';
import axe from 'axe-core';
import { clear, createStore } from 'idb-keyval';
import { mount, tick, unmount } from 'svelte';
import { expect, vi } from 'vitest';
import { page } from 'vitest/browser';
import type { View } from '#contracts/view.ts';
import { Lab } from '#state/lab/lab.ts';
import { views } from '#views/index.ts';
import LabHost from './LabHost.svelte';

/** The lab without its frame, on an engine of its own: what tests of any view drive. */

/** Milliseconds without anything busy after which a view has settled: one job may ask for the next. */
const STILL = 100;

/** Hears all that is said on the console, with where it was said. */
export function listening() {
	const messages: string[] = [];
	const own = { warn: console.warn, error: console.error };
	const hears =
		(tone: keyof typeof own) =>
		(...words: unknown[]) => {
			// A size that changes with another waits for the next frame: browsers tell it to the window, not on the console.
			if (/ResizeObserver loop/.test(String(words[0]))) return;
			const from = new Error().stack?.split('\n').filter((line) => line.includes('/src/'));
			messages.push([`${tone}: ${words.map(String).join(' ')}`, ...(from ?? [])].join('\n'));
		};
	Object.assign(console, { warn: hears('warn'), error: hears('error') });
	return {
		/** What was said since it was asked last. */
		messages: () => messages.splice(0),
		/** Gives the console back. */
		end: () => void Object.assign(console, own)
	};
}

const paneOf = ({ id }: View) => document.querySelector<HTMLElement>(`[data-view="${id}"]`);

/** What a view shows, without the line of its title. */
export const contentOf = (view: View): HTMLElement[] => [
	...(paneOf(view)?.querySelectorAll<HTMLElement>(':scope > .view > :not(header, .own)') ?? [])
];

/** What is not ready in a view; empty when all is. */
function busyIn(lab: Lab, view: View): string {
	if (!contentOf(view).length) return `${view.title} is not there`;
	if (lab.status === 'busy' || lab.status === 'loading') return `the lab is ${lab.status}`;
	return paneOf(view)?.querySelector('[aria-busy="true"], [data-stale]')?.outerHTML.slice(0, 200) ?? '';
}

/** @param query of the address that it opens */
export async function labPage(query: string) {
	const before = location.href;
	history.replaceState({}, '', `/${query}`);
	const lab = new Lab(views);
	let open = $state(false);
	const props = {
		lab,
		get open() {
			return open;
		}
	};
	// By hand: what is rendered for tests is taken away after each.
	const host = mount(LabHost, { target: document.body, props });
	void lab.start();
	const predicted = () =>
		vi.waitFor(() => expect(lab.status).toMatch(/ready|error/), { timeout: 60_000, interval: 10 });
	await predicted();
	return {
		lab,
		/** Goes to a view, and waits for nothing. */
		async show(view: View) {
			lab.setView(view.id);
			open = true;
			await tick();
		},
		/** No view is open. */
		async hide() {
			open = false;
			await tick();
		},
		/** Settles when it shows something. */
		there: (view: View) => vi.waitFor(() => expect(contentOf(view)).not.toEqual([]), { timeout: 30_000, interval: 5 }),
		/** Settles when nothing in these views is busy any more. */
		async settled(...shown: readonly View[]) {
			let since = performance.now();
			const busy = () => {
				const now = shown.map((view) => busyIn(lab, view)).join('');
				if (now) since = performance.now();
				return now || (performance.now() - since < STILL ? 'a moment ago' : '');
			};
			await vi.waitFor(() => expect(busy()).toBe(''), { timeout: 30_000, interval: 20 });
		},
		/** Settles when the lab has answered to what `open` opens. */
		async opened(open: () => void) {
			open();
			await predicted();
		},
		/** A window of that size, in these colours. */
		async dressed(width: number, theme: 'light' | 'dark') {
			await page.viewport(width, 900);
			lab.setTheme(theme);
		},
		tensors: async () => (await lab.memory()).tensors,
		async close() {
			lab.setTheme('system');
			await unmount(host);
			lab.stop();
			// The models that were opened as files.
			await clear(createStore('vitrine', 'data'));
			history.replaceState({}, '', before);
		}
	};
}
export type LabPage = Awaited<ReturnType<typeof labPage>>;

/** What axe finds in a view now. */
export async function violations(view: View): Promise<string[]> {
	const { violations } = await axe.run(paneOf(view)!, { resultTypes: ['violations'] });
	return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
}

/** Named parts of a view in which there is nothing. */
export function hollow(view: View): string[] {
	const filled = (part: HTMLElement) => part.innerText.trim() || part.querySelector('canvas, img, svg, input, video');
	return [...paneOf(view)!.querySelectorAll<HTMLElement>('section, figure, ul, ol, table, [role="group"]')]
		.filter((part) => part.checkVisibility() && !filled(part))
		.map((part) => part.outerHTML.slice(0, 200));
}
