import { describe, expect, it } from 'vitest';
import type { PaneTree } from '#contracts/panes.ts';
import { PaneLayout } from '#state/lab/pane-layout.svelte.ts';
import { exchanged, formatPanes, parsePanes, parted, boundsOf, shapeOf, panesOf, without } from '#state/lab/panes.ts';

const VIEWS = ['a', 'b', 'c', 'd', 'e-e'];
const parsed = (text: string) => parsePanes(text, (view) => VIEWS.includes(view));
/** As a link would have it after it was read. */
const again = (text: string) => {
	const tree = parsed(text);
	return tree === null ? null : formatPanes(tree);
};

describe('panes in a link', () => {
	it('are read as they are written', () => {
		expect(parsed('h60.a.v.b.e-e')).toEqual({
			direction: 'h',
			share: 60,
			first: 'a',
			second: { direction: 'v', share: 50, first: 'b', second: 'e-e' }
		});
		for (const text of ['a', 'h.a.b', 'v25.a.b', 'h60.a.v.b.e-e', 'h.v.a.b.v70.c.d', 'h.a.h.b.h.c.d'])
			expect(again(text)).toBe(text);
		expect(new URLSearchParams({ panes: 'h60.a.v.b.e-e' }).toString()).toBe('panes=h60.a.v.b.e-e');
	});

	it.each([
		['what there is not goes with its pane', 'h60.a.v.nothing.b', 'h60.a.b'],
		['both of a split, the split too', 'h.a.v.x.y', 'a'],
		['a view stands in one pane', 'h.a.v.a.b', 'h.a.b'],
		['four are the most, and what is parted more often is cut', 'h.a.h.b.h.c.h.d.e-e', 'h.a.h.b.c'],
		['what comes after is not heard', 'h.a.b.c.d', 'h.a.b'],
		['what is missing is not there', 'h.a', 'a'],
		['a share leaves both to be seen', 'h01.a.v99.b.c', 'h20.a.v80.b.c'],
		['a share is a number of two digits', 'h100.a.b', null],
		['splits alone are nothing', 'h.v.h.v', null],
		['nor is nothing', '', null],
		['nor are names of what all objects have', 'h.constructor.__proto__', null]
	])('%s: %s', (_, text, kept) => expect(again(text)).toBe(kept));

	it('as long and deep as one likes, they end', () => {
		expect(parsed('h.'.repeat(1e5) + 'a')).toBeNull();
		expect(again(Array.from({ length: 1e5 }, () => 'a').join('.'))).toBe('a');
	});
});

describe('a tree of panes', () => {
	const tree = parsed('h60.a.v.b.c') as PaneTree;

	it('has a shape that says nothing of sizes', () => {
		expect(shapeOf(tree)).toBe('h.a.v.b.c');
		expect(panesOf(tree)).toEqual(['a', 'b', 'c']);
	});

	it('is parted, closed, and has views change places', () => {
		expect(formatPanes(parted(tree, 'a', 'v', 'd'))).toBe('h60.v.a.d.v.b.c');
		expect(formatPanes(exchanged(tree, 'a', 'd'))).toBe('h60.d.v.b.c');
		expect(formatPanes(exchanged(tree, 'a', 'c'))).toBe('h60.c.v.b.a');
		expect(formatPanes(exchanged(tree, 'b', 'b'))).toBe('h60.a.v.b.c');
		expect(formatPanes(without(tree, 'b')!)).toBe('h60.a.c');
		expect(formatPanes(without(tree, 'a')!)).toBe('v.b.c');
		expect(without('a', 'a')).toBeNull();
	});

	it('fills its bounds', () => {
		expect(boundsOf(tree)).toEqual([
			{ pane: 'a', left: 0, top: 0, width: 60, height: 100 },
			{ pane: 'b', left: 60, top: 0, width: 40, height: 50 },
			{ pane: 'c', left: 60, top: 50, width: 40, height: 50 }
		]);
	});
});

