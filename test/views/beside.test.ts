import { tick } from 'svelte';
import { afterEach, expect, it, vi } from 'vitest';
import { differing } from '#contracts/identity.ts';
import { Attribution } from '#state/attribution/attribution.svelte.ts';
import { views } from '#views/index.ts';
import { contentOf, labPage, type LabPage } from './lab-page.svelte.ts';

const attribution = views.get('attribution')!;
let page: LabPage;
afterEach(() => page.close());

const PAIR = '?model=digits&input=digit-4.png&method=gradient&panes=h.attribution.b-attribution';
async function open(query: string) {
	page = await labPage(query);
	// Wide enough for two panes.
	await page.dressed(1280, 'light');
	await page.show(attribution);
	const { lab } = page;
	const ready = () =>
		vi.waitFor(() => expect([lab.status, lab.beside.lab?.status, lab.beside.busy]).toEqual(['ready', 'ready', false]), {
			timeout: 60_000,
			interval: 20
		});
	await ready();
	const beside = lab.beside.lab!;
	const mapOf = (one: typeof lab | typeof beside) => one.viewState(Attribution).maps['gradient']?.shown;
	// What a view asks for comes a little after it is there.
	for (const one of [lab, beside])
		await vi.waitFor(() => expect(mapOf(one)?.value.report).toBeDefined(), { timeout: 30_000 });
	await ready();
	return { lab, beside, ready, mapOf };
}

it('the second lab answers for itself what the first is about, and nothing of one is of the other', async () => {
	const { lab, beside, ready, mapOf } = await open(`${PAIR}&beside.model=digits&beside.variant=untrained.json`);
	expect(beside.model?.title).toBe('Digits');
	expect(beside.variant).toBe('untrained.json');
	expect(beside.image?.title).toBe(lab.image?.title);
	expect(beside.target).toEqual(lab.target);
	expect(beside.predictions[0]?.probabilities).not.toEqual(lab.predictions[0]?.probabilities);
	for (const one of [lab, beside]) {
		const now = { ...one.identity, ...one.viewState(Attribution).settingsOf('gradient') };
		expect(differing(mapOf(one)!.of, now)).toEqual([]);
	}
	expect(mapOf(beside)!.of.model).toBe(beside.identity.model);
	expect(mapOf(beside)!.value.report.stats).not.toEqual(mapOf(lab)!.value.report.stats);
	// What is chosen on either is chosen for both.
	beside.setTarget({ unit: 7 });
	beside.setFocus('relu1', 2);
	beside.setDisplay({ opacity: 0.5 });
	expect([lab.target?.unit, beside.target?.unit]).toEqual([7, 7]);
	expect([lab.layer, beside.layer, beside.channel, lab.display.opacity]).toEqual(['relu1', 'relu1', 2, 0.5]);
	await tick();
	await ready();
	expect(mapOf(beside)!.value.from.target.unit).toBe(7);
});

it('pinned, it stays with its input, class and layer, and the link says so', async () => {
	const { lab, beside, ready, mapOf } = await open(`${PAIR}&beside.model=digits&layer=relu1`);
	const before = mapOf(beside)!.value;
	lab.beside.pin();
	expect(lab.beside.title).toBe('Pinned · A four · class 4');
	lab.useSample('digit-7.png');
	lab.setFocus('relu2');
	await vi.waitFor(() => expect(lab.image?.title).toBe('A seven'), { timeout: 10_000 });
	await ready();
	expect([lab.target?.unit, beside.target?.unit, lab.layer, beside.layer]).toEqual([7, 4, 'relu2', 'relu1']);
	expect(beside.image?.title).toBe('A four');
	expect(mapOf(beside)!.value).toBe(before);
	const query = new URLSearchParams(lab.link().split('?')[1]);
	expect(['pinned', 'input', 'target', 'layer'].map((key) => query.get(`beside.${key}`))).toEqual([
		'1',
		'digit-4.png',
		'4',
		'relu1'
	]);
	// A class that is chosen there is chosen there alone.
	beside.setTarget({ unit: 9 });
	expect([lab.target?.unit, beside.target?.unit]).toEqual([7, 9]);
	lab.beside.follow();
	await tick();
	await ready();
	expect([beside.image?.title, beside.target?.unit, beside.layer]).toEqual(['A seven', 7, 'relu2']);
	expect(lab.link()).not.toContain('beside.input');
});

it('it ends with its last pane, and what comes late begins nothing', async () => {
	const begun: Worker[] = [];
	const ended = vi.spyOn(Worker.prototype, 'terminate');
	const { lab, beside } = await open(`${PAIR}&beside.model=digits`);
	expect(contentOf(attribution)).not.toEqual([]);
	const before = ended.mock.instances.length;
	const make = globalThis.Worker;
	vi.stubGlobal(
		'Worker',
		class extends make {
			constructor(...given: ConstructorParameters<typeof Worker>) {
				super(...given);
				begun.push(this);
			}
		}
	);
	lab.panes.close('b-attribution');
	await vi.waitFor(() => expect(lab.beside.lab).toBeNull());
	expect(ended.mock.instances.length - before).toBeGreaterThanOrEqual(2);
	await expect(beside.memory()).rejects.toThrow('cancelled');
	expect(begun).toEqual([]);
	vi.unstubAllGlobals();
	ended.mockRestore();
	expect(lab.status).toBe('ready');
	expect(lab.link()).not.toContain('beside');
});
