import { expect, it } from 'vitest';
import type { BesideState } from '#contracts/lab.ts';
import { besideOf, standsBeside } from '#contracts/panes.ts';
import { besides } from '#contracts/view.ts';
import { PaneLayout } from '#state/lab/pane-layout.svelte.ts';
import { formatPanes, parsePanes } from '#state/lab/panes.ts';
import { views } from '#views/index.ts';
import { besideActions } from '#views/shell/beside-commands.ts';
import { besideCommands } from '#views/shell/beside-palette.ts';
import { layouts } from '#views/shell/layouts.ts';
import { paneActions, paneCommands } from '#views/shell/pane-commands.ts';

const ids = [...views.keys(), ...besides(views).map(besideOf)];
function page(panes: string, view: string) {
	const kept = { panes, view };
	return {
		kept,
		layout: new PaneLayout(
			ids,
			() => kept,
			(change) => Object.assign(kept, change)
		)
	};
}
const titles = (panes: string, view: string) => paneCommands(page(panes, view).layout).map(({ title }) => title);

it.each(layouts.map(({ title, panes }) => [title, panes]))('the layout %s names views that there are', (_, panes) => {
	expect(formatPanes(parsePanes(panes, (id) => ids.includes(id))!)).toBe(panes);
	expect(panes).toMatch(/^[hv]/);
});

it('no view is called as a split is', () => {
	expect(ids.filter((id) => /^[hv]$/.test(id) || !/^[a-z-]{1,40}$/.test(id))).toEqual([]);
	// Nor as a pane of the second lab.
	expect([...views.keys()].filter(standsBeside)).toEqual([]);
});

it('offers what can be done now', () => {
	const ready = layouts.map(({ title }) => `Layout: ${title}`);
	const one = ['Split right', 'Split below'];
	const several = ['Only this pane', 'Close this pane', 'Next pane', 'Previous pane'];
	expect(titles('', 'structure')).toEqual([...ready, ...one]);
	expect(titles('h.structure.figures', 'structure')).toEqual([...ready, ...one, ...several]);
	expect(titles('h.v.structure.figures.v.compare.slices', 'structure')).toEqual([...ready, ...several]);
});

it.each([
	['split right', 'h.h.structure.parameters.figures?parameters'],
	['split below', 'h.v.structure.parameters.figures?parameters'],
	['only pane', '?structure'],
	['close pane', '?figures'],
	['next pane', 'h.structure.figures?figures'],
	['previous pane', 'h.structure.figures?figures'],
	['layout learn', 'h60.playground.slices?playground']
])('%s does that to the focused pane', (id, after) => {
	const { kept, layout } = page('h.structure.figures', 'structure');
	const command = paneCommands(layout).find((one) => one.id === id);
	command!.run();
	expect(`${kept.panes}?${kept.view}`).toBe(after);
});

it.each([
	['split right', 'h.structure.h.figures.attribution?'],
	['split below', 'h.structure.v.figures.attribution?'],
	['only pane', '?figures'],
	['close pane', '?structure']
])('%s of the menu of a pane does that to its own', (id, after) => {
	const { kept, layout } = page('h.structure.figures', 'structure');
	paneActions(layout, 'figures')
		.find((one) => one.id === id)!
		.run();
	expect(`${kept.panes}?${kept.view}`).toBe(after);
});

function second(panes: string, view: string, beside: Partial<BesideState> = {}) {
	const { kept, layout } = page(panes, view);
	const done: string[] = [];
	const does = (what: string) => (word?: string) => void done.push(word ? `${what} ${word}` : what);
	const state = {
		lab: null,
		choice: '',
		pinned: false,
		pin: does('pin'),
		follow: does('follow'),
		keep: does('keep'),
		choose: does('choose'),
		...beside
	} as BesideState;
	return { kept, done, lab: { panes: layout, beside: state, shipped: [] } };
}
const opened = { lab: { model: {} } as BesideState['lab'] };

it.each([
	['one pane of A', '', 'structure', {}, ['Model B beside', 'Pin a copy beside', 'Model B here']],
	['a view that stands once', '', 'compare', {}, []],
	['A with B beside it', 'h.structure.b-structure', 'structure', {}, ['Model B here']],
	['A with another view of B', 'h.structure.b-attribution', 'structure', {}, ['Model B beside', 'Model B here']],
	['A with what is pinned', 'h.structure.b-slices', 'structure', { pinned: true }, ['Pinned beside', 'Pinned here']],
	['B before it is there', 'h.structure.b-structure', 'b-structure', {}, ['Model A here']],
	['B', 'h.structure.b-structure', 'b-structure', opened, ['Pin input, class and layer', 'Model A here']],
	['a pinned one', 'h.structure.b-slices', 'b-slices', { pinned: true }, ['Follow the selection', 'Model A here']]
] as const)('%s can be made this of', (_, panes, view, beside, offered) => {
	expect(besideActions(second(panes, view, beside).lab).map(({ title }) => title)).toEqual(offered);
});

it.each([
	['double pane', 'h.structure.b-structure', []],
	['keep pane', '', ['keep structure']],
	['turn pane', '', []]
] as const)('%s does that to the pane', (id, panes, done) => {
	const all = second('', 'structure');
	besideActions(all.lab)
		.find((one) => one.id === id)!
		.run();
	expect([all.kept.panes, all.done]).toEqual([panes, done]);
	if (id === 'turn pane') expect(all.kept.view).toBe('b-structure');
});

it('the palette chooses B by its name, while a pane is of it', () => {
	const shipped = [{ name: 'digits', card: { title: 'Digits', variants: [{ file: 'a.json', title: 'Untrained' }] } }];
	const models = (panes: string) => {
		const { lab, done } = second(panes, 'structure');
		const commands = besideCommands({ ...lab, shipped: shipped as never }).filter(({ group }) => group === 'Model B');
		for (const { run } of commands) run();
		return [commands.map(({ title }) => title), done];
	};
	expect(models('h.structure.b-structure')).toEqual([
		['B: Digits, trained', 'B: Digits, untrained'],
		['choose digits', 'choose digits/a.json']
	]);
	expect(models('h.structure.figures')).toEqual([[], []]);
});