/** The layout of a page whose address says so. */
function page(panes = '', view = '') {
	const kept = { panes, view };
	const history: string[] = [];
	const layout = new PaneLayout(
		VIEWS,
		() => kept,
		(change) => {
			Object.assign(kept, change);
			history.push(`${kept.panes}?${kept.view}`);
		}
	);
	return { layout, kept, history };
}

describe('the panes of the page', () => {
	it('are one with the named view, or the first, where a link says no more', () => {
		for (const [view, visible] of [
			['', 'a'],
			['c', 'c'],
			['nothing', 'a']
		] as const) {
			const { layout } = page('', view);
			expect([layout.views, layout.focused, layout.step]).toEqual([[visible], visible, visible]);
		}
		expect(page('', 'a').layout.kept).toEqual({ panes: '', view: '' });
		expect(page('', 'c').layout.kept).toEqual({ panes: '', view: 'c' });
	});

	it('have the named view in the focused one, else the first of them', () => {
		expect(page('h.b.c', 'c').layout.focused).toBe('c');
		expect(page('h.b.a').layout.focused).toBe('a');
		expect(page('h.b.c', 'd').layout.focused).toBe('b');
		expect(page('h.b.nothing', 'd').layout.kept).toEqual({ panes: '', view: 'b' });
		expect(page('h50.b.a', 'a').layout.kept).toEqual({ panes: 'h.b.a', view: '' });
	});

	it('are split with the next view that is not seen, which is focused, four times at most', () => {
		const { layout, history } = page('', 'd');
		layout.split('h');
		layout.split('v', 'd');
		expect(layout.splits).toBe(true);
		layout.split('v');
		expect(history).toEqual(['h.d.e-e?e-e', 'h.v.d.a.e-e?', 'h.v.d.v.a.b.e-e?b']);
		expect(layout.splits).toBe(false);
		layout.split('h');
		expect(history).toHaveLength(3);
	});

	it('have no view to split for when all are seen', () => {
		const kept = { panes: 'h.x.y', view: 'x' };
		const layout = new PaneLayout(
			['x', 'y'],
			() => kept,
			() => expect.unreachable()
		);
		expect(layout.splits).toBe(false);
		layout.split('h');
	});

	it('are closed, and the next, or the last, is focused if it was that one', () => {
		const { layout, kept } = page('h.a.v.b.c', 'b');
		layout.close();
		expect(kept).toEqual({ panes: 'h.a.c', view: 'c' });
		layout.close('a');
		expect(kept).toEqual({ panes: '', view: 'c' });
		layout.close();
		layout.close('nothing');
		expect(kept).toEqual({ panes: '', view: 'c' });
	});

	it('are left by all but one', () => {
		const { layout, kept } = page('h.a.v.b.c', 'b');
		layout.only('c');
		expect(kept).toEqual({ panes: '', view: 'c' });
	});

	it('show another view; of two panes each takes that of the other', () => {
		const { layout, kept } = page('h.a.b', 'b');
		layout.choose('c');
		expect(kept).toEqual({ panes: 'h.a.c', view: 'c' });
		layout.choose('c', 'a');
		expect(kept).toEqual({ panes: 'h.c.a', view: 'c' });
		layout.choose('d', 'a');
		expect(kept).toEqual({ panes: 'h.c.d', view: 'd' });
	});

	it('are gone to by the name of a view, and only else show it', () => {
		const { layout, kept } = page('h.a.b', 'b');
		layout.show('a');
		expect(kept).toEqual({ panes: 'h.a.b', view: '' });
		layout.show('c');
		expect(kept).toEqual({ panes: 'h.c.b', view: 'c' });
		layout.show('nothing');
		expect(kept.view).toBe('c');
	});

	it('are focused one after the other, round about', () => {
		const { layout } = page('h.a.v.b.c', 'b');
		expect([layout.focusNext(1), layout.focusNext(1), layout.focusNext(-1), layout.focusNext(-1)]).toEqual([
			'c',
			'a',
			'c',
			'b'
		]);
		expect(layout.focused).toBe('b');
	});

	it('are focused without a word to the link when that changes nothing', () => {
		const { layout, history } = page('h.a.b', 'b');
		layout.focus('b');
		layout.focus('c');
		expect(history).toEqual([]);
		layout.focus('a');
		expect(history).toEqual(['h.a.b?']);
	});

	it('are resized as long as they are the same', () => {
		const { layout, history } = page('h.a.b', 'b');
		layout.resize({ direction: 'h', share: 50.2, first: 'a', second: 'b' });
		layout.resize({ direction: 'h', share: 70, first: 'a', second: 'c' });
		expect(history).toEqual([]);
		layout.resize({ direction: 'h', share: 33.4, first: 'a', second: 'b' });
		expect(history).toEqual(['h33.a.b?b']);
		expect(layout.step).toBe('h.a.b');
	});

	it('are arranged anew, and what was focused stays so where it still is', () => {
		const { layout, kept } = page('h.a.b', 'b');
		layout.arrange('v.c.b');
		expect(kept).toEqual({ panes: 'v.c.b', view: 'b' });
		layout.arrange('v30.d.c');
		expect(kept).toEqual({ panes: 'v30.d.c', view: 'd' });
		layout.arrange('nothing');
		expect(kept).toEqual({ panes: 'v30.d.c', view: 'd' });
	});
});

