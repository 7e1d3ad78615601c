import { describe, expect, it } from 'vitest';
import type { InputPreprocessing } from '#contracts/compute.ts';
import { alike, type Preprocessing } from '#contracts/preprocessing.ts';
import { PreprocessingChoices } from '#state/input/preprocessing-choices.svelte.ts';
import { formatSettings, parseSettings, DEFAULT_SETTINGS, type PreprocessingChange } from '#state/lab/settings.ts';

const range = (low: number, high: number) => ({ kind: 'range', low, high }) as const;
const own = (width: number, channels: 1 | 3, change: Partial<Preprocessing> = {}): Preprocessing => ({
	...{ width, height: 8, channels, fit: 'crop', order: 'rgb', normalisation: range(0, 1), invert: false },
	...change
});
const LEFT = own(32, 3);
const RIGHT = own(16, 1, { fit: 'pad' });
const DEPTH = own(32, 1, { normalisation: range(0, 255) });

function open(): PreprocessingChoices {
	const known = (input: string, preprocessing: Preprocessing): InputPreprocessing => ({
		...{ input, preprocessing, reason: 'guessed', guessed: true }
	});
	const choices = new PreprocessingChoices();
	choices.begin([known('left', LEFT), known('right', RIGHT), known('depth', DEPTH)]);
	return choices;
}

/** As another page opens it. */
function throughLink({ changes: [preprocessing = {}, ...others] }: PreprocessingChoices): PreprocessingChoices {
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
		const choices = open();
		choices.prepare('right', { ...RIGHT, invert: true }, false);
		expect(choices.of('right')).toMatchObject({
			preprocessing: { invert: true },
			reason: 'yours',
			guessed: false
		});
		expect(choices.of('left')).toMatchObject({ preprocessing: LEFT, reason: 'guessed', guessed: true });
		choices.prepare('right', RIGHT, false);
		expect(choices.of('right')).toMatchObject({ preprocessing: RIGHT, reason: 'guessed', guessed: true });
		expect(choices.changes).toEqual([{}, {}, {}]);
		expect(choices.of('__proto__')).toBeNull();
	});

	it('is said by a link: of the first, which all follow, and of each what differs from that', () => {
		const choices = open();
		choices.prepare('left', { ...LEFT, normalisation: range(-1, 1) }, true);
		expect(choices.changes).toEqual([{ normalisation: range(-1, 1) }, {}, {}]);
		expect(throughLink(choices).all).toEqual(choices.all);
		choices.prepare('right', { ...RIGHT, normalisation: range(0, 1), invert: true }, false);
		choices.prepare('depth', { ...DEPTH, normalisation: range(-1, 1), width: 40 }, false);
		expect(throughLink(choices).all).toEqual(choices.all);
		expect([...choices.all.values()].map(({ normalisation }) => normalisation)).toEqual([range(-1, 1), range(0, 1), range(-1, 1)]); // prettier-ignore
	});

	it('is the same for all in an older link', () => {
		const opened = open();
		opened.prepareAs([parseSettings('?range=-1,1&fit=stretch').preprocessing]);
		for (const preprocessing of opened.all.values())
			expect(preprocessing).toMatchObject({ fit: 'stretch', normalisation: range(-1, 1) });
	});
});
