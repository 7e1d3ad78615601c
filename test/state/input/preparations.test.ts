import { describe, expect, it } from 'vitest';
import type { Preparation } from '#contracts/compute.ts';
import { alike, type Preprocessing } from '#contracts/preprocessing.ts';
import { Preparations } from '#state/input/preparations.svelte.ts';
import { formatSettings, parseSettings, DEFAULT_SETTINGS, type PreprocessingChange } from '#state/lab/settings.ts';

const range = (low: number, high: number) => ({ kind: 'range', low, high }) as const;
const own = (width: number, channels: 1 | 3, change: Partial<Preprocessing> = {}): Preprocessing => ({
	...{ width, height: 8, channels, fit: 'crop', order: 'rgb', normalisation: range(0, 1), invert: false },
	...change
});
const LEFT = own(32, 3);
const RIGHT = own(16, 1, { fit: 'pad' });
const DEPTH = own(32, 1, { normalisation: range(0, 255) });

function open(): Preparations {
	const known = (input: string, preprocessing: Preprocessing): Preparation => ({
		...{ input, preprocessing, reason: 'guessed', guessed: true }
	});
	const preparations = new Preparations();
	preparations.begin([known('left', LEFT), known('right', RIGHT), known('depth', DEPTH)]);
	return preparations;
}

/** As another page opens it. */
function throughLink({ changes: [preprocessing = {}, ...others] }: Preparations): Preparations {
	const more = others.map((change) => ({ input: null, preprocessing: change }));
	const read = parseSettings(formatSettings({ ...DEFAULT_SETTINGS, preprocessing, more }));
	const changes: PreprocessingChange[] = [read.preprocessing, ...read.more.map((one) => one.preprocessing)];
	const opened = open();
	opened.prepareAs(changes);
	return opened;
}

describe('how the pictures of several inputs are prepared', () => {
	it('alike: what changes of one changes of all, but for channels and sizes of their own', () => {
		const now = { ...LEFT, width: 64, normalisation: range(-1, 1), order: 'bgr' } as const;
		expect(alike(RIGHT, LEFT, now)).toEqual({ ...RIGHT, normalisation: range(-1, 1), order: 'bgr' });
		expect(alike(DEPTH, LEFT, now)).toEqual({ ...DEPTH, width: 64, normalisation: range(-1, 1), order: 'bgr' });
		expect(alike(RIGHT, LEFT, LEFT)).toEqual(RIGHT);
	});

	it('is its own for one, and yours only where it differs from the model’s', () => {
		const preparations = open();
		preparations.prepare('right', { ...RIGHT, invert: true }, false);
		expect(preparations.of('right')).toMatchObject({
			preprocessing: { invert: true },
			reason: 'yours',
			guessed: false
		});
		expect(preparations.of('left')).toMatchObject({ preprocessing: LEFT, reason: 'guessed', guessed: true });
		preparations.prepare('right', RIGHT, false);
		expect(preparations.of('right')).toMatchObject({ preprocessing: RIGHT, reason: 'guessed', guessed: true });
		expect(preparations.changes).toEqual([{}, {}, {}]);
		expect(preparations.of('__proto__')).toBeNull();
	});

	it('is said by a link: of the first, which all follow, and of each what differs from that', () => {
		const preparations = open();
		preparations.prepare('left', { ...LEFT, normalisation: range(-1, 1) }, true);
		expect(preparations.changes).toEqual([{ normalisation: range(-1, 1) }, {}, {}]);
		expect(throughLink(preparations).all).toEqual(preparations.all);
		preparations.prepare('right', { ...RIGHT, normalisation: range(0, 1), invert: true }, false);
		preparations.prepare('depth', { ...DEPTH, normalisation: range(-1, 1), width: 40 }, false);
		expect(throughLink(preparations).all).toEqual(preparations.all);
		expect([...preparations.all.values()].map(({ normalisation }) => normalisation)).toEqual([range(-1, 1), range(0, 1), range(-1, 1)]); // prettier-ignore
	});

	it('is the same for all in an older link', () => {
		const opened = open();
		opened.prepareAs([parseSettings('?range=-1,1&fit=stretch').preprocessing]);
		for (const preprocessing of opened.all.values())
			expect(preprocessing).toMatchObject({ fit: 'stretch', normalisation: range(-1, 1) });
	});
});