describe('panes of the second lab', () => {
	const IDS = [...VIEWS, 'b-a', 'b-b'];
	function both(panes: string, view: string) {
		const kept = { panes, view };
		const layout = new PaneLayout(
			IDS,
			() => kept,
			(change) => Object.assign(kept, change)
		);
		return { kept, layout };
	}

	it('stand beside those of the first, also of the same view', () => {
		const { layout } = both('h.a.b-a', 'b-a');
		expect([layout.ids, layout.views, layout.focused, layout.beside]).toEqual([['a', 'b-a'], ['a'], 'b-a', true]);
		expect(both('h.a.b', '').layout.beside).toBe(false);
		expect(layout.kept).toEqual({ panes: 'h.a.b-a', view: 'b-a' });
	});

	it('are left out where the view stands once only', () => {
		expect(both('h.a.b-c', 'b-c').layout.kept).toEqual({ panes: '', view: '' });
	});

	it('show other views of their own lab, where these may stand there', () => {
		const { layout, kept } = both('h.a.b-a', 'b-a');
		layout.choose('b');
		expect(kept).toEqual({ panes: 'h.a.b-b', view: 'b-b' });
		layout.choose('c');
		expect(kept).toEqual({ panes: 'h.a.c', view: 'c' });
		layout.show('b-b');
		expect(kept).toEqual({ panes: 'h.a.b-b', view: 'b-b' });
		layout.show('b-c');
		expect(kept.view).toBe('b-b');
	});

	it('are split into another of the same lab', () => {
		const { layout, kept } = both('h.a.b-a', 'b-a');
		layout.split('v');
		expect(kept).toEqual({ panes: 'h.a.v.b-a.b-b', view: 'b-b' });
		expect(layout.splits).toBe(false);
		layout.focus('a');
		expect(layout.splits).toBe(true);
	});

	it('are doubled for the other lab once, and only where the view may stand there', () => {
		const { layout, kept } = both('h.b.c', 'b');
		expect([layout.doubles('c'), layout.turns('c'), layout.doubles('b')]).toEqual([false, false, true]);
		layout.double();
		expect(kept).toEqual({ panes: 'h.h.b.b-b.c', view: 'b-b' });
		expect(layout.doubles('b')).toBe(false);
		layout.double('b');
		layout.double('c');
		expect(kept.panes).toBe('h.h.b.b-b.c');
	});

	it('turn to the other lab in their place, or change places', () => {
		const { layout, kept } = both('h.a.c', 'a');
		layout.turn();
		expect(kept).toEqual({ panes: 'h.b-a.c', view: 'b-a' });
		layout.turn();
		layout.turn('c');
		expect(kept).toEqual({ panes: 'h.a.c', view: '' });
		layout.arrange('h.a.b-a');
		layout.turn('a');
		expect(kept).toEqual({ panes: 'h.b-a.a', view: 'b-a' });
	});
});
