import '../../src/app.css';
import { createRawSnippet, tick } from 'svelte';
import { afterEach, expect, it, vi } from 'vitest';
import { render } from 'vitest-browser-svelte';
import Stale from '../../src/widgets/Stale.svelte';

/** When an old result is dimmed: neither too late, nor for the blink of an eye. The clock is the test's. */

const children = createRawSnippet(() => ({ render: () => '<b>4</b>' }));
afterEach(() => vi.useRealTimers());

async function setUp(live: boolean) {
	const screen = await render(Stale, { of: 'a', words: '', computing: false, live, children });
	const whole = screen.container.querySelector('.whole') as HTMLElement;
	vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
	let now = 0;
	/** When it became dimmed, or clear, and what was said then. */
	const shown: { at: number; clear: boolean; message: string }[] = [];
	const observe = async () => {
		await tick();
		const clear = Number(getComputedStyle(whole).opacity) === 1;
		const message = screen.container.querySelector('p')?.textContent?.trim() ?? '';
		if (shown.at(-1)?.clear !== clear) shown.push({ at: now, clear, message });
	};
	await observe();
	const show = async (words: string) => {
		await screen.rerender({ words });
		await observe();
	};
	return {
		shown,
		/** Another input is chosen. */
		old: () => show('of the previous input'),
		/** The answer has come. */
		answered: () => show(''),
		/** Milliseconds go by. */
		async wait(milliseconds: number) {
			for (const end = now + milliseconds; now < end;) {
				now += 10;
				vi.advanceTimersByTime(10);
				await observe();
			}
		}
	};
}

it.each([
	[false, 140],
	[true, 290]
])('a fast engine never flashes, however often it is asked (live: %s, %i ms)', async (live, latency) => {
	const { shown, old, answered, wait } = await setUp(live);
	for (let stroke = 0; stroke < 8; stroke++) {
		await old();
		await wait(latency);
		await answered();
		await wait(20);
	}
	await wait(1000);
	expect(shown.map(({ clear }) => clear)).toEqual([true]);
});

it.each([
	[false, 150],
	[true, 300]
])('a slow one is dimmed in time, and says what it shows (live: %s, %i ms)', async (live, patience) => {
	const { shown, old, answered, wait } = await setUp(live);
	await old();
	await wait(1000);
	expect(shown).toEqual([
		{ at: 0, clear: true, message: '' },
		{ at: patience, clear: false, message: 'of the previous input' }
	]);
	await answered();
	await wait(1000);
	// At once where nothing flows; else when the next one has been in time, too.
	expect(shown[2]).toMatchObject({ at: live ? 1500 : 1000, clear: true });
});

it('a slow one that follows a drawing stays dimmed from stroke to stroke, and is clear soon after the last', async () => {
	const { shown, old, answered, wait } = await setUp(true);
	for (let stroke = 0; stroke < 4; stroke++) {
		await old();
		await wait(450);
		await answered();
		await wait(50);
	}
	await wait(1000);
	expect(shown.map(({ at, clear }) => [at, clear])).toEqual([
		[0, true],
		[300, false],
		[1950 + 500, true]
	]);
});
