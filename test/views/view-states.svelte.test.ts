import { flushSync, mount, tick, unmount } from 'svelte';
import { expect, it } from 'vitest';
import { URGENCY } from '#contracts/urgency.ts';
import type { ViewContext, ViewState } from '#state/lab/view-context.ts';
import { ViewStates } from '#state/lab/view-states.svelte.ts';
import { HeldEngine } from '../tools/held.ts';
import ViewStateHost from './ViewStateHost.svelte';

it('a room follows what it depends on as long as the page, and heeds whether its view is there', async () => {
	const depends = $state({ on: 0 });
	const visible: [on: number, visible: boolean][] = [];
	class Following implements ViewState {
		visible = $state(false);
		busy = false;
		readonly on = $derived(depends.on);
		watch(): void {
			$effect(() => void visible.push([this.on, this.visible]));
		}
		reset(): void {}
		restore(): Promise<void> {
			return Promise.resolve();
		}
	}
	const viewStates = new ViewStates({} as ViewContext);
	const settled = async () => {
		await tick();
		flushSync();
		return visible.splice(0);
	};
	const show = () => mount(ViewStateHost, { target: document.body, props: { viewStates, kind: Following } });

	const first = show();
	expect(await settled()).toEqual([[0, true]]);
	depends.on = 1;
	expect(await settled()).toEqual([[1, true]]);
	await unmount(first);
	expect(await settled()).toEqual([[1, false]]);
	// The component that asked for the room first is gone.
	depends.on = 2;
	expect(await settled()).toEqual([[2, false]]);
	const second = show();
	expect(await settled()).toEqual([[2, true]]);
	depends.on = 3;
	expect(await settled()).toEqual([[3, true]]);
	viewStates.end();
	depends.on = 4;
	expect(await settled()).toEqual([]);
	await unmount(second);
});

it('what it asks the engine for is as urgent as the view that shows it, and who waits is told when that changes', async () => {
	const pane = $state({ focused: 'left' });
	class Asking implements ViewState {
		visible = $state(false);
		busy = false;
		constructor(private readonly context: ViewContext) {}
		ask(): void {
			void this.context.compute.memory();
		}
		reset(): void {}
		restore(): Promise<void> {
			return Promise.resolve();
		}
	}
	const engine = new HeldEngine();
	let urged = 0;
	const viewStates = new ViewStates(
		{ compute: engine.remote() } as unknown as ViewContext,
		() => pane.focused,
		() => urged++
	);
	const urgency = async () => {
		await tick();
		flushSync();
		return [engine.calls[0]!.options.urgency!(), urged] as const;
	};
	viewStates.of(Asking).ask();
	expect(await urgency()).toEqual([URGENCY.unseen, 1]);
	const props = { viewStates, kind: Asking };
	const left = mount(ViewStateHost, { target: document.body, props: { ...props, view: 'left' } });
	expect(await urgency()).toEqual([URGENCY.focused, 2]);
	pane.focused = 'right';
	expect(await urgency()).toEqual([URGENCY.visible, 3]);
	// Seen in another view, too; then in that one only.
	const right = mount(ViewStateHost, { target: document.body, props: { ...props, view: 'right' } });
	expect(await urgency()).toEqual([URGENCY.focused, 4]);
	await unmount(right);
	expect(await urgency()).toEqual([URGENCY.visible, 5]);
	await unmount(left);
	expect(await urgency()).toEqual([URGENCY.unseen, 6]);
	viewStates.end();
});
