import { expect, it } from 'vitest';
import { PaneLayout } from '#state/lab/pane-layout.svelte.ts';
import { formatPanes, parsePanes } from '#state/lab/panes.ts';
import { views } from '#views/index.ts';
import { layouts } from '#views/shell/layouts.ts';
import { paneActions, paneCommands } from '#views/shell/pane-commands.ts';

const ids = [...views.keys()];
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
	expect(formatPanes(parsePanes(panes, (id) => views.has(id))!)).toBe(panes);
	expect(panes).toMatch(/^[hv]/);
});

it('no view is called as a split is', () => {
	expect(ids.filter((id) => /^[hv]$/.test(id) || !/^[a-z-]{1,40}$/.test(id))).toEqual([]);
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
