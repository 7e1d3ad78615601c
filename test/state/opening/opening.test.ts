import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { OpenedModel } from '#contracts/compute.ts';
import { LabError } from '#contracts/errors.ts';
import { Opening } from '#state/opening/opening.svelte.ts';
import { shippedModels } from '#state/opening/shipped.ts';
import { HeldEngine, taken, type HeldCall } from '../../tools/held.ts';

/** What is open on the page, with an engine that answers when the test says so. */
class Page extends Opening {
	readonly slow = new HeldEngine();
	/** What was done, in order. */
	readonly log: string[] = [];
	/** Thrown when the model is fed. */
	problem: Error | null = null;

	constructor() {
		super();
		const remote = { value: this.slow.remote() };
		Object.defineProperties(this.computing, { compute: remote, draw: remote });
	}
	get busy() {
		return this.running > 0;
	}
	get key() {
		return this.open.key;
	}
	/** What the link says. */
	linked = '';
	protected share(): void {
		this.linked = `${this.open.origin.link}${this.open.origin.variant}`;
	}
	protected refresh(): Promise<void> {
		this.log.push(`fed ${this.modelName}`);
		return this.problem ? Promise.reject(this.problem) : Promise.resolve();
	}
	protected replaced(): void {
		this.log.push('replaced');
	}
	protected restored(): Promise<void> {
		return this.refresh();
	}
	protected showOpened(): void {
		throw new Error('not asked for');
	}
	protected openData = () => Promise.resolve(false);
	protected openSession = () => Promise.resolve();
	protected openWork(): void {
		throw new Error('not asked for');
	}
}

const [A, B, C] = shippedModels.map(({ name }) => name) as [string, string, string];
const model = (title: string) =>
	({
		title,
		inputs: [],
		preprocessing: [],
		heads: [],
		warnings: [],
		labels: null,
		able: { run: true }
	}) as unknown as OpenedModel;

let page: Page;
/** The calls of `open` so far, with the keys that the page gave them. */
const opens = () => page.slow.calls.filter(({ name }) => name === 'open');
const keyIn = ({ args }: HeldCall) => (args[1] as { key: string }).key;
const until = async (enough: () => boolean) => vi.waitFor(() => expect(enough()).toBe(true));
async function requested(name: string, count: number): Promise<HeldCall> {
	page.openShipped(name);
	await until(() => opens().length === count);
	return opens()[count - 1]!;
}
/** What the page says is open, wherever it says it. */
const titles = () => [page.model?.title, page.modelName, page.card?.title, page.linked];

beforeEach(async () => {
	vi.stubGlobal('location', new URL('http://localhost/'));
	vi.stubGlobal('fetch', () => Promise.resolve(new Response('{}')));
	page = new Page();
	(await requested(A, 1)).answer(model('A'));
	await until(() => !page.busy);
	expect(titles()).toEqual(['A', A, shippedModels[0]!.card.title, A]);
	page.log.length = 0;
});
afterEach(() => vi.unstubAllGlobals());

/** All is as it was before another model was wanted. */
async function unchanged(key: string) {
	await until(() => !page.busy);
	expect(titles()).toEqual(['A', A, shippedModels[0]!.card.title, A]);
	expect(page.key).toBe(key);
	expect(page.log).not.toContain('replaced');
}

describe('another model that does not open', () => {
	it('leaves the open one, under its own name, while it comes and when it fails', async () => {
		const { key } = page;
		const open = await requested(B, 2);
		expect(titles()).toEqual(['A', A, shippedModels[0]!.card.title, A]);
		open.fail(new LabError('It is too large.'));
		await until(() => page.slow.calls.some(({ name }) => name === 'openKey'));
		page.slow.last('openKey').answer(key);
		await unchanged(key);
		expect(page.log).toEqual([]);
		expect(page.notices.map(({ message }) => message)).toEqual(['It is too large.']);
	});

	it('but did in the thread when it was stopped gives way to the one that the page shows', async () => {
		const { key } = page;
		const open = await requested(B, 2);
		page.cancel();
		await until(() => page.slow.calls.some(({ name }) => name === 'openKey'));
		// Too late: the thread had opened it.
		page.slow.last('openKey').answer(keyIn(open));
		await until(() => opens().length === 3);
		expect(page.busy).toBe(true);
		expect(keyIn(opens()[2]!)).toBe(key);
		opens()[2]!.answer(model('A'));
		await unchanged(key);
		// What it answers is asked for anew: what came meanwhile was dropped.
		expect(page.log).toEqual([`fed ${A}`]);
		expect(page.notices).toEqual([]);
	});

	it('once its size is known and it is stopped then is no other case', async () => {
		const { key } = page;
		(await requested(B, 2)).fail(new LabError('[?, ?, 3]', '', { code: 'shape-needed' }));
		await until(() => page.shapeQuestion !== null);
		page.answerShape([32, 32, 3]);
		await until(() => opens().length === 3);
		page.cancel();
		await until(() => page.slow.calls.some(({ name }) => name === 'openKey'));
		page.slow.last('openKey').answer(keyIn(opens()[2]!));
		await until(() => opens().length === 4);
		opens()[3]!.answer(model('A'));
		await unchanged(key);
	});

	it('after one that was given up for it leaves the open one, whatever the thread has', async () => {
		const { key } = page;
		const given = await requested(B, 2);
		(await requested(C, 3)).fail(new LabError('It is too large.'));
		await until(() => page.slow.calls.some(({ name }) => name === 'openKey'));
		page.slow.last('openKey').answer(keyIn(given));
		await until(() => opens().length === 4);
		expect(keyIn(opens()[3]!)).toBe(key);
		opens()[3]!.answer(model('A'));
		await unchanged(key);
	});

	it('is not reopened over one that is on its way', async () => {
		await requested(B, 2);
		const next = await requested(C, 3);
		await taken();
		expect(page.slow.calls.some(({ name }) => name === 'openKey')).toBe(false);
		next.answer(model('C'));
		await until(() => !page.busy);
		expect(titles()).toEqual(['C', C, shippedModels[2]!.card.title, C]);
		expect(opens()).toHaveLength(3);
	});
});

describe('another model that opens', () => {
	it('is not given up for the one before, though it was asked for while that was looked into', async () => {
		const given = await requested(B, 2);
		page.cancel();
		await until(() => page.slow.calls.some(({ name }) => name === 'openKey'));
		const next = await requested(C, 3);
		page.slow.last('openKey').answer(keyIn(given));
		await taken();
		expect(opens()).toHaveLength(3);
		next.answer(model('C'));
		await until(() => !page.busy);
		expect(titles()).toEqual(['C', C, shippedModels[2]!.card.title, C]);
	});

	it('is named everywhere at once, though its input then fails', async () => {
		page.problem = new LabError('The input does not fit.');
		(await requested(B, 2)).answer(model('B'));
		await until(() => !page.busy);
		expect(titles()).toEqual(['B', B, shippedModels[1]!.card.title, B]);
		expect(page.log).toEqual(['replaced', `fed ${B}`]);
		expect(page.predicted).toBeNull();
	});
});
