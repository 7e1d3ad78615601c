import 'fake-indexeddb/auto';
import { beforeEach, expect, it, vi } from 'vitest';
import type { DataSet } from '#contracts/data-set.ts';
import { LabError } from '#contracts/errors.ts';
import { DataSets } from '#state/data/data-set.svelte.ts';
import type { ViewContext } from '#state/lab/view-context.ts';
import { forgetData, keptData } from '#state/data/kept-data.ts';
import { HeldEngine, taken } from '../../tools/held.ts';

beforeEach(() => forgetData());

/** A tab, with a thread that answers when the test does. */
function tab() {
	const engine = new HeldEngine();
	const sets = new DataSets({ reader: { api: engine.remote() }, failed: () => {} } as unknown as ViewContext);
	return {
		sets,
		async opens(action: Promise<void>, outcome: string | LabError) {
			await taken();
			const call = engine.last('open');
			if (outcome instanceof LabError) call.fail(outcome);
			else call.answer({ name: outcome, count: 2, columns: [], images: null, label: null } as unknown as DataSet);
			await action;
			return call.args;
		}
	};
}
const files = [{ path: 'both.zip', file: new Blob(['x']) }];
const several = new LabError('There are 2 tables.', 'Choose one.', {
	code: 'choose',
	choices: [
		{ part: 'a.csv', title: 'a' },
		{ part: 'b.csv', title: 'b' }
	]
});

it('the table that was chosen of several, and how it was read, are there after the tab was closed', async () => {
	const first = tab();
	await first.opens(first.sets.open(files), several);
	expect([await keptData(), first.sets.choice?.options.length]).toEqual([null, 2]);
	await first.opens(first.sets.choose('b.csv'), 'b');
	await first.opens(first.sets.reread({ separator: ';' }), 'b');

	const second = tab();
	await vi.waitFor(() => expect(second.sets.kept).toBe('both'));
	const requested = await second.opens(second.sets.reopen(), 'b');
	expect(requested).toMatchObject([{ name: 'both', part: 'b.csv', files: [{ path: 'both.zip' }] }, { separator: ';' }]);
	expect(second.sets.data?.name).toBe('b');
	// It is kept on, as it is.
	expect(await keptData()).toMatchObject({ part: 'b.csv', reading: { separator: ';' } });
});

it('what was refused takes the place of nothing, and other files have no table of the last ones', async () => {
	const { sets, opens } = tab();
	await opens(sets.open(files), several);
	await opens(sets.choose('b.csv'), 'b');
	await opens(sets.open([{ path: 'c.csv', file: new Blob(['?']) }]), new LabError('No.', 'Try another.'));
	expect(await keptData()).toMatchObject({ name: 'both', part: 'b.csv' });
	await opens(sets.open([{ path: 'd.csv', file: new Blob(['1']) }]), 'd');
	expect(await keptData()).toEqual({
		name: 'd',
		files: [{ path: 'd.csv', file: expect.any(Blob) as Blob }],
		reading: {}
	});
});

it('is forgotten when the data set is closed', async () => {
	const { sets, opens } = tab();
	await opens(sets.open(files), 'both');
	expect(sets.kept).toBe('both');
	sets.close();
	expect(sets.kept).toBe('');
	await vi.waitFor(async () => expect(await keptData()).toBe(null));
});
